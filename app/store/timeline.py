"""The sources of a claim's timeline: its history, messages, contacts and approvals, each in the order of its time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, tuple_

from app import json_text
from app.records.timeline import TimelineEntry, TimelineKind
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import approvals, claim_events, contacts, messages

Place = tuple[datetime, int, str]
_EVENTS, _MESSAGES, _CONTACTS, _APPROVALS = range(4)
_BEFORE_ALL, _AFTER_ALL = "", "~"
"""No id is before the first text, and none after the second."""
_LARGEST = 2**31 - 1
_SAID_BY_CONTACT = ("claim.question_asked", "claim.question_answered")
"""The contact itself is in the timeline."""


def _of(table: Any, at: ColumnElement[Any], key: ColumnElement[Any]) -> Statement:
    after = tuple_(bindparam("after_at", type_=at.type), bindparam("after_key", type_=key.type))
    return Statement(
        select(table)
        .where(
            table.c.merchant_id == bindparam("merchant"),
            table.c.claim_id == bindparam("claim"),
            tuple_(at, key) > after,
        )
        .order_by(at, key)
        .limit(bindparam("at_most"))
    )


_SOURCES = {
    _EVENTS: _of(claim_events, claim_events.c.at, claim_events.c.seq),
    _MESSAGES: _of(messages, messages.c.created_at, messages.c.message_id),
    _CONTACTS: _of(contacts, contacts.c.at, contacts.c.contact_id),
    _APPROVALS: _of(approvals, approvals.c.asked_at, approvals.c.approval_id),
}


async def entries(
    tx: Tx, merchant_id: str, claim_id: str, *, limit: int, after: Place | None, beginning: datetime
) -> list[TimelineEntry]:
    """The first entries after a place, the oldest first. `beginning` is before all of them."""
    after_at, after_source, after_key = after or (beginning, -1, _BEFORE_ALL)
    found: list[TimelineEntry] = []
    for source, statement in _SOURCES.items():
        key = after_key if source == after_source else _AFTER_ALL if source < after_source else _BEFORE_ALL
        values = {
            "merchant": merchant_id,
            "claim": claim_id,
            "after_at": after_at,
            "after_key": _number(key) if source == _EVENTS else key,
        }
        rows = await tx.fetch(statement, {**values, "at_most": limit})
        found += [_READ[source](row) for row in rows]
    return sorted(found, key=lambda entry: (entry.at, entry.source, entry.key.zfill(40)))[:limit]


def _number(key: str) -> int:
    """The number of an event. No event has the first number, and none the last."""
    if key.isdecimal():
        return int(key)
    return _LARGEST if key == _AFTER_ALL else 0


def is_shown(entry: TimelineEntry) -> bool:
    return entry.subject not in _SAID_BY_CONTACT


def _event(row: Row) -> TimelineEntry:
    data = json_text.load(row.data)
    by, command = data.get("by") or {}, data.get("command") or {}
    is_file = row.type.startswith("claim.file_")
    return TimelineEntry(
        source=_EVENTS,
        key=str(row.seq),
        kind=TimelineKind.FILE if is_file else TimelineKind.EVENT,
        entry_id=row.event_id,
        at=row.at,
        is_internal=False,
        role=by.get("role"),
        author=by.get("name"),
        subject=row.type,
        text=command.get("message") or command.get("note"),
    )


def _message(row: Row) -> TimelineEntry:
    return TimelineEntry(
        source=_MESSAGES,
        key=row.message_id,
        kind=TimelineKind.MESSAGE,
        entry_id=row.message_id,
        at=row.created_at,
        is_internal=row.audience != "buyer",
        role="system",
        subject=row.event,
        text=row.subject,
        status=row.status,
        audience=row.audience,
    )


def _contact(row: Row) -> TimelineEntry:
    kind = TimelineKind(row.kind)
    return TimelineEntry(
        source=_CONTACTS,
        key=row.contact_id,
        kind=kind,
        entry_id=row.contact_id,
        at=row.at,
        is_internal=kind in (TimelineKind.NOTE, TimelineKind.CALL),
        role=row.role,
        author=row.author,
        text=row.text,
    )


def _approval(row: Row) -> TimelineEntry:
    return TimelineEntry(
        source=_APPROVALS,
        key=row.approval_id,
        kind=TimelineKind.APPROVAL,
        entry_id=row.approval_id,
        at=row.asked_at,
        is_internal=True,
        role="seller",
        author=row.asked_name,
        subject=row.command,
        text=row.note,
        status=row.status,
    )


_READ = {_EVENTS: _event, _MESSAGES: _message, _CONTACTS: _contact, _APPROVALS: _approval}
