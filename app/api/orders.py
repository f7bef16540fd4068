"""The routes of orders. The storefront pushes orders, and every key with the scope can read them."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response

from app.api.context import IdempotencyKey, IfTag, ReadsOrders, WritesOrders
from app.api.examples import ok
from app.api.paging import Places, sorted_page
from app.api.problem_examples import responses
from app.api.schemas.common import Instant, Name
from app.api.schemas.orders import (
    ConfirmOrderRequest,
    OrderPage,
    PutOrderRequest,
    ReportPaymentRequest,
)
from app.api.schemas.search import SearchedList
from app.api.schemas.shipments import ReportDeliveryRequest, ReportShipmentRequest
from app.api.serializers import order_body, order_without_shipments
from app.json_text import dump
from app.records.order import StoredOrder
from app.service import orders, shipments
from app.service.idempotency import Answer
from app.service.order_tags import tag_of
from app.service.orders import OrderPush, OrderView
from app.service.resources.order import OrderBody

router = APIRouter(prefix="/v1/orders", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503))

_ORDER = ok("order")
_ORDERS = ok("orders")

OrderId = Annotated[Name, Path(description="Your own id of the order.")]


class OrderListing(SearchedList):
    """The filters of a list of orders."""

    buyer_id: Name | None = None


_PLACES = Places[StoredOrder](
    Instant,
    Name,
    created=lambda stored: (stored.created_at, stored.order.order_id),
    updated=lambda stored: (stored.updated_at, stored.order.order_id),
)


@router.put(
    "/{order_id}",
    summary="Create or replace an order",
    responses={
        201: {"model": OrderBody, "description": "New", **_ORDER[200]},
        **_ORDER,
        **responses(400, 409, 412, 415),
    },
    response_model=OrderBody,
)
async def put_order(order_id: OrderId, body: PutOrderRequest, ctx: WritesOrders, if_match: IfTag) -> Response:
    """Create an order, or replace its data. Data that a claim, a shipment or a refund depends on
    cannot be removed. What a consent proves stays on record. With `If-Match` a push fails if the order has changed
    since you read it."""
    push = OrderPush(
        order=body.order(order_id),
        buyer=body.buyer.buyer() if body.buyer else None,
        metadata=body.metadata,
        consents=[consent.shown() for consent in body.consents],
    )
    return await ctx.write(
        lambda tx: orders.put(tx, ctx.caller, push, ctx.now, if_match=if_match),
        lambda put: replace(order_answer(put[0]), status=201 if put[1] else 200),
    )


@router.get("/{order_id}", summary="Read an order", response_model=OrderBody, responses={**_ORDER, **responses(404)})
async def get_order(order_id: OrderId, ctx: ReadsOrders) -> Response:
    """Return the order with its ledger of units, its payments and its shipments."""
    view = await ctx.read(lambda tx: orders.read(tx, ctx.caller, order_id))
    answer = order_answer(view)
    return Response(answer.body, headers=answer.headers, media_type="application/json")


@router.get("", summary="List orders", response_model=OrderPage, responses={**_ORDERS, **responses(400)})
async def list_orders(ctx: ReadsOrders, listing: Annotated[OrderListing, Query()]) -> Response:
    """The newest order comes first, unless you send `sort` or `updated_since`."""
    where = listing.narrowed("buyer_id", "q")
    return await sorted_page(
        ctx,
        listing,
        _PLACES,
        lambda tx, query: orders.page(tx, ctx.caller, query, **where),
        body=order_without_shipments,
    )


@router.post(
    "/{order_id}/confirm",
    summary="Confirm an order",
    response_model=OrderBody,
    responses={**_ORDER, **responses(400, 404, 409, 415)},
)
async def confirm_order(
    order_id: OrderId,
    body: Annotated[ConfirmOrderRequest, Body(default_factory=ConfirmOrderRequest)],
    ctx: WritesOrders,
    key: IdempotencyKey,
) -> Response:
    """The seller has seen the order and will prepare it. The first confirmation counts."""
    at = body.confirmed_at or ctx.now

    return await ctx.once(key, lambda tx: orders.confirm(tx, ctx.caller, order_id, at, ctx.now), order_answer)


@router.post(
    "/{order_id}/shipments",
    summary="Report a shipment",
    response_model=OrderBody,
    responses={**_ORDER, **responses(400, 404, 409, 415)},
)
async def report_shipment(
    order_id: OrderId, body: ReportShipmentRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """A parcel was shipped. By the policy, open cancellations of its goods become returns or are rejected."""
    return await ctx.once(
        key,
        lambda tx: shipments.ship(tx, ctx.caller, order_id, body.shipment(), ctx.now, arrival=body.expected_arrival_on),
        order_answer,
    )


@router.post(
    "/{order_id}/deliveries",
    summary="Report a delivery",
    response_model=OrderBody,
    responses={**_ORDER, **responses(400, 404, 409, 415)},
)
async def report_delivery(
    order_id: OrderId, body: ReportDeliveryRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """A parcel was delivered. Return windows start with the delivery. You may report the delivery before
    the shipment."""
    return await ctx.once(
        key, lambda tx: shipments.deliver(tx, ctx.caller, order_id, body.shipment(), ctx.now), order_answer
    )


@router.post(
    "/{order_id}/payments",
    summary="Report a payment",
    response_model=OrderBody,
    responses={**_ORDER, **responses(400, 404, 409, 415)},
)
async def report_payment(
    order_id: OrderId, body: ReportPaymentRequest, ctx: WritesOrders, key: IdempotencyKey
) -> Response:
    """Money was captured. The sum of the refunds never exceeds the captured sum."""
    at = body.captured_at or ctx.now

    return await ctx.once(
        key, lambda tx: orders.pay(tx, ctx.caller, order_id, body.payment(), at, ctx.now), order_answer
    )


def order_answer(view: OrderView) -> Answer:
    return Answer(status=200, body=render(view), headers={"ETag": f'"{tag_of(view.order, view.metadata)}"'})


def render(view: OrderView) -> str:
    return dump(order_body(view))
