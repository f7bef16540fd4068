"""What every endpoint receives: the caller, the present instant, and three ways to run a use case."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response, Security
from fastapi.security import HTTPBearer, SecurityScopes
from pydantic import BaseModel

from app.api.problems import ProblemError
from app.clock import Clock
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.service.callers import Caller, Callers, Scope
from app.service.idempotency import Answer, fingerprint, once
from app.service.transactions import Database, Tx

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState:
    """The objects that the composition root built. `app.state.app_state` holds them."""

    database: Database
    callers: Callers
    clock: Clock
    page_size_max: int
    migration_head: str
    known_revisions: frozenset[str]
    webhook_allow_private: bool


def app_state(request: Request) -> AppState:
    state: AppState = request.app.state.app_state
    return state


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One authenticated request. A write is one transaction, committed before the answer is sent.

    `answer` makes the HTTP answer from the result of the use case, within the transaction.
    """

    request: Request
    app_state: AppState
    caller: Caller
    now: datetime

    def actor(self, role: Role, name: str | None) -> Actor:
        return Actor(role=role, name=name) if name else self.caller.acting_as(role)

    async def read(self, use_case: Callable[[Tx], Awaitable[T]]) -> T:
        async with self.app_state.database.read() as tx:
            return await use_case(tx)

    async def write(self, use_case: Callable[[Tx], Awaitable[T]], answer: Callable[[T], Answer]) -> Response:
        async def work(tx: Tx) -> Answer:
            return answer(await use_case(tx))

        return respond(await self.app_state.database.write(work))

    async def once(self, key: str, use_case: Callable[[Tx], Awaitable[T]], answer: Callable[[T], Answer]) -> Response:
        """Run the use case once for this Idempotency-Key. A repeated request gets the first answer again."""

        async def work(tx: Tx) -> Answer:
            return answer(await use_case(tx))

        scope = self.request.scope
        print_ = fingerprint(
            scope["method"].encode(), scope["path"].encode(), scope["query_string"], await self.request.body()
        )
        stored_answer = await once(
            self.app_state.database,
            merchant_id=self.caller.merchant_id,
            key=key,
            fingerprint=print_,
            now=self.now,
            work=work,
        )
        return respond(stored_answer)


def respond(answer: Answer) -> Response:
    headers = {**answer.headers, "Idempotent-Replayed": "true"} if answer.replayed else answer.headers
    return Response(answer.body, answer.status, headers, "application/json")


class ApiKey(HTTPBearer):
    """The security scheme, and the dependency that recognises the caller and checks the scopes."""

    def __init__(self) -> None:
        super().__init__(auto_error=False, scheme_name="ApiKey", description="An API key: `Bearer rk_...`")

    async def __call__(self, request: Request, required: SecurityScopes) -> RequestContext:  # type: ignore[override] # a dependency may return any type
        state = app_state(request)
        credentials = await super().__call__(request)
        caller = await state.callers.recognise(credentials.credentials) if credentials else None
        if caller is None:
            raise ProblemError(401, "invalid_api_key", headers={"WWW-Authenticate": "Bearer"})
        for scope in required.scopes:
            require(caller, Scope(scope))
        _refuse_unknown_parameters(request)
        return RequestContext(request, state, caller, state.clock())


_api_key = ApiKey()


def require(caller: Caller, scope: Scope) -> None:
    if not caller.may(scope):
        raise ProblemError(403, "missing_scope", scope=scope)


def _refuse_unknown_parameters(request: Request) -> None:
    """Otherwise a misspelt parameter would be ignored. Pydantic checks the parameters of a model. Monitoring adds
    parameters outside of /v1."""
    if not request.scope["query_string"] or not request.scope["path"].startswith("/v1/"):
        return
    annotations = {field.alias: field.field_info.annotation for field in request.scope["route"].dependant.query_params}
    if any(isinstance(each, type) and issubclass(each, BaseModel) for each in annotations.values()):
        return
    unknown = [name for name in request.query_params if name not in annotations]
    if unknown:
        errors = [
            {"field": f"query.{name}", "rule": "extra_forbidden", "message": "There is no such parameter", "params": {}}
            for name in unknown[:50]
        ]
        raise ProblemError(422, "invalid_request", parameter=unknown[0], errors=errors)


ReadsOrders = Annotated[RequestContext, Security(_api_key, scopes=[Scope.ORDERS_READ])]
WritesOrders = Annotated[RequestContext, Security(_api_key, scopes=[Scope.ORDERS_WRITE])]
ReadsClaims = Annotated[RequestContext, Security(_api_key, scopes=[Scope.CLAIMS_READ])]
WritesClaims = Annotated[RequestContext, Security(_api_key, scopes=[Scope.CLAIMS_WRITE])]
DecidesClaims = Annotated[RequestContext, Security(_api_key, scopes=[Scope.CLAIMS_DECIDE])]
ReadsRefunds = Annotated[RequestContext, Security(_api_key, scopes=[Scope.REFUNDS_READ])]
WritesRefunds = Annotated[RequestContext, Security(_api_key, scopes=[Scope.REFUNDS_WRITE])]
ReadsPolicies = Annotated[RequestContext, Security(_api_key, scopes=[Scope.POLICIES_READ])]
WritesPolicies = Annotated[RequestContext, Security(_api_key, scopes=[Scope.POLICIES_WRITE])]
ReadsMessages = Annotated[RequestContext, Security(_api_key, scopes=[Scope.MESSAGES_READ])]
WritesMessages = Annotated[RequestContext, Security(_api_key, scopes=[Scope.MESSAGES_WRITE])]
ReadsWebhooks = Annotated[RequestContext, Security(_api_key, scopes=[Scope.WEBHOOKS_READ])]
WritesWebhooks = Annotated[RequestContext, Security(_api_key, scopes=[Scope.WEBHOOKS_WRITE])]
ReadsEvents = Annotated[RequestContext, Security(_api_key, scopes=[Scope.EVENTS_READ])]
ReadsMetrics = Annotated[RequestContext, Security(_api_key, scopes=[Scope.METRICS_READ])]

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
