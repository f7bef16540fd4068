"""The shop's own work on claims: whose a claim is, who has seen it, its tags, and until when it sleeps.

None of it is a step of the claim: versions, histories and events do not change.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.records.claim_work import ClaimWork
from app.service.callers import Caller
from app.service.errors import ConflictError
from app.service.files import require_claim
from app.service.staff import read as read_person
from app.store import claim_work, claims
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkChange:
    """`named` are the fields to change: None empties a field. `seen` marks the claim as seen by the caller."""

    named: frozenset[str]
    assignee: str | None = None
    snoozed_until_at: datetime | None = None
    tags: tuple[str, ...] = ()
    seen: bool = False


async def read(tx: Tx, caller: Caller, claim_id: str) -> ClaimWork:
    """Raises NotFoundError."""
    await require_claim(tx, caller, claim_id)
    return await claim_work.load(tx, caller.merchant_id, claim_id)


async def change(tx: Tx, caller: Caller, claim_id: str, changes: WorkChange, now: datetime) -> ClaimWork:
    """Raises NotFoundError for an unknown claim or person, and ConflictError for a person who may not sign in."""
    await claims.lock_order_of(tx, caller.merchant_id, claim_id)
    await require_claim(tx, caller, claim_id)
    if changes.assignee is not None and (await read_person(tx, caller, changes.assignee)).disabled_at is not None:
        raise ConflictError("assignee_disabled", field="assignee")
    before = await claim_work.load(tx, caller.merchant_id, claim_id)
    after = replace(before, **{name: getattr(changes, name) for name in changes.named})
    if changes.seen and after.seen_at is None:
        after = replace(after, seen_at=now, seen_by=caller.name)
    if after != before:
        await claim_work.put(tx, caller.merchant_id, claim_id, before, after)
    return after
