"""What the buyer's endpoints receive: a caller who reaches one order, and the ways to run a use case."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response
from fastapi.security import HTTPBearer

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN, RequestContext
from app.api.language import LANGUAGES, language
from app.api.parameters import refuse_unclear_parameters
from app.api.problems import ProblemError
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.records.buyer_access import AccessKind, BuyerAccess, OpenAccess
from app.service import buyer_access
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.idempotency import Answer
from app.service.merchant_clocks import clock_of, time_of
from app.service.transactions import Database, Tx

T = TypeVar("T")

NAME = "buyer"
"""The name of the buyer in the history of a claim. The key beside it says which session or token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerContext(RequestContext):
    """One request with the token of a session, or with a token of the storefront."""

    access: BuyerAccess

    @property
    def order_id(self) -> str:
        return self.access.order_id

    @property
    def buyer(self) -> Actor:
        return self.actor(Role.BUYER, NAME)

    async def once(self, key: str, use_case: Callable[[Tx], Awaitable[T]], answer: Callable[[T], Answer]) -> Response:
        """The same as for a merchant. The keys of one order do not meet those of another order or of the merchant."""
        digest = hashlib.sha256(f"{self.order_id}\0{key}".encode()).hexdigest()
        return await RequestContext.once(self, f"buyer:{digest}", use_case, answer)


class BuyerBearer(HTTPBearer):
    """The security scheme, and the dependency that recognises the buyer. No cookie is read, so no other site can make
    a browser act for the buyer."""

    def __init__(self) -> None:
        super().__init__(
            auto_error=False,
            scheme_name="BuyerAccess",
            description="A session of a buyer, or a token of the storefront: `Bearer rbs_...` or `Bearer rbt_...`",
        )

    async def __call__(self, request: Request) -> BuyerContext:  # type: ignore[override] # a dependency may return any type
        credentials = await super().__call__(request)
        entered = await context_of(request, credentials.credentials if credentials else "")
        if entered is None:
            raise ProblemError(401, "invalid_buyer_session", headers={"WWW-Authenticate": "Bearer"})
        ctx, on_record = entered
        if "accept-language" not in request.headers and on_record in LANGUAGES:
            language.set(on_record)
        refuse_unclear_parameters(request)
        return ctx


Recognise = Callable[[Database, str, datetime], Awaitable[tuple[Caller, OpenAccess] | None]]


async def context_of(
    request: Request, token: str, *, recognise: Recognise = buyer_access.recognise
) -> tuple[BuyerContext, str | None] | None:
    """The context of the token of a session or of a storefront, and the language of the buyer on record. None for a
    token that is not in force."""
    state = app_state(request)
    answer_by = asyncio.get_running_loop().time() + ANSWERED_WITHIN
    async with asyncio.timeout_at(answer_by):
        merchant_id = buyer_access.merchant_of(token, AccessKind.SESSION, AccessKind.TOKEN)
        try:
            clock = await clock_of(state.database, merchant_id) if merchant_id else None
        except NotFoundError:
            return None
        now = time_of(clock, state.clock())
        recognised = await recognise(state.database, token, now)
    if recognised is None:
        return None
    caller, found = recognised
    request.scope["caller"] = caller  # for the line in the log
    ctx = BuyerContext(
        request=request,
        app_state=state,
        caller=caller,
        now=now,
        answer_by=answer_by,
        access=found.access,
        clock=clock,
    )
    return ctx, found.language


ActsAsBuyer = Annotated[BuyerContext, Depends(BuyerBearer())]
