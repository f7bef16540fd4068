"""The route that gives one command to many orders: each order is a transaction with a result of its own."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import APIRouter, Response

from app.api.bulk_parts import Result, body_of_one, counted, key_of, take_key
from app.api.context import IdempotencyKey, RequestContext, WritesOrders
from app.api.examples import ok
from app.api.language import language, language_headers
from app.api.problem_examples import responses
from app.api.problems import problem_of
from app.api.schemas.bulk import BulkOutcome
from app.api.schemas.order_bulk import BODIES, OrderBulkResultsBody, UpdateOrdersRequest
from app.api.schemas.order_fulfilment import (
    DelayOrderRequest,
    ReportReadyToShipRequest,
    SetExpectedArrivalDateRequest,
    SetExpectedShipDateRequest,
)
from app.api.schemas.orders import ConfirmOrderRequest
from app.json_text import dump
from app.service import order_fulfilment, orders
from app.service.errors import NotFoundError, ServiceError
from app.service.idempotency import Answer
from app.service.orders import OrderView
from app.service.transactions import Tx

router = APIRouter(prefix="/v1/orders", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503))

UseCase = Callable[[Tx, str], Awaitable[OrderView]]


class _RehearsedError(Exception):
    """Rolls a dry run back, and brings what the order would be."""

    def __init__(self, view: OrderView) -> None:
        super().__init__(view.order.order_id)
        self.view = view


@router.post(
    "/bulk",
    summary="Update many orders",
    response_model=OrderBulkResultsBody,
    responses={**ok("order_bulk_results"), **responses(400, 409, 415)},
)
async def update_orders(body: UpdateOrdersRequest, ctx: WritesOrders, key: IdempotencyKey) -> Response:
    """Give one command to up to 200 orders. Each order takes the command alone: an order that refuses the command does
    not stop the others. A repeated request with the same Idempotency-Key continues: what was accepted is answered again
    and not done again, and what was refused is tried again. With `dry_run` nothing is changed."""
    answer = await command_each(ctx, body, key)
    return Response(dump(answer), headers=language_headers(language.get()), media_type="application/json")


async def command_each(ctx: RequestContext, body: UpdateOrdersRequest, key: str) -> dict[str, Any]:
    """The result of each order, and how many of each outcome there are."""
    use_case = _use_case(ctx, body)
    if not body.dry_run:
        await take_key(ctx, key)
    results = [await _result(ctx, key, order_id, use_case, body) for order_id in body.order_ids]
    return counted(results, dry_run=body.dry_run)


def _use_case(ctx: RequestContext, body: UpdateOrdersRequest) -> UseCase:
    """What is done with each order. Raises RequestValidationError for a body that the command does not take."""
    caller, now = ctx.caller, ctx.now
    match body_of_one(BODIES[body.command], body.body):
        case SetExpectedShipDateRequest() as date:
            day, arrival_on, reason = date.expected_ship_on, date.expected_arrival_on, date.delay_reason
            return lambda tx, id_: order_fulfilment.expect(tx, caller, id_, day, now, arrival=arrival_on, reason=reason)
        case SetExpectedArrivalDateRequest() as arrival:
            return lambda tx, id_: order_fulfilment.expect_arrival(tx, caller, id_, arrival.expected_arrival_on, now)
        case DelayOrderRequest() as delay:
            return lambda tx, id_: order_fulfilment.delay(tx, caller, id_, delay.delay(), now)
        case ReportReadyToShipRequest() as ready:
            return lambda tx, id_: order_fulfilment.ready(tx, caller, id_, ready.ready_at or now, now)
        case ConfirmOrderRequest() as seen:
            return lambda tx, id_: orders.confirm(tx, caller, id_, seen.confirmed_at or now, now)
        case other:
            raise LookupError(type(other))


async def _result(
    ctx: RequestContext, key: str, order_id: str, use_case: UseCase, body: UpdateOrdersRequest
) -> Result:  # fmt: skip
    try:
        if body.dry_run:
            return accepted(await _rehearsed(ctx, order_id, use_case))
        kept = await ctx.once(
            key_of(key, order_id),
            lambda tx: use_case(tx, order_id),
            lambda view: Answer(status=200, body=dump(accepted(view))),
        )
    except ServiceError as error:
        return _refused(order_id, error)
    result: Result = orjson.loads(kept.body)
    return result


async def _rehearsed(ctx: RequestContext, order_id: str, use_case: UseCase) -> OrderView:
    """The order as the command would leave it. The transaction is rolled back."""

    def roll_back(view: OrderView) -> Answer:
        raise _RehearsedError(view)

    try:
        await ctx.write(lambda tx: use_case(tx, order_id), roll_back)
    except _RehearsedError as rehearsed:
        return rehearsed.view
    raise LookupError("a rehearsal is always rolled back")


_OF_ORDER = ("confirmed_at", "ready_to_ship_at", "expected_ship_on", "expected_arrival_on")


def accepted(view: OrderView) -> Result:
    order = view.order
    return {
        "order_id": order.order_id,
        "outcome": BulkOutcome.ACCEPTED,
        **{name: getattr(order, name) for name in _OF_ORDER},
        "cancelling": sum(line.units.open_cancel for line in order.lines),
        "code": None,
        "detail": None,
    }


def _refused(order_id: str, error: ServiceError) -> Result:
    problem = problem_of(error)
    return {
        "order_id": order_id,
        "outcome": BulkOutcome.NOT_FOUND if isinstance(error, NotFoundError) else BulkOutcome.REFUSED,
        **dict.fromkeys((*_OF_ORDER, "cancelling")),
        "code": problem["code"],
        "detail": problem["detail"],
    }
