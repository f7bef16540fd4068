"""The routes of breakers of refunds: how much a shop may decide in an hour and a day before somebody looks."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from app.api.context import IdempotencyKey, ReadsStaff, WritesStaff
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.common import Currency
from app.api.schemas.endpoints import EmptyRequest
from app.api.schemas.refund_breakers import PutRefundBreakerRequest, RefundBreakerList
from app.json_text import dump
from app.service import breaker_settings
from app.service.breaker_settings import BreakerView
from app.service.idempotency import Answer
from app.service.resources.refund_breaker import RefundBreakerBody, refund_breaker_body

router = APIRouter(prefix="/v1/refund-breakers", tags=["staff"], responses=responses(401, 403, 413, 422, 429, 503))

BreakerCurrency = Annotated[Currency, Path(description="The currency of the orders, such as KRW.")]


@router.get(
    "", summary="List the breakers of refunds", response_model=RefundBreakerList, responses=ok("refund_breakers")
)
async def list_refund_breakers(ctx: ReadsStaff) -> Response:
    """Return the limits, whether a breaker is open, and the claims that wait for it. A shop has no breaker until it
    sets one."""
    views = await ctx.read(lambda tx: breaker_settings.list_breakers(tx, ctx.caller, ctx.now))
    return Response(dump({"data": [_body(view) for view in views]}), media_type="application/json")


@router.put(
    "/{currency}",
    summary="Set a breaker of refunds",
    response_model=RefundBreakerBody,
    responses={**ok("refund_breaker"), **responses(400, 409, 415)},
)
async def put_refund_breaker(currency: BreakerCurrency, body: PutRefundBreakerRequest, ctx: WritesStaff) -> Response:
    """Limit how many decisions pay back in an hour and in 24 hours, and their sum. It holds for people, keys, agents
    and what the service decides by itself. The first decision above a limit opens the breaker: nothing more is paid
    back until the time has passed or somebody resets the breaker. The owners get a mail, and the event
    `refund_breaker.opened` is published. Whoever has a limit of authority sets no breaker."""
    return await ctx.write(
        lambda tx: breaker_settings.put_breaker(
            tx, ctx.caller, ctx.audit_actor, currency, body.limits(), ctx.now, ctx.system_now
        ),
        _answer,
    )


@router.post(
    "/{currency}/reset",
    summary="Reset a breaker of refunds",
    response_model=RefundBreakerBody,
    responses={**ok("reset_refund_breaker"), **responses(400, 404, 409, 415)},
)
async def reset_refund_breaker(
    currency: BreakerCurrency,
    ctx: WritesStaff,
    key: IdempotencyKey,
    body: Annotated[EmptyRequest, Body(default_factory=EmptyRequest)],  # noqa: ARG001 # refuses unknown fields
) -> Response:
    """Close the breaker and begin its sums again. Claims that wait are decided at once. The audit trail has who did
    it. Whoever has a limit of authority resets no breaker."""
    return await ctx.once(
        key,
        lambda tx: breaker_settings.reset_breaker(tx, ctx.caller, ctx.audit_actor, currency, ctx.now, ctx.system_now),
        _answer,
    )


def _answer(view: BreakerView) -> Answer:
    return Answer(status=200, body=dump(_body(view)))


def _body(view: BreakerView) -> dict[str, object]:
    return refund_breaker_body(view.breaker, view.opening, view.waiting)
