"""The page of a claim: its state, what comes next, and everything that the buyer can do about it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError

from app.api.claim_files import linked
from app.api.schemas.refund_accounts import PutRefundAccountRequest
from app.buyer.answers import claim_for_buyer
from app.buyer.claim_parts import MOST_REFUNDS
from app.buyer.claims import ClaimId, OfferId
from app.buyer.pages.claim_parcels import shown_parcels
from app.buyer.pages.failures import errors_of_form, sentence_of
from app.buyer.pages.file_limits import limits_of_files
from app.buyer.pages.html import page, render
from app.buyer.pages.order import beside, writer_for
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import text
from app.buyer.pages.visit import OnPage, PostedForm, Visit
from app.buyer.schemas.claims import AnswerQuestionForBuyerRequest, DispatchGoodsForBuyerRequest
from app.buyer.schemas.surveys import buyer_survey_body
from app.buyer.shapes import body_for_buyer
from app.engine.model.commands import AcceptOffer, Command, DeclineOffer, Retract
from app.json_text import dump
from app.messages.carriers import carrier_names
from app.pages.failures import Errors
from app.pages.forms import Form
from app.records.claim_file import ClaimFile
from app.records.contact import Contact
from app.records.sorting import PageQuery, Sort
from app.service import claims, contacts, files, refund_accounts, refunds, return_parcels, surveys
from app.service.claims import ClaimView
from app.service.errors import NotFoundError, ServiceError
from app.service.idempotency import Answer
from app.service.resources.contact import ContactBody, contact_body
from app.service.resources.refund import RefundBody, refund_body
from app.service.resources.refund_account import refund_account_body
from app.service.return_locations import with_place_of
from app.service.return_parcels import ParcelView
from app.service.surveys import SurveyView
from app.service.transactions import Tx
from app.service.visits import Surroundings, surroundings

router = APIRouter(prefix="/order/claims/{claim_id}", route_class=PageRoute, include_in_schema=False)

DONE_SHOWN = 60
"""How many seconds after a form the page says that the form has worked. A page that is loaded again later does not."""
UNKNOWN_CARRIER = "other"
_WAY = (
    *("requested_at", "approved_at", "dispatched_at", "received_at", "inspected_at", "repair_completed_at"),
    "closed_at",
)
_ACCOUNT = {"bank": "bank", "number": "account_number", "holder": "holder"}
_PARCEL = {"carrier": "carrier", "number": "number"}
_BEFORE_DECISION = ("requested",)
_BEFORE_CHECK = (*_BEFORE_DECISION, "approved", "collecting", "received")
_ON_THE_WAY = ("pending", "processing", "failed", "unknown")
"""The states of a refund that can still change."""
_EMPTY = dict.fromkeys(("text", "carrier", "number", "score", "reason_understood", "alternative_found", "words"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimScene:
    """All that the page of a claim shows."""

    around: Surroundings
    view: ClaimView
    contacts: list[Contact]
    refunds: list[dict[str, Any]]
    account: Mapping[str, Any] | None
    files: list[ClaimFile]
    survey: SurveyView
    parcels: list[ParcelView]


@router.get("")
async def show_claim(seen: OnPage, claim_id: ClaimId, done: float = 0) -> Response:
    return await claim_page(seen, claim_id, is_done=0 <= seen.now.timestamp() - done < DONE_SHOWN)


@router.post("/retract")
async def retract(seen: OnPage, claim_id: ClaimId, form: PostedForm) -> Response:
    return await _act(seen, claim_id, form, Retract(by=seen.buyer))


@router.post("/offers/{offer_id}")
async def answer_offer(seen: OnPage, claim_id: ClaimId, offer_id: OfferId, form: PostedForm) -> Response:
    command = AcceptOffer if form.get("step") == "accept" else DeclineOffer
    return await _act(seen, claim_id, form, command(by=seen.buyer, offer_id=offer_id))


@router.post("/dispatch")
async def report_dispatch(seen: OnPage, claim_id: ClaimId, form: PostedForm) -> Response:
    """Without a number the parcel is not known yet."""
    number = form.get("number", "").strip()
    parcel = {"carrier": form.get("carrier") or UNKNOWN_CARRIER, "number": number}
    asked, errors = checked_form(seen, DispatchGoodsForBuyerRequest, {"tracking": parcel if number else None}, _PARCEL)
    if asked is None:
        return await claim_page(seen, claim_id, form=form, errors=errors, status=422)
    return await _act(seen, claim_id, form, asked.command(seen.buyer))


@router.post("/answers")
async def answer_question(seen: OnPage, claim_id: ClaimId, form: PostedForm) -> Response:
    words = form.get("text", "").strip()
    if not words:
        missing = {"text": text("answer_required", seen.language)}
        return await claim_page(seen, claim_id, form=form, errors=missing, status=422)
    asked, errors = checked_form(seen, AnswerQuestionForBuyerRequest, {"text": words}, {"text": "text"})
    if asked is None:
        return await claim_page(seen, claim_id, form=form, errors=errors, status=422)
    new = asked.new(seen.buyer)
    return await show_after(seen, claim_id, form, lambda tx: contacts.add(tx, seen.caller, claim_id, new, seen.now))


@router.post("/account")
async def set_account(seen: OnPage, claim_id: ClaimId, form: PostedForm) -> Response:
    body = {name: form.get(field, "").strip() for name, field in _ACCOUNT.items()}
    asked, errors = checked_form(seen, PutRefundAccountRequest, body, _ACCOUNT)
    if asked is None:
        return await claim_page(seen, claim_id, form=form, errors=errors, status=422)
    account, encryption = asked.account(), seen.app_state.encryption
    return await show_after(
        seen,
        claim_id,
        form,
        lambda tx: refund_accounts.put(tx, seen.caller, claim_id, account, seen.now, encryption=encryption),
    )


def claim_address(claim_id: str, seen: Visit) -> str:
    """The page of a claim that has just been changed."""
    return f"/order/claims/{claim_id}?done={int(seen.now.timestamp())}"


def version_in(form: Form) -> int | None:
    """The version of the claim that the page of the form has shown. None without one."""
    version = form.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None


async def _act(seen: Visit, claim_id: str, form: Form, command: Command) -> Response:
    """Give the command to the claim as the page showed it."""
    seen_version = version_in(form)
    return await show_after(
        seen,
        claim_id,
        form,
        lambda tx: claims.act(tx, seen.caller, claim_id, command, seen.now, if_version=seen_version),
    )


async def show_after(seen: Visit, claim_id: str, form: Form, use_case: Callable[[Tx], Awaitable[object]]) -> Response:
    """Run the use case once for the key of the form, and show the claim. A failure is a sentence on the page."""
    try:
        await seen.once(form.get("key") or str(uuid4()), use_case, lambda _: Answer(status=200, body=dump({})))
    except NotFoundError:
        raise
    except ServiceError as error:
        errors = {"": await sentence_of(seen, error)}
        return await claim_page(seen, claim_id, form=form, errors=errors, status=409)
    return RedirectResponse(claim_address(claim_id, seen), 303)


async def claim_page(
    seen: Visit,
    claim_id: str,
    *,
    form: Form | None = None,
    errors: Errors | None = None,
    status: int = 200,
    is_done: bool = False,
) -> Response:
    values = await claim_values(seen, claim_id)
    return page(
        "claim.html",
        seen.language,
        status=status,
        **values,
        **limits_of_files(seen, values["files"]),
        state=state_of(seen, values),
        is_changed=False,
        key=str(uuid4()),
        carriers=carrier_names(seen.language).items(),
        given={**_EMPTY, **(form or {})},
        errors=errors or {},
        is_done=is_done,
    )


async def claim_values(seen: Visit, claim_id: str) -> dict[str, Any]:
    """The claim as its page shows it."""
    scene = await seen.read(lambda tx: _scene(tx, seen, claim_id))
    claim, order = claim_for_buyer(scene.view), scene.around.order
    return {
        **beside(seen, scene.around),
        "w": writer_for(seen, scene.around.zone, order.currency),
        "claim": claim,
        "titles": {line.line_id: line.title or line.sku or line.line_id for line in order.lines},
        "allowed": {action["command"] for action in claim["actions"] if action["allowed"]},
        "way": [(step, claim[step]) for step in _WAY if claim[step]],
        "contacts": [body_for_buyer(ContactBody, contact_body(contact)) for contact in scene.contacts],
        "refunds": scene.refunds,
        "account": scene.account,
        "files": [(file, linked(seen, file)[0]) for file in scene.files],
        "survey": buyer_survey_body(scene.survey),
        **shown_parcels(scene.parcels, seen.language),
        "is_projected": _is_projected(claim),
        "is_due": scene.view.claim.still_owed > 0,
        "is_followed": not claim["closed_at"] or any(each["status"] in _ON_THE_WAY for each in scene.refunds),
    }


def state_of(seen: Visit, values: Mapping[str, Any]) -> str:
    """Names what the page shows of a claim. The name changes with it."""
    shown = render("claim_parts.html", seen.language, values)
    beside_them = [values["claim"]["version"], len(values["contacts"])]
    return sha256(dump([shown, beside_them]).encode()).hexdigest()[:32]


def _is_projected(claim: Mapping[str, Any]) -> bool:
    """True while the amounts can still change: until the decision, and for goods that come back until the check."""
    is_checked_later = claim["kind"] in ("return", "exchange", "repair")
    return claim["state"] in (_BEFORE_CHECK if is_checked_later else _BEFORE_DECISION)


async def _scene(tx: Tx, seen: Visit, claim_id: str) -> ClaimScene:
    """Raises NotFoundError for a claim of another order."""
    view = await claims.read(tx, seen.caller, claim_id, seen.now)
    around = await surroundings(tx, seen.caller, seen.order_id, seen.now)
    shop = await with_place_of(tx, seen.caller.merchant_id, around.shop, view.claim, around.order)
    return ClaimScene(
        around=replace(around, shop=shop),
        view=view,
        contacts=await contacts.conversation(tx, seen.caller, claim_id),
        refunds=await _refunds(tx, seen, claim_id),
        account=await _account(tx, seen, claim_id),
        files=await files.of_buyer(tx, seen.caller, claim_id),
        survey=await surveys.view_of(tx, seen.caller, view.claim, around, seen.now),
        parcels=await return_parcels.of_claim(tx, seen.caller, claim_id),
    )


async def _refunds(tx: Tx, seen: Visit, claim_id: str) -> list[dict[str, Any]]:
    query = PageQuery(sort=Sort.LAST_CREATED, limit=MOST_REFUNDS)
    found = await refunds.page(tx, seen.caller, query, order_id=seen.order_id)
    return [
        body_for_buyer(RefundBody, refund_body(stored, seen.now))
        for stored in found.rows
        if stored.refund.claim_id == claim_id
    ]


async def _account(tx: Tx, seen: Visit, claim_id: str) -> Mapping[str, Any] | None:
    try:
        return refund_account_body(await refund_accounts.read(tx, seen.caller, claim_id))
    except NotFoundError:  # the claim needs none
        return None


def checked_form(
    seen: Visit, model: type[BaseModel], body: Mapping[str, Any], fields: Mapping[str, str]
) -> tuple[Any, Errors]:
    try:
        return model.model_validate(body), {}
    except ValidationError as error:
        return None, errors_of_form(error, fields, seen.language)
