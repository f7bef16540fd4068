"""The routes of reversals: money that the bank or the payment provider took from a payment."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Response

from app.api.context import IdempotencyKey, ReadsOrders, WritesOrders
from app.api.examples import ok
from app.api.orders import OrderId, order_answer
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.reversals import ReportReversalRequest, ReversalBody, ReversalList, WinReversalRequest
from app.json_text import dump
from app.records.reversal import Reversal
from app.service import reversals
from app.service.resources.order import OrderBody

router = APIRouter(
    prefix="/v1/orders/{order_id}/payments/{payment_id}/reversals",
    tags=["orders"],
    responses=responses(401, 403, 413, 422, 429, 503),
)

PaymentId = Annotated[Name, Path(description="Your id of the payment.")]
ReversalId = Annotated[Name, Path(description="The provider's id of the reversal.")]

_ORDER: dict[int | str, dict[str, Any]] = {**ok("order"), **responses(400, 404, 409, 415)}


def reversal_body(reversal: Reversal) -> dict[str, Any]:
    return {name: getattr(reversal, name) for name in ReversalBody.model_fields}


@router.post("", summary="Report a reversal", response_model=OrderBody, responses=_ORDER)
async def report_reversal(
    order_id: OrderId, payment_id: PaymentId, body: ReportReversalRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """The bank or the provider took money of a payment: a chargeback, a dispute, or a refund at the provider's site. It
    counts as paid back. Refunds that the payment no longer covers are `voided`. Safe to repeat."""
    reversal = body.reversal(order_id, payment_id, ctx.now)
    return await ctx.once(key, lambda tx: reversals.report(tx, ctx.caller, reversal, ctx.now), order_answer)


@router.post("/{reversal_id}/win", summary="Report that a reversal was won", response_model=OrderBody, responses=_ORDER)
async def win_reversal(
    order_id: OrderId,
    payment_id: PaymentId,
    reversal_id: ReversalId,
    body: Annotated[WinReversalRequest, Body(default_factory=WinReversalRequest)],
    ctx: WritesOrders,
    key: IdempotencyKey,
) -> Response:
    """The money of the reversal came back to you. Claims that paid less because of it owe the rest now."""
    at = body.won_at or ctx.now
    return await ctx.once(
        key,
        lambda tx: reversals.win(tx, ctx.caller, order_id, payment_id, reversal_id, at, ctx.now),
        order_answer,
    )


@router.get(
    "",
    summary="List the reversals of a payment",
    response_model=ReversalList,
    responses={**ok("reversals"), **responses(404)},
)
async def list_reversals(order_id: OrderId, payment_id: PaymentId, ctx: ReadsOrders) -> Response:
    """The oldest reversal comes first."""
    found = await ctx.read(lambda tx: reversals.page(tx, ctx.caller, order_id, payment_id))
    return Response(dump({"data": [reversal_body(each) for each in found]}), media_type="application/json")
