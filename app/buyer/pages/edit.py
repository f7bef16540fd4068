"""The page on which a buyer changes a request before its decision: the form of the request, with what was asked."""

from dataclasses import dataclass
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.schemas.claims import QuoteBody
from app.api.serializers import quote_body
from app.buyer.claims import ClaimId
from app.buyer.pages.claim import claim_address, claim_page, version_in
from app.buyer.pages.failures import errors_of_form, sentence_of
from app.buyer.pages.request import (
    FIELDS,
    UNITS,
    Judged,
    Question,
    asked_in,
    is_quoted,
    question_page,
    question_part,
    refused,
)
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import text
from app.buyer.pages.visit import OnPage, PostedForm, Visit
from app.buyer.schemas.edits import EditClaimForBuyerRequest
from app.buyer.shapes import body_for_buyer
from app.engine.model.claim import Claim
from app.engine.model.edit import Edit
from app.engine.model.order import Order
from app.engine.options import REASONS
from app.json_text import dump
from app.pages.failures import Errors
from app.pages.forms import Form
from app.service import claims
from app.service.claims import ClaimView
from app.service.errors import NotFoundError, ServiceError
from app.service.idempotency import Answer
from app.service.transactions import Tx
from app.service.visits import Surroundings, surroundings

router = APIRouter(prefix="/order/claims/{claim_id}/edit", route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditScene:
    """The claim, and the order as it would be without the claim: the units that the claim holds are free."""

    around: Surroundings
    view: ClaimView
    order: Order

    @property
    def is_open(self) -> bool:
        return any(action.command == "edit" and action.allowed for action in self.view.actions)


@router.get("")
async def show_edit(seen: OnPage, claim_id: ClaimId) -> Response:
    """The form with what the claim asks for. After the decision, the claim."""
    scene = await seen.read(lambda tx: _scene(tx, seen, claim_id))
    if not scene.is_open:
        return RedirectResponse(f"/order/claims/{claim_id}", 303)
    return _form_page(seen, scene, _asked(scene.view.claim), Judged())


@router.post("")
async def check_or_confirm_edit(seen: OnPage, claim_id: ClaimId, form: PostedForm) -> Response:
    """Show the quote of the edit. With `step=show` only show the form again, and with `step=confirm` edit the claim,
    once for the key of the form. A choice that the buyer has seen no quote for gets its quote first."""
    scene = await seen.read(lambda tx: _scene(tx, seen, claim_id))
    if form.get("step") == "show":
        return _form_page(seen, scene, form, Judged())
    asked, errors = _edit(scene, form, seen.language)
    if asked is None:
        return _form_page(seen, scene, form, Judged(errors=errors, status=422))
    command = asked.command(seen.buyer)
    try:
        if form.get("step") == "confirm" and is_quoted(form, seen.language):
            await seen.once(
                form.get("key") or str(uuid4()),
                lambda tx: claims.act(tx, seen.caller, claim_id, command, seen.now, if_version=version_in(form)),
                lambda _: Answer(status=200, body=dump({})),
            )
            return RedirectResponse(claim_address(claim_id, seen), 303)
        judged = await _quoted(seen, claim_id, command)
    except NotFoundError:
        raise
    except ServiceError as error:
        return await _failed(seen, claim_id, form, {"": await sentence_of(seen, error)})
    return _form_page(seen, scene, form, judged)


@router.post("/quote")
async def show_quote(seen: OnPage, claim_id: ClaimId, form: PostedForm) -> Response:
    """The quote and the buttons alone, for the script of the page."""
    scene = await seen.read(lambda tx: _scene(tx, seen, claim_id))
    asked, errors = _edit(scene, form, seen.language)
    judged = Judged(errors=errors, status=422)
    try:
        if asked is not None:
            judged = await _quoted(seen, claim_id, asked.command(seen.buyer))
    except NotFoundError:
        raise
    except ServiceError as error:
        judged = await refused(seen, error)
    return question_part(seen, scene.around, _question(seen, scene, form), form, judged.so_far)


async def _quoted(seen: Visit, claim_id: str, command: Edit) -> Judged:
    quote = await seen.read(lambda tx: claims.quote_edit(tx, seen.caller, claim_id, command, seen.now))
    return Judged(quote=body_for_buyer(QuoteBody, quote_body(quote)))


async def _failed(seen: Visit, claim_id: str, form: Form, errors: Errors) -> Response:
    """The form again, for the claim as it is now. A claim that was decided meanwhile has no form any more."""
    scene = await seen.read(lambda tx: _scene(tx, seen, claim_id))
    if not scene.is_open:
        return await claim_page(seen, claim_id, errors=errors, status=409)
    newest = {**form, "key": str(uuid4()), "version": str(scene.view.claim.version)}
    return _form_page(seen, scene, newest, Judged(errors=errors, status=409))


async def _scene(tx: Tx, seen: Visit, claim_id: str) -> EditScene:
    """Raises NotFoundError for a claim of another order."""
    view, order = await claims.read_for_edit(tx, seen.caller, claim_id, seen.now)
    around = await surroundings(tx, seen.caller, seen.order_id, seen.now)
    return EditScene(around=around, view=view, order=order)


def _form_page(seen: Visit, scene: EditScene, form: Form, judged: Judged) -> Response:
    return question_page(seen, scene.around, _question(seen, scene, form), form, judged)


def _question(seen: Visit, scene: EditScene, form: Form) -> Question:
    claim, language = scene.view.claim, seen.language
    return Question(
        kind=claim.kind,
        lines=scene.order.lines,
        reasons=tuple(dict.fromkeys((*REASONS[claim.kind], claim.reason))),
        action=f"/order/claims/{claim.claim_id}/edit",
        quote_action=f"/order/claims/{claim.claim_id}/edit/quote",
        heading=text("edit", language),
        button=text("edit_confirm", language),
        back_to=f"/order/claims/{claim.claim_id}",
        back=text("edit_back", language),
        hint=text("edit_text", language),
        version=form.get("version", ""),
    )


def _asked(claim: Claim) -> Form:
    """The fields of the form, with what the claim asks for."""
    units = {UNITS + line.line_id: str(line.quantity) for line in claim.lines}
    note = claim.submission.note or ""
    return {**units, "reason": claim.reason.value, "note": note, "version": str(claim.version)}


def _edit(scene: EditScene, form: Form, language: str) -> tuple[EditClaimForBuyerRequest | None, Errors]:
    """The edit of the form, or what is wrong in which field. What the form does not ask for stays as it is."""
    asked, errors = asked_in(form, language)
    if errors:
        return None, errors
    submission = scene.view.claim.submission
    body = {
        "reason": form["reason"],
        "lines": [
            {"line_id": line_id, "quantity": quantity, "used_parts": _used_parts(scene, line_id, quantity)}
            for line_id, quantity in asked.items()
        ],
        "note": form.get("note", "").strip() or None,
        "discovered_at": submission.discovered_at and submission.discovered_at.isoformat(),
        "conditions": sorted(submission.conditions),
        "amount": submission.amount,
    }
    try:
        return EditClaimForBuyerRequest.model_validate(body), {}
    except ValidationError as error:
        return None, errors_of_form(error, FIELDS, language)


def _used_parts(scene: EditScene, line_id: str, quantity: int) -> int:
    """Fewer units have no more used parts than they have parts."""
    claimed, ordered = scene.view.claim.line(line_id), scene.order.line(line_id)
    return min(claimed.used_parts, quantity * ordered.parts) if claimed and ordered else 0
