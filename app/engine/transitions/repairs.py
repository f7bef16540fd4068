"""The steps of a repair: the claim holds its units until they are with the buyer again or another remedy has them."""

from collections.abc import Iterable

from app.engine.model.claim import Claim
from app.engine.model.claim_lines import goods
from app.engine.model.commands import Convert, happened_at
from app.engine.model.effects import AddRecord, CountRepair, Effect, SendBack, UnitStatus
from app.engine.model.vocabulary import CureFailure, Kind, Record
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.steps import days_waited, move

_HELD = UnitStatus.OPEN_OTHER
_SETTLED_ON = {Kind.RETURN: UnitStatus.RETURNED, Kind.EXCHANGE: UnitStatus.EXCHANGED}
_RECORDS = {CureFailure.REFUSED: Record.CURE_REFUSED, CureFailure.LATE: Record.CURE_LATE}


def free_refused_units(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Units that are not repaired go back to the buyer, and are free again."""
    rest = ((line, line.quantity - line.payable) for line in current.lines)
    return current, [move(line.line_id, count, _HELD, UnitStatus.UNTOUCHED) for line, count in rest if count]


def send_repaired(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    repaired = [line for line, _ in goods(current, context.facts.order) if line.payable]
    return current, [SendBack(line_id=line.line_id, quantity=line.payable) for line in repaired]


def return_repaired(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The repaired units are with the buyer and free again. Their lines count the repair and the days without the
    goods."""
    stated = happened_at(context.command) if context.command else None
    back_at = stated or context.facts.now
    waited = days_waited(current, context.facts, back_at)
    repaired = [line for line in current.lines if line.payable]
    return current, [
        *(move(line.line_id, line.payable, _HELD, UnitStatus.UNTOUCHED) for line in repaired),
        *(CountRepair(line_id=line.line_id, cure_days=waited, repaired_at=back_at) for line in repaired),
    ]


def settle_accepted_units(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The remedy that the repair became takes the units that were accepted for the repair."""
    target = _SETTLED_ON[current.kind]
    return current, [move(line.line_id, line.payable, _HELD, target) for line in current.lines if line.payable]


def record_failure(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """What opens the next remedy stays with the lines: a repair that failed, or what the seller refused or did too
    late."""
    because = context.command.because if isinstance(context.command, Convert) else None
    if because is None:
        return current, ()
    line_ids = [line.line_id for line in current.lines if line.payable]
    if because is CureFailure.FAILED:
        return current, [CountRepair(line_id=line_id) for line_id in line_ids]
    return current, [AddRecord(line_id=line_id, record=_RECORDS[because]) for line_id in line_ids]
