"""The routes of the recipients of messages: the shop, and the buyer of an order."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.context import ReadsMessages, WritesMessages
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.buyers import BuyerBody
from app.api.schemas.common import Name
from app.api.schemas.shops import PutShopRequest
from app.json_text import dump
from app.service import buyers, shops
from app.service.idempotency import Answer
from app.service.resources.shop import ShopBody, shop_body

router = APIRouter(prefix="/v1", tags=["messages"], responses=responses(401, 403, 413, 422, 429, 503))

OrderId = Annotated[Name, Path(description="Your own id of the order.")]


@router.get("/shop", summary="Read the shop profile", response_model=ShopBody, responses=ok("shop"))
async def get_shop(ctx: ReadsMessages) -> Response:
    """Return your shop's name, the address that receives your messages, and what buyers may read about the shop."""
    shop = await ctx.read(lambda tx: shops.read(tx, ctx.caller))
    return Response(dump(shop_body(shop, ctx.caller.merchant_id)), media_type="application/json")


@router.put(
    "/shop",
    summary="Set the shop profile",
    response_model=ShopBody,
    responses={**ok("shop"), **responses(400, 409, 415)},
)
async def put_shop(body: PutShopRequest, ctx: WritesMessages) -> Response:
    """Set your shop's name, the address that receives your messages, and your language. Messages tell buyers how to
    reach the shop, where to send goods and how to pay, if the profile has it. The body replaces the whole profile."""
    return await ctx.write(
        lambda tx: shops.put(tx, ctx.caller, body.shop(), ctx.now),
        lambda shop: Answer(status=200, body=dump(shop_body(shop, ctx.caller.merchant_id))),
    )


@router.get(
    "/orders/{order_id}/buyer",
    summary="Read the buyer of an order",
    response_model=BuyerBody,
    responses={**ok("buyer"), **responses(404)},
)
async def get_order_buyer(order_id: OrderId, ctx: ReadsMessages) -> Response:
    """Return the buyer that was pushed with the order, and whether the mail server refused the address."""
    buyer = await ctx.read(lambda tx: buyers.read(tx, ctx.caller, order_id))
    return Response(dump(buyer), media_type="application/json")
