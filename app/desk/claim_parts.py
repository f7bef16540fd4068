"""What the page of a claim shows, read in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.api.claim_files import linked
from app.api.serializers import claim_body
from app.desk.queue_rows import time_left
from app.desk.visit import Arrived
from app.engine import due_at
from app.engine.model.vocabulary import Role
from app.json_text import dump
from app.messages.sentences import sentence
from app.pages.texts import Writer
from app.records.authority import Approval, ApprovalStatus
from app.records.claim_event import ClaimEvent
from app.records.claim_file import ClaimFile
from app.records.contact import Contact
from app.records.staff import Staff
from app.service import approvals, claims, contacts, files, previews, return_parcels, seller_queue, staff
from app.service.claims import ClaimView
from app.service.errors import ServiceError
from app.service.previews import Preview
from app.service.resources.suggestion import suggestion_body
from app.service.return_parcels import ParcelView
from app.service.seller_queue import QueueEntry
from app.service.transactions import Tx
from app.service.visits import Surroundings, surroundings

MOST_CONTACTS = 500
MOST_EVENTS = 200
MOST_FILES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimScene:
    """A claim and what surrounds it. `preview` is of the suggested command, if a press is all that it needs."""

    view: ClaimView
    entry: QueueEntry
    around: Surroundings
    contacts: Sequence[Contact]
    files: Sequence[ClaimFile]
    parcels: Sequence[ParcelView]
    events: Sequence[ClaimEvent]
    people: Sequence[Staff]
    waiting: Sequence[Approval]
    preview: Preview | None


async def read_scene(tx: Tx, seen: Arrived, claim_id: str) -> ClaimScene:
    """Raises NotFoundError."""
    view = await claims.read(tx, seen.caller, claim_id, seen.now)
    entry = await seller_queue.entry_of_claim(tx, seen.caller, view.claim, seen.now)
    return ClaimScene(
        view=view,
        entry=entry,
        around=await surroundings(tx, seen.caller, view.claim.order_id, seen.now),
        contacts=await contacts.page(tx, seen.caller, claim_id, limit=MOST_CONTACTS, after=None),
        files=await files.page(tx, seen.caller, claim_id, limit=MOST_FILES, after=None),
        parcels=await return_parcels.of_claim(tx, seen.caller, claim_id),
        events=await claims.history(tx, seen.caller, claim_id, limit=MOST_EVENTS, after=0),
        people=await staff.list_staff(tx, seen.caller),
        waiting=await approvals.latest(tx, seen.caller, status=ApprovalStatus.OPEN, claim_id=claim_id),
        preview=await _preview(tx, seen, entry, claim_id),
    )


async def _preview(tx: Tx, seen: Arrived, entry: QueueEntry, claim_id: str) -> Preview | None:
    given = entry.claim.suggestion if entry.claim else None
    if given is None or given.command is None or given.needs:
        return None
    try:
        return await previews.preview(tx, seen.caller, claim_id, given.command, seen.now)
    except ServiceError:  # the claim page shows the suggestion all the same, and the press says what is wrong
        return None


def values_of(seen: Arrived, scene: ClaimScene) -> dict[str, Any]:
    claim: dict[str, Any] = orjson.loads(dump(claim_body(scene.view)))
    order, now = scene.around.order, seen.now
    due_by = due_at(scene.view.claim)
    writer = Writer(language=seen.language, zone=scene.around.zone, currency=order.currency, now=now)
    names = {person.staff_id: person.name for person in scene.people}
    work = scene.entry.claim.work if scene.entry.claim else None
    return {
        "w": writer,
        "claim": claim,
        "order": order,
        "bought": {line.line_id: line.title or line.sku or line.line_id for line in order.lines},
        "entry": scene.entry,
        "suggestion": scene.entry.claim.suggestion if scene.entry.claim else None,
        "reason_of_suggestion": _reason(seen, scene.entry),
        "suggested_fields": _suggested_fields(scene.entry),
        "preview": scene.preview,
        "left": time_left(int((due_by - now).total_seconds()) if due_by else None, seen.language),
        "contacts": scene.contacts,
        "files": [(file, linked(seen, file)[0]) for file in scene.files],
        "parcels": scene.parcels,
        "receives": any(each["allowed"] for each in claim["actions"] if each["command"] in ("receive", "inspect")),
        "events": [_event(event) for event in scene.events],
        "people": [person for person in scene.people if person.disabled_at is None],
        "work": work,
        "assignee": names.get(work.assignee or "", work.assignee) if work else None,
        "waiting": scene.waiting,
    }


def _reason(seen: Arrived, entry: QueueEntry) -> str:
    """Why the step is suggested, in one sentence."""
    given = entry.claim.suggestion if entry.claim else None
    return sentence("suggestions", given.why, {"ground": given.ground}, seen.language) if given else ""


def _suggested_fields(entry: QueueEntry) -> list[tuple[str, str]]:
    """The fields of the suggested command, for a form that is one press."""
    if entry.claim is None or entry.claim.suggestion is None:
        return []
    body = suggestion_body(entry.claim.suggestion, entry.claim.claim.claim_id, (), "en")["body"]
    return [(name, str(value)) for name, value in body.items() if isinstance(value, str)]


def name_of(event: Mapping[str, Any]) -> str:
    """Who did what an event tells. Empty for the service itself, whose names are not for readers."""
    by = event.get("by") or {}
    return "" if by.get("role") == Role.SYSTEM else by.get("name") or ""


def _event(event: ClaimEvent) -> Mapping[str, Any]:
    data = orjson.loads(event.data)
    return {
        "type": event.type.removeprefix("claim."),
        "at": event.at,
        "by": name_of(data),
        "command": (data.get("command") or {}).get("command") or "",
    }
