"""The routes of changes of option before the shipping: a buyer's request and the seller's decision."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Response

from app.api.context import IdempotencyKey, ReadsOrders, WritesOrders
from app.api.examples import ok
from app.api.orders import OrderId
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.option_changes import (
    AcceptOptionChangeRequest,
    ConfirmOptionPaymentRequest,
    OptionChangeBody,
    OptionChangeList,
    OptionChangeRequest,
    RefuseOptionChangeRequest,
    RetractOptionChangeRequest,
)
from app.json_text import dump
from app.records.option_change import OptionChange
from app.service import option_changes
from app.service.idempotency import Answer

router = APIRouter(
    prefix="/v1/orders/{order_id}/option-changes", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503)
)

ChangeId = Annotated[Name, Path(description="The id of the change of option.")]
_CHANGE: dict[int | str, dict[str, Any]] = {**ok("option_change"), **responses(400, 404, 409, 415)}
_DECISION: dict[str, Any] = {"response_model": OptionChangeBody, "responses": _CHANGE}


def option_change_body(change: OptionChange) -> dict[str, Any]:
    return {name: getattr(change, name) for name in OptionChangeBody.model_fields}


@router.post(
    "",
    status_code=201,
    summary="Request an option change",
    response_model=OptionChangeBody,
    responses={201: _CHANGE[200], **responses(400, 404, 409, 415)},
)
async def request_option_change(
    order_id: OrderId, body: OptionChangeRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """The buyer requests another option, such as another size, for units that were not shipped. Only one request for a
    line at a time can wait for an answer."""

    return await ctx.once(
        key,
        lambda tx: option_changes.request(tx, ctx.caller, order_id, body.wanted(), ctx.now),
        lambda change: Answer(status=201, body=dump(option_change_body(change))),
    )


@router.get(
    "",
    summary="List option changes",
    response_model=OptionChangeList,
    responses={**ok("option_changes"), **responses(404)},
)
async def list_option_changes(order_id: OrderId, ctx: ReadsOrders) -> Response:
    """The newest change comes first. At most 100 changes."""
    changes = await ctx.read(lambda tx: option_changes.of_order(tx, ctx.caller, order_id))
    return Response(dump({"data": [option_change_body(change) for change in changes]}), media_type="application/json")


@router.get(
    "/{change_id}",
    summary="Read an option change",
    response_model=OptionChangeBody,
    responses={**ok("option_change"), **responses(404)},
)
async def get_option_change(order_id: OrderId, change_id: ChangeId, ctx: ReadsOrders) -> Response:
    """The request, and what became of the request."""
    change = await ctx.read(lambda tx: option_changes.read_one(tx, ctx.caller, order_id, change_id))
    return Response(dump(option_change_body(change)), media_type="application/json")


@router.post("/{change_id}/accept", summary="Accept an option change", **_DECISION)
async def accept_option_change(
    order_id: OrderId,
    change_id: ChangeId,
    body: Annotated[AcceptOptionChangeRequest, Body(default_factory=AcceptOptionChangeRequest)],
    ctx: WritesOrders,
    key: IdempotencyKey,
) -> Response:
    """The units get the wanted option, and a line of their own. A dearer option waits for the payment of the
    difference, unless you waive the difference."""
    if body.waive:
        return await ctx.once(
            key, lambda tx: option_changes.waive(tx, ctx.caller, order_id, change_id, ctx.now), _decided
        )
    price = body.unit_price

    return await ctx.once(
        key,
        lambda tx: option_changes.accept(tx, ctx.caller, order_id, change_id, ctx.now, unit_price=price),
        _decided,
    )


@router.post("/{change_id}/confirm-payment", summary="Confirm the payment of an option change", **_DECISION)
async def confirm_option_payment(
    order_id: OrderId, change_id: ChangeId, body: ConfirmOptionPaymentRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """The buyer has paid the difference. The units get the wanted option."""

    return await ctx.once(
        key,
        lambda tx: option_changes.confirm_payment(tx, ctx.caller, order_id, change_id, body.payment(), ctx.now),
        _decided,
    )


@router.post("/{change_id}/refuse", summary="Refuse an option change", **_DECISION)
async def refuse_option_change(
    order_id: OrderId, change_id: ChangeId, body: RefuseOptionChangeRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """The units keep their option. The buyer gets the reason in a message."""

    return await ctx.once(
        key,
        lambda tx: option_changes.refuse(tx, ctx.caller, order_id, change_id, body.reason, ctx.now),
        _decided,
    )


@router.post("/{change_id}/retract", summary="Retract an option change", **_DECISION)
async def retract_option_change(
    order_id: OrderId,
    change_id: ChangeId,
    body: Annotated[RetractOptionChangeRequest, Body(default_factory=RetractOptionChangeRequest)],  # noqa: ARG001 - refuses unknown fields
    ctx: WritesOrders,
    key: IdempotencyKey,
) -> Response:
    """The buyer takes the request back. The units keep their option."""

    return await ctx.once(
        key, lambda tx: option_changes.retract(tx, ctx.caller, order_id, change_id, ctx.now), _decided
    )


def _decided(change: OptionChange) -> Answer:
    return Answer(status=200, body=dump(option_change_body(change)))
