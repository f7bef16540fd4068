"""The routes that show the buyer the order, its shop, and what the buyer may still request."""

from fastapi import APIRouter, Response

from app.api.examples import ok
from app.api.language import language, language_headers
from app.api.options import LineIds, Reasons, options_body
from app.api.problem_examples import responses, responses_to_buyers
from app.api.schemas.options import OrderOptionsBody
from app.api.serializers import order_body
from app.buyer.context import ActsAsBuyer
from app.buyer.schemas.shop import BuyerShopBody, shop_for_buyer
from app.buyer.shapes import body_for_buyer, for_buyer
from app.json_text import dump
from app.service import orders
from app.service.options import read_options
from app.service.resources.order import OrderBody
from app.service.shops import shop_of_order

router = APIRouter(
    prefix="/buyer/v1", tags=["buyer"], responses={**responses_to_buyers(401, 403, 429), **responses(413, 422, 503)}
)


@router.get("/order", summary="Read your order", response_model=for_buyer(OrderBody), responses=ok("order_for_buyer"))
async def get_order_for_buyer(ctx: ActsAsBuyer) -> Response:
    """Return the order with its lines, payments and parcels."""
    view = await ctx.read(lambda tx: orders.read(tx, ctx.caller, ctx.order_id))
    return Response(dump(body_for_buyer(OrderBody, order_body(view))), media_type="application/json")


@router.get("/shop", summary="Read the shop of your order", response_model=BuyerShopBody, responses=ok("buyer_shop"))
async def get_shop_for_buyer(ctx: ActsAsBuyer) -> Response:
    """Return how to reach the shop, where goods go back to, and how to pay what is owed, in the buyer's language."""
    shop, order = await ctx.read(lambda tx: shop_of_order(tx, ctx.caller, ctx.order_id))
    body = shop_for_buyer(shop, order, language.get())
    return Response(dump(body), headers=language_headers(language.get()), media_type="application/json")


@router.get(
    "/options",
    summary="Read the options of your order",
    response_model=for_buyer(OrderOptionsBody),
    responses={**ok("options_for_buyer"), **responses(404)},
)
async def get_options_for_buyer(
    ctx: ActsAsBuyer,
    line_id: LineIds = [],  # noqa: B006 # FastAPI copies the default
    reason: Reasons = [],  # noqa: B006
) -> Response:
    """For each line and kind of claim: whether you may request it now, until when, what comes back and what it costs,
    or every reason against it. The same code as for a claim runs. Nothing is stored."""
    found = await ctx.read(
        lambda tx: read_options(tx, ctx.caller, ctx.order_id, ctx.buyer, ctx.now, line_ids=line_id, reasons=reason)
    )
    body = body_for_buyer(OrderOptionsBody, options_body(found))
    return Response(dump(body), headers=language_headers(language.get()), media_type="application/json")
