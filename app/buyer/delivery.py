"""The routes on which a buyer asks for another address or day before the goods are shipped."""

from fastapi import APIRouter, Response

from app.api.context import IdempotencyKey
from app.api.examples import ok
from app.api.order_fulfilment import change_body
from app.api.problem_examples import responses, responses_to_buyers
from app.api.schemas.order_fulfilment import (
    AddressChangeBody,
    AddressChangeList,
    AddressChangeRequest,
    ChooseDeliveryDatesRequest,
)
from app.api.serializers import order_body
from app.buyer.answers import listed
from app.buyer.context import ActsAsBuyer
from app.buyer.shapes import body_for_buyer, for_buyer
from app.json_text import dump
from app.service import order_fulfilment
from app.service.idempotency import Answer
from app.service.resources.order import OrderBody

router = APIRouter(
    prefix="/buyer/v1", tags=["buyer"], responses={**responses_to_buyers(401, 403, 429), **responses(413, 422, 503)}
)


@router.post(
    "/address-changes",
    status_code=201,
    summary="Request another address",
    response_model=AddressChangeBody,
    responses={**ok("address_change", 201), **responses(400, 409, 415)},
)
async def request_address_change_for_buyer(
    body: AddressChangeRequest, ctx: ActsAsBuyer, key: IdempotencyKey
) -> Response:  # fmt: skip
    """Ask for another delivery address. The seller accepts or refuses it. Only one request at a time can wait."""
    address = dump(body.address.model_dump())
    return await ctx.once(
        key,
        lambda tx: order_fulfilment.change_address(tx, ctx.caller, ctx.order_id, address, ctx.now),
        lambda change: Answer(status=201, body=dump(change_body(change))),
    )


@router.get(
    "/address-changes",
    summary="List your address changes",
    response_model=AddressChangeList,
    responses=ok("address_changes"),
)
async def list_address_changes_for_buyer(ctx: ActsAsBuyer) -> Response:
    """The newest change comes first. At most 100 changes."""
    changes = await ctx.read(lambda tx: order_fulfilment.addresses(tx, ctx.caller, ctx.order_id))
    return listed(change_body(change) for change in changes)


@router.post(
    "/delivery-dates",
    summary="Choose your delivery dates",
    response_model=for_buyer(OrderBody),
    responses={**ok("order_for_buyer"), **responses(400, 404, 409, 415)},
)
async def choose_delivery_dates_for_buyer(
    body: ChooseDeliveryDatesRequest, ctx: ActsAsBuyer, key: IdempotencyKey
) -> Response:  # fmt: skip
    """Set the days on which you want lines to arrive. The lines must be unshipped."""
    return await ctx.once(
        key,
        lambda tx: order_fulfilment.deliver_on(tx, ctx.caller, ctx.order_id, body.days(), ctx.now),
        lambda view: Answer(status=200, body=dump(body_for_buyer(OrderBody, order_body(view)))),
    )
