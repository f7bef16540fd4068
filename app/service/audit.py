"""The audit trail: a use case records what it changes in its own transaction, and a merchant reads the entries.

`record` is the one way to write an entry. A new action is a member of `AuditAction`, and its subject a member of
`AuditSubject`. `changes_of` compares the public fields of the subject before and after the change. A secret is never
among them, and no hash of a secret.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.records.audit_entry import AuditAction, AuditActor, AuditChange, AuditEntry, AuditFilter
from app.service.callers import Caller
from app.service.ids import new_id
from app.store import audit_entries
from app.store.database import Tx


async def record(
    tx: Tx,
    *,
    merchant_id: str,
    by: AuditActor,
    action: AuditAction,
    subject_id: str,
    changes: Mapping[str, AuditChange],
    now: datetime,
) -> None:
    """Add an entry. `merchant_id` is the side that the change concerns: of a key for tests, the test merchant. `now` is
    of the system clock in every mode."""
    entry = AuditEntry(
        merchant_id=merchant_id,
        entry_id=new_id(now),
        created_at=now,
        action=action,
        actor=by,
        subject_id=subject_id,
        changes=changes,
    )
    await audit_entries.add(tx, entry)


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, AuditChange]:
    """Each field that differs, in the order of the fields. A new subject has no fields before, and one that is gone has
    none after."""
    return {
        name: AuditChange(before=before.get(name), after=after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    }


async def page(
    tx: Tx, caller: Caller, where: AuditFilter, *, limit: int, after: tuple[datetime, str] | None
) -> list[AuditEntry]:
    """The newest entry comes first."""
    return await audit_entries.page(tx, caller.merchant_id, where, limit=limit, after=after)
