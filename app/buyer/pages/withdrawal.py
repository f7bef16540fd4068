"""The page on which a buyer without an account withdraws from a contract, in the two steps of CRD 11a.

No page and no answer depends on an order: the worker looks for the order later.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Request, Response
from pydantic import ValidationError

from app.api.app_state import AppState, app_state
from app.api.context import ANSWERED_WITHIN
from app.api.problems import ProblemError
from app.api.schemas.withdrawals import ReceiveWithdrawalRequest
from app.api.withdrawal_receipts import receipt_answer
from app.buyer.lookups import NO_KEY
from app.buyer.pages.failures import errors_of_form
from app.buyer.pages.html import page
from app.buyer.pages.lookup import MerchantId, shop_of_page
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import page_words, text
from app.buyer.pages.visit import page_language
from app.messages.days import written_instant_with_zone
from app.pages.failures import Errors
from app.pages.forms import Form, posted
from app.pdf.typesetting import PdfUnavailableError
from app.records.shop import Shop
from app.records.withdrawal import Channel
from app.service.errors import NotFoundError, TooManyError
from app.service.merchant_clocks import clock_of, time_of
from app.service.withdrawal_page import Receipt, declare
from app.service.withdrawal_receipts import receipt_of

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/withdraw/{merchant_id}", route_class=PageRoute, include_in_schema=False)

_OBLIGATORY = ("name", "order_number", "email")
ReceiptToken = Annotated[str, Path(max_length=200)]
FIELDS = (*_OBLIGATORY, "goods", "text")


@router.get("")
async def show_withdrawal(request: Request, merchant_id: MerchantId) -> Response:
    shop = await shop_of_page(request, merchant_id)
    return _page("withdrawal.html", request, merchant_id, shop, entered=dict.fromkeys(FIELDS, ""))


@router.get("/receipts/{token}")
async def get_receipt(request: Request, merchant_id: MerchantId, token: ReceiptToken) -> Response:
    """The PDF that the link of the last step leads to."""
    state = app_state(request)
    now = time_of(await clock_of(state.database, merchant_id), state.clock())
    link = state.receipts.links.read(token, now)
    if link is None or link.merchant_id != merchant_id:
        raise ProblemError(404, "invalid_receipt_link")
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY):
        return await receipt_answer(state, link.merchant_id, link.file_id, now)


@router.post("")
async def withdraw_from_contract(request: Request, merchant_id: MerchantId) -> Response:
    """The first step shows what was entered, and the second step records it. A form without the key of the first step
    is shown again."""
    form = await posted(request)
    shop = await shop_of_page(request, merchant_id)
    entered = {field: form.get(field, "") for field in FIELDS}
    if form.get("step") == "change":
        return _page("withdrawal.html", request, merchant_id, shop, entered=entered)
    body, errors = _declaration(entered, page_language(request))
    if body is None:
        return _page("withdrawal.html", request, merchant_id, shop, entered=entered, errors=errors, status=422)
    checked = {field: getattr(body, field) or "" for field in FIELDS}
    if form.get("step") != "confirm" or not _is_key(form.get("key", "")):
        return _page("withdrawal_check.html", request, merchant_id, shop, entered=checked, key=str(uuid4()))
    return await _recorded(request, merchant_id, shop, form, body)


async def _recorded(
    request: Request, merchant_id: str, shop: Shop, form: Form, body: ReceiveWithdrawalRequest
) -> Response:
    state, written_in = app_state(request), page_language(request)
    new = replace(body.declaration(), channel=Channel.PAGE, language=written_in)
    host = request.client.host if request.client else None
    entered = {field: getattr(body, field) or "" for field in FIELDS}
    try:
        async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY):
            clock = await clock_of(state.database, merchant_id)
            receipt = await declare(state.database, merchant_id, form["key"], new, host, state.clock(), clock=clock)
    except TooManyError as error:
        headers = {"Retry-After": str(error.retry_after)}
        around: dict[str, Any] = {"entered": entered, "key": form["key"], "status": 429, "headers": headers}
        return _page("withdrawal_later.html", request, merchant_id, shop, **around)
    shown: dict[str, Any] = {
        "receipt": receipt,
        "received_at": written_instant_with_zone(receipt.received_at, written_in),
        "receipt_address": await _receipt_address(state, merchant_id, receipt),
    }
    return _page("withdrawal_done.html", request, merchant_id, shop, entered=entered, **shown)


async def _receipt_address(state: AppState, merchant_id: str, receipt: Receipt) -> str | None:
    """None if no PDF could be made in time: then the mail is the acknowledgement. The withdrawal is recorded before."""
    try:
        async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY):
            now = time_of(await clock_of(state.database, merchant_id), state.clock())
            await receipt_of(state.database, state.receipts.typesetting, merchant_id, receipt.withdrawal_id, now)
    except (NotFoundError, PdfUnavailableError, TimeoutError) as error:
        logger.warning("withdrawal %s has no link to a receipt: %r", receipt.withdrawal_id, error)
        return None
    token, _ = state.receipts.links.sign(merchant_id, receipt.withdrawal_id, receipt.received_at)
    return f"/withdraw/{merchant_id}/receipts/{token}"


def _declaration(entered: Form, language: str) -> tuple[ReceiveWithdrawalRequest | None, Errors]:
    """The declaration of the form, or what is wrong in which field."""
    values = {field: value.strip() for field, value in entered.items()}
    missing = {field: text("required", language) for field in _OBLIGATORY if not values[field]}
    try:
        body = ReceiveWithdrawalRequest.model_validate({field: value or None for field, value in values.items()})
    except ValidationError as error:
        wrong = errors_of_form(error, {field: field for field in FIELDS}, language)
        of_email = {"email": page_words(language)["withdrawal"]["wrong_email"]} if "email" in wrong else {}
        errors = {**wrong, **of_email, **missing}
        return None, {field: errors[field] for field in FIELDS if field in errors}
    return body, {}


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _page(
    template: str,
    request: Request,
    merchant_id: str,
    shop: Shop,
    *,
    entered: Form,
    errors: Errors | None = None,
    **values: Any,
) -> Response:
    """A page with what was entered. `values` go to `page`."""
    written_in = page_language(request)
    return page(
        template,
        written_in,
        theme=shop.profile.theme,
        mode=shop.mode,
        name=shop.name_in(written_in),
        phone=shop.profile.phone,
        address=shop.address,
        action=f"/withdraw/{merchant_id}",
        words=page_words(written_in)["withdrawal"],
        entered=entered,
        errors=errors or {},
        summary_of_errors=_with_labels(errors or {}, written_in),
        **values,
    )


def _with_labels(errors: Errors, language: str) -> Errors:
    """The same sentence about two fields says which field it is about."""
    words = page_words(language)["withdrawal"]
    labels = {**words, "order_number_title": text("order_number", language)}
    return {field: f"{labels[f'{field}_title']} – {sentence}" for field, sentence in errors.items()}
