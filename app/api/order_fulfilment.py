"""The routes of orders on their way: ship and arrival dates, delays, addresses and delivery days."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Path, Response

from app.api.context import IdempotencyKey, ReadsOrders, WritesOrders
from app.api.examples import ok
from app.api.orders import OrderId, order_answer
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.order_fulfilment import (
    AcceptAddressChangeRequest,
    AddressChangeBody,
    AddressChangeList,
    AddressChangeRequest,
    ChooseDeliveryDatesRequest,
    DelayOrderRequest,
    RefuseAddressChangeRequest,
    ReportReadyToShipRequest,
    SetExpectedArrivalDateRequest,
    SetExpectedShipDateRequest,
)
from app.json_text import dump
from app.records.address_change import AddressChange
from app.service import order_fulfilment
from app.service.idempotency import Answer
from app.service.resources.order import OrderBody

router = APIRouter(prefix="/v1/orders/{order_id}", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503))

ChangeId = Annotated[Name, Path(description="The id of the change of address.")]


def change_body(change: AddressChange) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in AddressChange.__slots__}
    return {**values, "address": orjson.Fragment(change.address) if change.address is not None else None}


_ORDER: dict[int | str, dict[str, Any]] = {**ok("order"), **responses(400, 404, 409, 415)}
_CHANGE: dict[int | str, dict[str, Any]] = {
    **ok("address_change"),
    **responses(400, 404, 409, 415),
}
_CHANGES = {**ok("address_changes"), **responses(404)}


@router.post("/expected-ship-date", summary="Set the expected ship date", response_model=OrderBody, responses=_ORDER)
async def set_expected_ship_date(
    order_id: OrderId, body: SetExpectedShipDateRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """Set or change the expected ship date. A later day is a delay: the buyer gets the reason. After this date the
    policy may approve cancellations automatically."""

    return await ctx.once(
        key,
        lambda tx: order_fulfilment.expect(
            tx,
            ctx.caller,
            order_id,
            body.expected_ship_on,
            ctx.now,
            arrival=body.expected_arrival_on,
            reason=body.delay_reason,
        ),
        order_answer,
    )


@router.post(
    "/expected-arrival-date", summary="Set the expected arrival date", response_model=OrderBody, responses=_ORDER
)
async def set_expected_arrival_date(
    order_id: OrderId, body: SetExpectedArrivalDateRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """Set or change the day on which you expect the whole order to be with the buyer, also after the shipping. The
    buyer gets a message with the day."""

    return await ctx.once(
        key,
        lambda tx: order_fulfilment.expect_arrival(tx, ctx.caller, order_id, body.expected_arrival_on, ctx.now),
        order_answer,
    )


@router.post("/delay", summary="Delay an order", response_model=OrderBody, responses=_ORDER)
async def delay_order(order_id: OrderId, body: DelayOrderRequest, ctx: WritesOrders, key: IdempotencyKey) -> Response:
    """Report that the order ships later. The buyer gets a message with the reason and the new date."""

    return await ctx.once(
        key,
        lambda tx: order_fulfilment.delay(tx, ctx.caller, order_id, body.delay(), ctx.now),
        order_answer,
    )


@router.post(
    "/ready-to-ship", summary="Report that an order is ready to ship", response_model=OrderBody, responses=_ORDER
)
async def report_ready_to_ship(
    order_id: OrderId,
    body: Annotated[ReportReadyToShipRequest, Body(default_factory=ReportReadyToShipRequest)],
    ctx: WritesOrders,
    key: IdempotencyKey,
) -> Response:
    """The parcel waits for its carrier. The first report counts."""
    ready_at = body.ready_at or ctx.now

    return await ctx.once(
        key,
        lambda tx: order_fulfilment.ready(tx, ctx.caller, order_id, ready_at, ctx.now),
        order_answer,
    )


@router.post("/delivery-dates", summary="Choose delivery dates", response_model=OrderBody, responses=_ORDER)
async def choose_delivery_dates(
    order_id: OrderId, body: ChooseDeliveryDatesRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """Set the days on which the buyer wants lines to arrive. The lines must be unshipped."""

    return await ctx.once(
        key,
        lambda tx: order_fulfilment.deliver_on(tx, ctx.caller, order_id, body.days(), ctx.now),
        order_answer,
    )


@router.post(
    "/address-changes",
    status_code=201,
    summary="Request an address change",
    response_model=AddressChangeBody,
    responses={201: _CHANGE[200], **responses(400, 404, 409, 415)},
)
async def request_address_change(
    order_id: OrderId, body: AddressChangeRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """The buyer requests another delivery address. Only one request at a time can wait for an answer."""
    address = dump(body.address.model_dump())

    return await ctx.once(
        key,
        lambda tx: order_fulfilment.change_address(tx, ctx.caller, order_id, address, ctx.now),
        lambda change: Answer(status=201, body=dump(change_body(change))),
    )


@router.get("/address-changes", summary="List address changes", response_model=AddressChangeList, responses=_CHANGES)
async def list_address_changes(order_id: OrderId, ctx: ReadsOrders) -> Response:
    """The newest change comes first. At most 100 changes."""
    changes = await ctx.read(lambda tx: order_fulfilment.addresses(tx, ctx.caller, order_id))
    return Response(dump({"data": [change_body(change) for change in changes]}), media_type="application/json")


@router.post(
    "/address-changes/{change_id}/accept",
    summary="Accept an address change",
    response_model=AddressChangeBody,
    responses=_CHANGE,
)
async def accept_address_change(
    order_id: OrderId,
    change_id: ChangeId,
    body: Annotated[AcceptAddressChangeRequest, Body(default_factory=AcceptAddressChangeRequest)],  # noqa: ARG001 - refuses unknown fields
    ctx: WritesOrders,
    key: IdempotencyKey,
) -> Response:
    """The goods go to the new address. This is possible only before any unit is shipped."""

    return await ctx.once(
        key, lambda tx: order_fulfilment.accept_address(tx, ctx.caller, order_id, change_id, ctx.now), _decided
    )


@router.post(
    "/address-changes/{change_id}/refuse",
    summary="Refuse an address change",
    response_model=AddressChangeBody,
    responses=_CHANGE,
)
async def refuse_address_change(
    order_id: OrderId, change_id: ChangeId, body: RefuseAddressChangeRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """The goods go to the old address. The buyer gets the reason in a message. The new address is deleted."""

    return await ctx.once(
        key,
        lambda tx: order_fulfilment.refuse_address(tx, ctx.caller, order_id, change_id, body.reason, ctx.now),
        _decided,
    )


def _decided(change: AddressChange) -> Answer:
    return Answer(status=200, body=dump(change_body(change)))
