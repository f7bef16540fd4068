"""The page of a buyer who has no link: the number of the order and one fact about its buyer, for a mail with a link."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import ValidationError

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN
from app.api.problems import ProblemError
from app.api.schemas.common import Name
from app.buyer.lookups import NO_KEY
from app.buyer.pages.failures import errors_of_form
from app.buyer.pages.html import page
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import text
from app.buyer.pages.visit import page_language
from app.buyer.schemas.lookups import BuyerLookupRequest
from app.pages.failures import Errors
from app.pages.forms import Form, posted
from app.records.shop import Shop
from app.service import buyer_lookups
from app.service.public_pages import public_shop

router = APIRouter(prefix="/shops/{merchant_id}/orders", route_class=PageRoute, include_in_schema=False)

MerchantId = Annotated[Name, Path()]
_FIELDS = {"order_id": "order_id", "email": "proof", "phone_ending": "proof"}


@router.get("")
async def show_lookup(request: Request, merchant_id: MerchantId) -> Response:
    return _lookup_page(request, merchant_id, await shop_of_page(request, merchant_id), {})


@router.post("")
async def ask_for_link(request: Request, merchant_id: MerchantId) -> Response:
    """The page is the same whether there is such an order or not."""
    form = await posted(request)
    shop = await shop_of_page(request, merchant_id)
    if form.get("step") == "show":
        return _lookup_page(request, merchant_id, shop, form)
    written_in = page_language(request)
    asked, errors = _lookup(form, written_in)
    if asked is None:
        return _lookup_page(request, merchant_id, shop, form, errors=errors, status=422)
    state = app_state(request)
    if not state.public_url:
        raise ProblemError(503, "lookups_not_configured")
    new, now = asked.lookup(request.client.host if request.client else None), state.clock()
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY):
        await state.database.write(lambda tx: buyer_lookups.ask(tx, merchant_id, new, now))
    return page("lookup_sent.html", written_in, theme=shop.profile.theme, mode=shop.mode, name=shop.name_in(written_in))


async def shop_of_page(request: Request, merchant_id: str) -> Shop:
    """Raises NotFoundError for an unknown shop."""
    state = app_state(request)
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY), state.database.read() as tx:
        return await public_shop(tx, merchant_id)


def _lookup(form: Form, language: str) -> tuple[BuyerLookupRequest | None, Errors]:
    """The look-up of the form, or what is wrong in which field. Four digits are the end of a phone number."""
    order_id, proof = form.get("order_id", "").strip(), form.get("proof", "").strip()
    entered = {"order_id": order_id, "proof": proof}
    missing = {field: text("required", language) for field, value in entered.items() if not value}
    if missing:
        return None, missing
    kind = "phone_ending" if proof.isascii() and proof.isdigit() else "email"
    try:
        return BuyerLookupRequest.model_validate({"order_id": order_id, kind: proof}), {}
    except ValidationError as error:
        return None, errors_of_form(error, _FIELDS, language)


def _lookup_page(
    request: Request, merchant_id: str, shop: Shop, form: Form, *, errors: Errors | None = None, status: int = 200
) -> Response:
    written_in = page_language(request)
    return page(
        "lookup.html",
        written_in,
        status=status,
        theme=shop.profile.theme,
        mode=shop.mode,
        name=shop.name_in(written_in),
        merchant_id=merchant_id,
        order_id=form.get("order_id", ""),
        proof=form.get("proof", ""),
        errors=errors or {},
    )
