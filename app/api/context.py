"""What every endpoint receives: the caller, the present instant, and three ways to run a use case."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Query, Request, Response, Security
from fastapi.security import HTTPBearer, SecurityScopes

from app.api.app_state import AppState, app_state
from app.api.authentication import authenticated
from app.api.parameters import refuse_unclear_parameters
from app.api.problems import ProblemError
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.records.api_key import Scope
from app.records.audit_entry import AuditActor
from app.records.merchant_clock import MerchantClock
from app.service import merchant_clocks
from app.service.approvals import ask
from app.service.authority import AboveAuthorityError
from app.service.callers import Caller
from app.service.idempotency import Answer, fingerprint, once
from app.service.refund_breakers import RefundBreakerOpenError, open_breaker
from app.service.transactions import Tx

T = TypeVar("T")


ANSWERED_WITHIN = 9.0
"""Seconds for the database's part of a request. Then the answer is 503, so that no client waits for longer than ten."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One authenticated request. A write is one transaction, committed before the answer is sent.

    `answer` makes the HTTP answer from the result of the use case, within the transaction.
    """

    request: Request
    app_state: AppState
    caller: Caller
    now: datetime
    answer_by: float
    """A time of the event loop."""
    is_quiet: bool = False
    """The events of the request make no messages."""
    content: bytes | None = None
    """Stands for a body that is not in memory."""
    clock: MerchantClock | None = None
    """Of a test merchant: a write keeps the clock from moving. `now` is the merchant's time."""

    @property
    def system_now(self) -> datetime:
        """What goes by the system clock in every mode: webhooks, files and the keeping of answers."""
        return self.now if self.clock is None else self.app_state.clock()

    def actor(self, role: Role, name: str | None) -> Actor:
        return self.caller.acting_as(role, name)

    @property
    def host(self) -> str | None:
        """The network address of the caller."""
        return self.request.client.host if self.request.client else None

    @property
    def audit_actor(self) -> AuditActor:
        """The caller in the audit trail."""
        return self.caller.on_record(self.host)

    async def read(self, use_case: Callable[[Tx], Awaitable[T]]) -> T:
        async with self.turn(), self.app_state.database.read() as tx:
            return await use_case(tx)

    async def write(self, use_case: Callable[[Tx], Awaitable[T]], answer: Callable[[T], Answer]) -> Response:
        async with self.turn():
            return respond(await self.app_state.database.write(self._work(use_case, answer)))

    async def once(self, key: str, use_case: Callable[[Tx], Awaitable[T]], answer: Callable[[T], Answer]) -> Response:
        """Run the use case once for this Idempotency-Key. A repeated request gets the first answer again."""

        scope = self.request.scope
        content = await self.request.body() if self.content is None else self.content
        print_ = fingerprint(scope["method"].encode(), scope["path"].encode(), scope["query_string"], content)
        async with self.turn():
            try:
                stored_answer = await once(
                    self.app_state.database,
                    merchant_id=self.caller.merchant_id,
                    key=key,
                    fingerprint=print_,
                    now=self.system_now,
                    work=self._work(use_case, answer),
                )
            except AboveAuthorityError as above:
                raise await ask(
                    self.app_state.database, self.caller, above, self.audit_actor, self.system_now
                ) from above
            except RefundBreakerOpenError as stopped:
                raise await open_breaker(self.app_state.database, stopped, self.now) from stopped
        return respond(stored_answer)

    def _work(
        self, use_case: Callable[[Tx], Awaitable[T]], answer: Callable[[T], Answer]
    ) -> Callable[[Tx], Awaitable[Answer]]:
        async def work(tx: Tx) -> Answer:
            tx.is_quiet = self.is_quiet
            tx.authority = self.caller.authority
            if self.clock is not None:
                await merchant_clocks.hold(tx, self.clock, self.system_now)
            return answer(await use_case(tx))

        return work

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises TimeoutError when the request should have been answered."""
        async with asyncio.timeout_at(self.answer_by), self.app_state.turns.of(self.caller.merchant_id):
            yield


def respond(answer: Answer) -> Response:
    headers = {**answer.headers, "Idempotent-Replayed": "true"} if answer.replayed else answer.headers
    return Response(answer.body, answer.status, headers, "application/json")


class ApiKey(HTTPBearer):
    """The security scheme, and the dependency that recognises the caller and checks the scopes."""

    def __init__(self) -> None:
        super().__init__(
            auto_error=False,
            scheme_name="ApiKey",
            description="An API key, `Bearer rk_...`, or a session of staff, `Bearer rs_...`.",
        )

    async def __call__(self, request: Request, required: SecurityScopes) -> RequestContext:  # type: ignore[override] # a dependency may return any type
        state = app_state(request)
        answer_by = asyncio.get_running_loop().time() + ANSWERED_WITHIN
        credentials = await super().__call__(request)
        async with asyncio.timeout_at(answer_by):
            caller = await authenticated(request, credentials.credentials if credentials else "")
        for scope in required.scopes:
            require(caller, Scope(scope))
        refuse_unclear_parameters(request)
        now = merchant_clocks.time_of(caller.clock, state.clock())
        return RequestContext(request, state, caller, now, answer_by, clock=caller.clock)


Quietly = Annotated[
    bool | None,
    Query(
        description="`true`: the events of this request make no messages. Webhooks and the feed have the events. A"
        " request about a claim needs the scope `claims:decide` for it."
    ),
]


class QuietApiKey(ApiKey):
    """The same for a request whose events make messages, with the parameter that turns the messages off."""

    async def __call__(self, request: Request, required: SecurityScopes, quiet: Quietly = None) -> RequestContext:  # type: ignore[override] # a dependency may take more
        ctx = await super().__call__(request, required)
        if quiet and Scope.CLAIMS_WRITE in required.scopes:
            require(ctx.caller, Scope.CLAIMS_DECIDE)
        return replace(ctx, is_quiet=quiet) if quiet else ctx


_api_key = ApiKey()
_quiet_api_key = QuietApiKey()


def require(caller: Caller, scope: Scope) -> None:
    if not caller.may(scope):
        raise ProblemError(403, "missing_scope", scope=scope)


ReadsOrders = Annotated[RequestContext, Security(_api_key, scopes=[Scope.ORDERS_READ])]
WritesOrders = Annotated[RequestContext, Security(_quiet_api_key, scopes=[Scope.ORDERS_WRITE])]
ImportsOrders = Annotated[RequestContext, Security(_api_key, scopes=[Scope.ORDERS_WRITE])]
ReadsClaims = Annotated[RequestContext, Security(_api_key, scopes=[Scope.CLAIMS_READ])]
WritesClaims = Annotated[RequestContext, Security(_quiet_api_key, scopes=[Scope.CLAIMS_WRITE])]
DecidesClaims = Annotated[RequestContext, Security(_quiet_api_key, scopes=[Scope.CLAIMS_DECIDE])]
ReadsRefunds = Annotated[RequestContext, Security(_api_key, scopes=[Scope.REFUNDS_READ])]
WritesRefunds = Annotated[RequestContext, Security(_quiet_api_key, scopes=[Scope.REFUNDS_WRITE])]
ReadsPolicies = Annotated[RequestContext, Security(_api_key, scopes=[Scope.POLICIES_READ])]
WritesPolicies = Annotated[RequestContext, Security(_api_key, scopes=[Scope.POLICIES_WRITE])]
ReadsMessages = Annotated[RequestContext, Security(_api_key, scopes=[Scope.MESSAGES_READ])]
WritesMessages = Annotated[RequestContext, Security(_api_key, scopes=[Scope.MESSAGES_WRITE])]
ReadsWebhooks = Annotated[RequestContext, Security(_api_key, scopes=[Scope.WEBHOOKS_READ])]
WritesWebhooks = Annotated[RequestContext, Security(_api_key, scopes=[Scope.WEBHOOKS_WRITE])]
ReadsEvents = Annotated[RequestContext, Security(_api_key, scopes=[Scope.EVENTS_READ])]
LetsBuyersIn = Annotated[RequestContext, Security(_api_key, scopes=[Scope.BUYER_LINKS_WRITE])]
ReadsTests = Annotated[RequestContext, Security(_api_key, scopes=[Scope.TEST_READ])]
WritesTests = Annotated[RequestContext, Security(_api_key, scopes=[Scope.TEST_WRITE])]
ReadsApiKeys = Annotated[RequestContext, Security(_api_key, scopes=[Scope.API_KEYS_READ])]
WritesApiKeys = Annotated[RequestContext, Security(_api_key, scopes=[Scope.API_KEYS_WRITE])]
ReadsReports = Annotated[RequestContext, Security(_api_key, scopes=[Scope.REPORTS_READ])]
WritesPrivacy = Annotated[RequestContext, Security(_api_key, scopes=[Scope.PRIVACY_WRITE])]
ReadsAudit = Annotated[RequestContext, Security(_api_key, scopes=[Scope.AUDIT_READ])]
ReadsStaff = Annotated[RequestContext, Security(_api_key, scopes=[Scope.STAFF_READ])]
WritesStaff = Annotated[RequestContext, Security(_api_key, scopes=[Scope.STAFF_WRITE])]
ReadsMetrics = Annotated[RequestContext, Security(_api_key, scopes=[Scope.METRICS_READ])]

BUYER_REPORTS_WITHIN = timedelta(days=1)
"""How far back a key without `claims:decide` may date a request or a report: a storefront that was offline sends it
later."""

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key with the same request returns the first answer again.",
    ),
]


async def _version(  # without `async` FastAPI would call it in another thread
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description='The ETag of the version that you read, such as `"3"`.', max_length=40),
    ] = None,
) -> int | None:
    if if_match is None or if_match == "*":
        return None
    version = if_match.removeprefix("W/").strip('"')
    if not version.isdecimal() or len(version) > 9:
        raise ProblemError(400, "malformed_if_match")
    return int(version)


IfVersion = Annotated[int | None, Depends(_version)]


async def _tag(
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="The ETag of the order that you read.", max_length=40),
    ] = None,
) -> str | None:
    if if_match is None or if_match == "*":
        return if_match
    tag = _ORDER_TAG.fullmatch(if_match)
    if tag is None:
        raise ProblemError(400, "malformed_if_match")
    return tag["opaque"]


_ORDER_TAG = re.compile(r'(?:W/)?(?P<quote>"?)(?P<opaque>[0-9A-Za-z]+)(?P=quote)')

IfTag = Annotated[str | None, Depends(_tag)]
