"""The audit trail: entries are added, and never changed."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, insert, select, tuple_

from app import json_text
from app.records.audit_entry import (
    AuditAction,
    AuditActor,
    AuditActorKind,
    AuditChange,
    AuditEntry,
    AuditFilter,
)
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import audit_entries

_c = audit_entries.c
_INSERT = Statement(insert(audit_entries))
_PLACE = (_c.created_at, _c.entry_id)
_PAGE = Listing(
    select(audit_entries)
    .where(_c.merchant_id == bindparam("merchant"))
    .order_by(*(column.desc() for column in _PLACE))
    .limit(bindparam("at_most")),
    {
        **{name: _c[name] == bindparam(name) for name in ("action", "actor_kind", "actor_id", "subject", "subject_id")},
        "created_from": _c.created_at >= bindparam("created_from"),
        "created_before": _c.created_at < bindparam("created_before"),
        "after_at": tuple_(*_PLACE)
        < tuple_(bindparam("after_at", type_=_c.created_at.type), bindparam("after_id", type_=_c.entry_id.type)),
    },
)


async def add(tx: Tx, entry: AuditEntry) -> None:
    await tx.fetch(
        _INSERT,
        {
            "merchant_id": entry.merchant_id,
            "entry_id": entry.entry_id,
            "created_at": entry.created_at,
            "action": entry.action,
            "actor_kind": entry.actor.kind,
            "actor_id": entry.actor.actor_id,
            "actor_name": entry.actor.name,
            "ip_address": entry.actor.ip_address,
            "subject": entry.action.subject,
            "subject_id": entry.subject_id,
            "changes": json_text.dump(entry.changes),
        },
    )


async def page(
    tx: Tx, merchant_id: str, where: AuditFilter, *, limit: int, after: tuple[datetime, str] | None
) -> list[AuditEntry]:
    """The newest entry comes first. `after` is the instant and the id of the last entry of the page before."""
    values = {name: value for name, value in asdict(where).items() if value is not None}
    place = {"after_at": after[0], "after_id": after[1]} if after else {}
    names = values.keys() | ({"after_at"} if after else set())
    rows = await tx.fetch(_PAGE.narrowed(names), {"merchant": merchant_id, "at_most": limit, **values, **place})
    return [_entry(row) for row in rows]


def _entry(row: Row) -> AuditEntry:
    return AuditEntry(
        merchant_id=row.merchant_id,
        entry_id=row.entry_id,
        created_at=row.created_at,
        action=AuditAction(row.action),
        actor=AuditActor(
            kind=AuditActorKind(row.actor_kind),
            name=row.actor_name,
            actor_id=row.actor_id,
            ip_address=row.ip_address,
        ),
        subject_id=row.subject_id,
        changes={name: AuditChange(**change) for name, change in json_text.load(row.changes).items()},
    )
