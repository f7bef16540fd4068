"""The page of a request: choose goods and a reason, see the quote, and confirm. An edit has the same form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.schemas.claims import QuoteBody
from app.api.serializers import quote_body
from app.buyer.pages.claim import claim_address
from app.buyer.pages.failures import Errors, errors_of_form, sentence_of
from app.buyer.pages.html import page
from app.buyer.pages.order import beside, writer_for
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import page_words, text
from app.buyer.pages.visit import Form, OnPage, PostedForm, Visit
from app.buyer.schemas.claims import OpenClaimForBuyerRequest
from app.buyer.shapes import body_for_buyer
from app.engine.model.order import OrderLine
from app.engine.model.vocabulary import Kind, Reason
from app.engine.options import REASONS, free_units
from app.json_text import dump, load
from app.service import claims
from app.service.errors import ServiceError
from app.service.idempotency import Answer
from app.service.ids import new_id
from app.service.visits import Surroundings, surroundings

router = APIRouter(prefix="/order", route_class=PageRoute, include_in_schema=False)

UNITS = "units:"
"""The field of the units of a line begins with this, and its id follows."""
_SENT_BACK = (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR)
FIELDS = {"reason": "reason", "note": "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a form asks: for which kind of claim, where the form goes, and its words. `lines` are those of the order.
    `version` is the version of the claim that is edited."""

    kind: Kind
    lines: Sequence[OrderLine]
    reasons: Sequence[Reason]
    action: str
    heading: str
    button: str
    back_to: str
    back: str
    hint: str = ""
    version: str = ""


@router.get("/request")
async def show_request(seen: OnPage, kind: Kind, line: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form with all free units of this line."""
    return await _form_page(seen, kind, {"key": str(uuid4())}, chosen=line)


@router.post("/request")
async def check_or_confirm_request(seen: OnPage, form: PostedForm, kind: Kind) -> Response:
    """Show the quote of the request. With `step=confirm` open the claim, once for the key of the form, and with
    `step=show` only show the form again."""
    if form.get("step") == "show":
        return await _form_page(seen, kind, form)
    asked, errors = _request(kind, form, seen.language)
    if asked is None:
        return await _form_page(seen, kind, form, errors=errors, status=422)
    command = asked.command(new_id(seen.now), seen.buyer, seen.now)
    try:
        if form.get("step") == "confirm":
            opened = await seen.once(
                form.get("key") or str(uuid4()),
                lambda tx: claims.request(tx, seen.caller, seen.order_id, command, seen.now),
                lambda view: Answer(status=201, body=dump({"claim_id": view.claim.claim_id})),
            )
            return RedirectResponse(claim_address(load(bytes(opened.body).decode())["claim_id"], seen), 303)
        quote = await seen.read(lambda tx: claims.quote(tx, seen.caller, seen.order_id, command, seen.now))
    except ServiceError as error:
        return await _form_page(seen, kind, form, errors={"": await sentence_of(seen, error)}, status=409)
    return await _form_page(seen, kind, form, quote=body_for_buyer(QuoteBody, quote_body(quote)))


async def _form_page(
    seen: Visit,
    kind: Kind,
    form: Form,
    *,
    chosen: str = "",
    errors: Errors | None = None,
    quote: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    around = await seen.read(lambda tx: surroundings(tx, seen.caller, seen.order_id, seen.now))
    words, lines = page_words(seen.language), around.order.lines
    question = Question(
        kind=kind,
        lines=lines,
        reasons=REASONS[kind],
        action=f"/order/request?kind={kind.value}",
        heading=words["title"][kind],
        button=text("confirm", seen.language, kind=words["kind"][kind]),
        back_to="/order",
        back=text("back", seen.language),
    )
    units = {UNITS + line.line_id: str(free_units(kind, line)) for line in lines if line.line_id == chosen}
    return question_page(seen, around, question, {**units, **form}, errors=errors, quote=quote, status=status)


def question_page(
    seen: Visit,
    around: Surroundings,
    question: Question,
    form: Form,
    *,
    errors: Errors | None = None,
    quote: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """The form with what the buyer has entered."""
    kind, lines = question.kind, question.lines
    return page(
        "request.html",
        seen.language,
        status=status,
        **beside(seen, around),
        w=writer_for(seen, around.zone, around.order.currency),
        question=question,
        kind=kind.value,
        key=form.get("key") or str(uuid4()),
        lines=_lines(kind, lines, form),
        reasons=[reason.value for reason in question.reasons],
        reason=form.get("reason", ""),
        note=form.get("note", ""),
        errors=_by_place(errors or {}, lines),
        goods_come_back=_come_back(kind, lines, form),
        quote=quote,
    )


def _lines(kind: Kind, lines: Sequence[OrderLine], form: Form) -> list[dict[str, Any]]:
    """Every line that has units left, with what the buyer has entered."""
    return [
        {
            "line_id": line.line_id,
            "title": line.title or line.sku or line.line_id,
            "most": free_units(kind, line),
            "units": form.get(UNITS + line.line_id, 0),
        }
        for line in lines
        if line.untouched
    ]


def _come_back(kind: Kind, lines: Sequence[OrderLine], form: Form) -> bool:
    """True if the buyer will have goods to send. Digital content and services do not come back."""
    chosen = (line for line in lines if form.get(UNITS + line.line_id, "").strip() not in ("", "0"))
    return kind in _SENT_BACK and any(line.comes_back for line in chosen)


def _request(kind: Kind, form: Form, language: str) -> tuple[OpenClaimForBuyerRequest | None, Errors]:
    """The request of the form, or what is wrong in which field."""
    asked, errors = asked_in(form, language)
    if errors:
        return None, errors
    lines = [{"line_id": line_id, "quantity": quantity} for line_id, quantity in asked.items()]
    body = {"kind": kind, "reason": form["reason"], "lines": lines, "note": form.get("note", "").strip() or None}
    try:
        return OpenClaimForBuyerRequest.model_validate(body), {}
    except ValidationError as error:
        return None, errors_of_form(error, FIELDS, language)


def asked_in(form: Form, language: str) -> tuple[Mapping[str, int], Errors]:
    """The units of each line in the form, and what is wrong in which field."""
    units = {name.removeprefix(UNITS): value.strip() for name, value in form.items() if name.startswith(UNITS)}
    errors = {
        UNITS + line_id: text("wrong_value", language) for line_id, number in units.items() if not _is_number(number)
    }
    if not form.get("reason"):
        errors["reason"] = text("reason_required", language)
    if not errors and not any(int(number or "0") for number in units.values()):
        errors[UNITS] = text("no_quantity", language)
    if errors:
        return {}, errors
    return {line_id: int(number) for line_id, number in units.items() if number and int(number)}, {}


def _is_number(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) < 10)


def _by_place(errors: Errors, lines: Sequence[OrderLine]) -> dict[str, str]:
    """The errors by the id of their field on the page. A choice that is missing belongs to the first line."""
    shown = [line.line_id for line in lines if line.untouched]
    places = {UNITS + line_id: f"line-{place}" for place, line_id in enumerate(shown, start=1)}
    return {places.get(field, "line-1" if field == UNITS else field): sentence for field, sentence in errors.items()}
