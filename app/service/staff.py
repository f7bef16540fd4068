"""The people of a merchant: who they are, their role, and whether they may sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.records.audit_entry import AuditAction, AuditActor
from app.records.staff import Staff
from app.service import audit, second_factors
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.invitation_ends import end_open
from app.service.staff_roles import OWNER, refuse_giving, refuse_limited, role_of
from app.store import api_keys, staff, staff_sessions
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChange:
    """None leaves a field as it is."""

    name: str | None = None
    role: str | None = None
    language: str | None = None
    disabled: bool | None = None


async def list_staff(tx: Tx, caller: Caller) -> list[Staff]:
    return await staff.all_of(tx, caller.merchant_id)


async def read(tx: Tx, caller: Caller, staff_id: str) -> Staff:
    """Raises NotFoundError."""
    person = await staff.load(tx, caller.merchant_id, staff_id)
    if person is None:
        raise NotFoundError("staff", staff_id)
    return person


async def change(
    tx: Tx, caller: Caller, by: AuditActor, staff_id: str, changes: StaffChange, now: datetime
) -> Staff:  # fmt: skip
    """Change a person. Whoever is disabled cannot sign in, and their sessions and their link for a new password end.
    Raises NotFoundError, ForbiddenError for a person or a role with scopes that the caller does not have and for a role
    that `refuse_limited` refuses to give or to enable again, and ConflictError for the last owner."""
    before = await _to_change(tx, caller, staff_id)
    after = replace(
        before,
        name=changes.name or before.name,
        role=changes.role or before.role,
        language=changes.language or before.language,
        disabled_at=_disabled_at(before, changes, now),
    )
    is_enabled = before.disabled_at is not None and after.disabled_at is None
    if after.role != before.role or is_enabled:
        scopes = (await role_of(tx, caller.merchant_id, after.role)).scopes
        refuse_giving(caller, scopes)
        await refuse_limited(tx, caller, scopes)
    if _is_active_owner(before) and not _is_active_owner(after):
        await _refuse_last_owner(tx, before)
    await staff.change(tx, after)
    if after.disabled_at is not None:
        await staff_sessions.end_all(tx, caller.merchant_id, staff_id, now)
        await end_open(tx, by, caller.merchant_id, before.email, now)
    await audit.record(
        tx,
        merchant_id=caller.merchant_id,
        by=by,
        action=AuditAction.STAFF_CHANGED,
        subject_id=staff_id,
        changes=audit.changes_of(audited(before), audited(after)),
        now=now,
    )
    return after


async def remove_second_factor(tx: Tx, caller: Caller, by: AuditActor, staff_id: str, now: datetime) -> Staff:
    """For a person who has lost the phone and the recovery codes: the sessions end, and after the next sign-in the
    person sets up a second factor again. The same errors as `change`."""
    before = await _to_change(tx, caller, staff_id)
    if staff_id != caller.staff_id:
        await refuse_limited(tx, caller, (await role_of(tx, caller.merchant_id, before.role)).scopes)
    after = await second_factors.take_away(tx, before, now)
    await staff.change(tx, after)
    await staff_sessions.end_all(tx, caller.merchant_id, staff_id, now)
    await audit.record(
        tx,
        merchant_id=caller.merchant_id,
        by=by,
        action=AuditAction.STAFF_SECOND_FACTOR_REMOVED,
        subject_id=staff_id,
        changes=audit.changes_of(audited(before), audited(after)),
        now=now,
    )
    return after


def audited(person: Staff) -> Mapping[str, object]:
    """The fields of a person that the audit trail has."""
    return {
        "name": person.name,
        "role": person.role,
        "language": person.language,
        "second_factor": person.has_second_factor,
        "disabled_at": person.disabled_at,
    }


async def _to_change(tx: Tx, caller: Caller, staff_id: str) -> Staff:
    """The person, locked after the merchant, so that two changes do not remove the last two owners at once."""
    await api_keys.lock_merchant(tx, caller.merchant_id)
    person = await staff.lock(tx, caller.merchant_id, staff_id)
    if person is None:
        raise NotFoundError("staff", staff_id)
    refuse_giving(caller, (await role_of(tx, caller.merchant_id, person.role)).scopes)
    return person


def _disabled_at(before: Staff, changes: StaffChange, now: datetime) -> datetime | None:
    if changes.disabled is None:
        return before.disabled_at
    return (before.disabled_at or now) if changes.disabled else None


def _is_active_owner(person: Staff) -> bool:
    return person.role == OWNER and person.disabled_at is None


async def _refuse_last_owner(tx: Tx, person: Staff) -> None:
    everybody = await staff.all_of(tx, person.merchant_id)
    if not any(_is_active_owner(other) for other in everybody if other.staff_id != person.staff_id):
        raise ConflictError("last_owner")
