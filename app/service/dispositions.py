"""The use cases of dispositions after the inspection: what becomes of the units that the shop keeps.

A change moves goods and no money: the amounts of the claim do not read dispositions.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from app.engine.model.claim import Actor, Claim, ClaimLine
from app.engine.model.vocabulary import Disposition
from app.records.disposition_change import DispositionChange, DispositionUnits
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError
from app.service.files import require_claim
from app.service.ids import new_id
from app.service.persistence import record_aside
from app.store import claims, disposition_changes
from app.store.database import Tx

DISPOSITION_CHANGED = "claim.disposition_changed"
MOST_CHANGES = 500
"""Of one claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispositions:
    """`lines` are the kept units of each inspected line as they are now, and `changes` the history."""

    lines: Mapping[str, tuple[DispositionUnits, ...]]
    changes: tuple[DispositionChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDisposition:
    line_id: str
    units: tuple[DispositionUnits, ...]
    reason: str


async def read(tx: Tx, caller: Caller, claim_id: str) -> Dispositions:
    """Raises NotFoundError."""
    stored = await require_claim(tx, caller, claim_id)
    return _dispositions(stored.claim, await disposition_changes.of_claim(tx, caller.merchant_id, claim_id))


async def change(
    tx: Tx, caller: Caller, claim_id: str, new: NewDisposition, by: Actor, now: datetime
) -> Dispositions:  # fmt: skip
    """Raises NotFoundError, InvalidError for a line that the claim has not, and ConflictError before the inspection and
    for another number of units than the shop keeps."""
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await require_claim(tx, caller, claim_id)
    line = stored.claim.line(new.line_id)
    if line is None:
        raise InvalidError("line_not_in_claim", line_id=new.line_id, field="line_id")
    if line.accepted is None:
        raise ConflictError("not_inspected", line_id=new.line_id)
    quantity = sum(each.quantity for each in new.units)
    if quantity != _kept(line):
        raise ConflictError("other_units_kept", field="units", line_id=new.line_id, kept=_kept(line), quantity=quantity)
    before = await disposition_changes.of_claim(tx, caller.merchant_id, claim_id)
    if len(before) >= MOST_CHANGES:
        raise ConflictError("too_many_disposition_changes", limit=MOST_CHANGES)
    made = DispositionChange(
        change_id=new_id(now),
        line_id=new.line_id,
        units=new.units,
        reason=new.reason,
        changed_by=by.name,
        changed_at=now,
    )
    await disposition_changes.add(tx, caller.merchant_id, claim_id, made)
    data = {"by": by, "line_id": made.line_id, "units": [asdict(each) for each in made.units]}
    await record_aside(tx, caller.merchant_id, stored, DISPOSITION_CHANGED, data, now)
    return _dispositions(stored.claim, [*before, made])


def _dispositions(claim: Claim, changes: list[DispositionChange]) -> Dispositions:
    inspected = [line for line in claim.lines if line.accepted is not None and line.received]
    at_inspection = {line.line_id: _at_inspection(line) for line in inspected}
    now = {each.line_id: each.units for each in changes if each.line_id in at_inspection}
    return Dispositions(lines={**at_inspection, **now}, changes=tuple(changes))


def _at_inspection(line: ClaimLine) -> tuple[DispositionUnits, ...]:
    if not _kept(line):
        return ()
    return (DispositionUnits(disposition=line.disposition or Disposition.RESTOCK, quantity=_kept(line)),)


def _kept(line: ClaimLine) -> int:
    """Units that came back and do not go to the buyer again."""
    return min(line.accepted or 0, line.received)
