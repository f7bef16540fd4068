"""The page of a claim: what the buyer asks, what the engine suggests and refuses, the money, and the conversation."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Response, Security
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.api.claims import ClaimId
from app.api.schemas.claim_work import UpdateClaimWorkRequest
from app.api.schemas.messages import AddClaimContactRequest
from app.desk.claim_parts import ClaimScene, read_scene, values_of
from app.desk.claim_replies import chosen_text, shown_replies
from app.desk.decision_forms import FORMS
from app.desk.html import PAGES, desk_page
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, DecidesClaims, PostedForm, ReadsClaims, visit
from app.engine.model.vocabulary import Role
from app.pages.failures import Errors, errors_of_form, sentence_of
from app.records.api_key import Scope
from app.service import claim_work, contacts
from app.service.claim_work import WorkChange
from app.service.errors import ConflictError, RefusedError

router = APIRouter(prefix=f"{PATH}/claims/{{claim_id}}", route_class=DeskRoute, include_in_schema=False)

WritesMessages = Annotated[Arrived, Security(visit, scopes=[Scope.MESSAGES_WRITE])]
_SNOOZES = ("0", "4", "24", "72")
"""Hours for which a claim can sleep. 0 wakes it."""
_FIELDS = {"text": "text", "tags": "tags", "assignee": "assignee", "snoozed_until_at": "snooze"}


@router.get("")
async def show_claim(seen: ReadsClaims, claim_id: ClaimId, reply: Annotated[int, Query(ge=0, le=9)] = 0) -> Response:
    """Whoever decides claims and opens one has seen it. `reply` is the number of a reply that fills the field of a
    question or a note. 0 is none."""
    if seen.may(Scope.CLAIMS_DECIDE):
        change = WorkChange(named=frozenset(), seen=True)
        async with seen.turn():
            await seen.app_state.database.write(
                lambda tx: claim_work.change(tx, seen.caller, claim_id, change, seen.now)
            )
    return await claim_page(seen, claim_id, reply=reply)


@router.post("/contacts")
async def add_contact(seen: WritesMessages, claim_id: ClaimId, form: PostedForm) -> Response:
    """A question to the buyer, or a note of the shop."""
    try:
        new = AddClaimContactRequest.model_validate({"kind": form.get("kind"), "text": form.get("text", "")})
    except ValidationError as error:
        errors = errors_of_form(error, _FIELDS, PAGES.text("claim.text_missing", seen.language))
        return await claim_page(seen, claim_id, errors=errors, status=422, text=form.get("text", ""))
    contact = new.new(seen.actor(Role.SELLER, None))
    try:
        await seen.do(form.get("key", ""), lambda tx: contacts.add(tx, seen.caller, claim_id, contact, seen.now))
    except RefusedError as error:
        errors = {"text": await sentence_of(seen.request, error)}
        return await claim_page(seen, claim_id, errors=errors, status=409, text=form.get("text", ""))
    return RedirectResponse(f"{address_of(claim_id)}?done={'noted' if new.kind == 'note' else 'asked'}", 303)


@router.post("/work")
async def change_work(seen: DecidesClaims, claim_id: ClaimId, form: PostedForm) -> Response:
    """Take the claim or give it to somebody, and change its tags."""
    changes: dict[str, Any] = {}
    if "assignee" in form:
        changes["assignee"] = (seen.caller.staff_id if form["assignee"] == "me" else form["assignee"]) or None
    if form.get("snooze", "") in _SNOOZES:
        until = seen.now + timedelta(hours=int(form["snooze"]))
        changes["snoozed_until_at"] = until.isoformat() if form["snooze"] != "0" else None
    if "tags" in form:
        changes["tags"] = [tag for tag in form["tags"].split(",") if tag.strip()]
    try:
        change = UpdateClaimWorkRequest.model_validate(changes).change()
        await seen.write_form(lambda tx: claim_work.change(tx, seen.caller, claim_id, change, seen.now))
    except ValidationError:
        errors = {"tags": PAGES.text("claim.wrong_tags", seen.language)}
        return await claim_page(seen, claim_id, errors=errors, status=422)
    except ConflictError as error:
        errors = {"assignee": await sentence_of(seen.request, error)}
        return await claim_page(seen, claim_id, errors=errors, status=409)
    return RedirectResponse(f"{address_of(claim_id)}?done=worked", 303)


async def claim_page(
    seen: Arrived,
    claim_id: str,
    *,
    errors: Errors | None = None,
    status: int = 200,
    text: str = "",
    overtaken: str = "",
    reply: int = 0,
) -> Response:
    """`overtaken` says what somebody else has done meanwhile. `text` is what was typed, or else
    the field has the text of the reply with the number `reply`."""
    writes = seen.may(Scope.MESSAGES_WRITE)
    scene = await seen.read(lambda tx: read_scene(tx, seen, claim_id))
    replies = await seen.read(lambda tx: shown_replies(tx, seen, claim_id)) if writes else []
    decides = seen.may(Scope.CLAIMS_DECIDE)
    values = values_of(seen, scene)
    return await desk_page(
        seen,
        "claim.html",
        status=status,
        section="queue",
        errors=errors or {},
        text=text or chosen_text(replies, reply),
        replies=replies,
        reply=reply,
        overtaken=overtaken,
        key=str(uuid4()),
        decides=decides,
        writes=writes,
        actions=_actions(scene, values["claim"]["actions"]) if decides else [],
        forms=FORMS,
        me=seen.caller.staff_id,
        snoozes=_SNOOZES,
        **values,
    )


def _actions(scene: ClaimScene, actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The commands with a form, without the one that is a press already."""
    pressed = scene.entry.claim.suggestion if scene.preview and scene.entry.claim else None
    return [each for each in actions if each["command"] in FORMS and (not pressed or each["command"] != pressed.step)]


def address_of(claim_id: str) -> str:
    return f"{PATH}/claims/{claim_id}"
