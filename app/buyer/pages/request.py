"""The page of a request: choose goods and a reason, see the quote, and confirm. An edit has the same form."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.schemas.claims import QuoteBody
from app.api.serializers import quote_body
from app.buyer.pages.claim import claim_address
from app.buyer.pages.failures import errors_of_form, sentence_of
from app.buyer.pages.html import page, part_of_page
from app.buyer.pages.order import beside, writer_for
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import page_words, text
from app.buyer.pages.visit import OnPage, PostedForm, Visit
from app.buyer.schemas.claims import OpenClaimForBuyerRequest
from app.buyer.shapes import body_for_buyer
from app.engine.model.order import OrderLine
from app.engine.model.vocabulary import Kind, Reason
from app.engine.options import REASONS, free_units
from app.json_text import dump, load
from app.pages.failures import Errors
from app.pages.forms import Form
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
    """What a form asks: for which kind of claim, where the form goes, where its quote comes from, and its words.
    `lines` are those of the order. `version` is the version of the claim that is edited."""

    kind: Kind
    lines: Sequence[OrderLine]
    reasons: Sequence[Reason]
    action: str
    quote_action: str
    heading: str
    button: str
    back_to: str
    back: str
    hint: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a form has led to: a quote, or sentences about its fields."""

    errors: Errors = field(default_factory=dict)
    quote: Mapping[str, Any] | None = None
    status: int = 200

    @property
    def so_far(self) -> "Judged":
        """The same while the buyer fills in the form: what is still missing is no error."""
        return replace(self, errors={}, status=200) if self.errors.keys() <= {"reason", UNITS} else self


@router.get("/request")
async def show_request(seen: OnPage, kind: Kind, line: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form with all free units of this line."""
    around, question = await _question(seen, kind)
    units = {UNITS + each.line_id: str(free_units(kind, each)) for each in question.lines if each.line_id == line}
    return question_page(seen, around, question, units, Judged())


@router.post("/request")
async def check_or_confirm_request(seen: OnPage, form: PostedForm, kind: Kind) -> Response:
    """Show the quote of the request. With `step=show` only show the form again, and with `step=confirm` open the claim,
    once for the key of the form. A choice that the buyer has seen no quote for gets its quote first."""
    asked, _ = _request(kind, form, seen.language)
    if form.get("step") != "confirm" or asked is None or not is_quoted(form, seen.language):
        judged = Judged() if form.get("step") == "show" else await _judge(seen, kind, form)
        return question_page(seen, *await _question(seen, kind), form, judged)
    command = asked.command(new_id(seen.now), seen.buyer, seen.now)
    try:
        opened = await seen.once(
            form.get("key") or str(uuid4()),
            lambda tx: claims.request(tx, seen.caller, seen.order_id, command, seen.now),
            lambda view: Answer(status=201, body=dump({"claim_id": view.claim.claim_id})),
        )
    except ServiceError as error:
        return question_page(seen, *await _question(seen, kind), form, await refused(seen, error))
    return RedirectResponse(claim_address(load(bytes(opened.body).decode())["claim_id"], seen), 303)


@router.post("/request/quote")
async def show_quote(seen: OnPage, form: PostedForm, kind: Kind) -> Response:
    """The quote and the buttons alone, for the script of the page."""
    judged = await _judge(seen, kind, form)
    return question_part(seen, *await _question(seen, kind), form, judged.so_far)


async def _judge(seen: Visit, kind: Kind, form: Form) -> Judged:
    asked, errors = _request(kind, form, seen.language)
    if asked is None:
        return Judged(errors=errors, status=422)
    command = asked.command(new_id(seen.now), seen.buyer, seen.now)
    try:
        quote = await seen.read(lambda tx: claims.quote(tx, seen.caller, seen.order_id, command, seen.now))
    except ServiceError as error:
        return await refused(seen, error)
    return Judged(quote=body_for_buyer(QuoteBody, quote_body(quote)))


async def refused(seen: Visit, error: ServiceError) -> Judged:
    return Judged(errors={"": await sentence_of(seen, error)}, status=409)


async def _question(seen: Visit, kind: Kind) -> tuple[Surroundings, Question]:
    around = await seen.read(lambda tx: surroundings(tx, seen.caller, seen.order_id, seen.now))
    words = page_words(seen.language)
    return around, Question(
        kind=kind,
        lines=around.order.lines,
        reasons=REASONS[kind],
        action=f"/order/request?kind={kind.value}",
        quote_action=f"/order/request/quote?kind={kind.value}",
        heading=words["title"][kind],
        button=text("confirm", seen.language, kind=words["kind"][kind]),
        back_to="/order",
        back=text("back", seen.language),
    )


def question_page(seen: Visit, around: Surroundings, question: Question, form: Form, judged: Judged) -> Response:
    """The form with what the buyer has entered."""
    values = _values(seen, around, question, form, judged)
    return page("request.html", seen.language, status=judged.status, **values)


def question_part(seen: Visit, around: Surroundings, question: Question, form: Form, judged: Judged) -> Response:
    """The part of the form that follows what the buyer has entered."""
    values = _values(seen, around, question, form, judged)
    return part_of_page("request_part.html", seen.language, status=judged.status, **values)


def _values(seen: Visit, around: Surroundings, question: Question, form: Form, judged: Judged) -> dict[str, Any]:
    kind, lines = question.kind, question.lines
    return {
        **beside(seen, around),
        "w": writer_for(seen, around.zone, around.order.currency),
        "question": question,
        "kind": kind.value,
        "key": form.get("key") or str(uuid4()),
        "lines": _lines(kind, lines, form),
        "reasons": [reason.value for reason in question.reasons],
        "reason": form.get("reason", ""),
        "note": form.get("note", ""),
        "errors": _by_place(judged.errors, lines),
        "goods_come_back": _come_back(kind, lines, form),
        "quote": judged.quote,
        "quoted": _choice(form, seen.language) if judged.quote else "",
    }


def is_quoted(form: Form, language: str) -> bool:
    """True if the buyer has seen the quote of the goods and the reason in the form."""
    return hmac.compare_digest(form.get("quoted", "").encode(), _choice(form, language).encode())


def _choice(form: Form, language: str) -> str:
    """Names the goods and the reason in the form."""
    units, _ = asked_in(form, language)
    return hashlib.sha256(dump([form.get("reason"), sorted(units.items())]).encode()).hexdigest()[:32]


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
