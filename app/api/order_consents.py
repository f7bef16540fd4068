"""The route of the consents of an order. A push of the order adds them."""

from fastapi import APIRouter, Response

from app.api.context import ReadsOrders
from app.api.examples import ok
from app.api.orders import OrderId
from app.api.problem_examples import responses
from app.api.schemas.consents import OrderConsentList
from app.json_text import dump
from app.service import order_consents
from app.service.resources.order_consent import order_consent

router = APIRouter(prefix="/v1/orders/{order_id}", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503))


@router.get(
    "/consents",
    summary="List the consents of an order",
    response_model=OrderConsentList,
    responses={**ok("order_consents"), **responses(404)},
)
async def list_order_consents(order_id: OrderId, ctx: ReadsOrders) -> Response:
    """What the buyer was shown and agreed to at the checkout, as you pushed it. Nobody can change or delete it."""
    consents = await ctx.read(lambda tx: order_consents.of_order(tx, ctx.caller, order_id))
    data = [order_consent(consent).model_dump() for consent in consents]
    return Response(dump({"data": data}), media_type="application/json")
