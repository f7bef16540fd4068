"""The options of a buyer: for each line and kind of claim, the quote of a request for all units that are free."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.engine.decide import Refused
from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.copies import replace
from app.engine.model.order import OrderLine
from app.engine.model.refusals import Refusal
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.facts import Facts
from app.engine.quote import Quote, quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The quote of a request with any of these reasons. The claim of the quote has the first of them."""

    reasons: tuple[Reason, ...]
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A request of one kind for `quantity` units of a line: its outcomes by reason, or else its refusals."""

    kind: Kind
    quantity: int
    outcomes: tuple[Outcome, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOptions:
    line: OrderLine
    options: tuple[Option, ...]


REASONS: Mapping[Kind, tuple[Reason, ...]] = {
    Kind.CANCEL: (
        *(Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.ORDERED_BY_MISTAKE, Reason.DELAYED_BY_BUYER),
        *(Reason.NOT_AS_DESCRIBED, Reason.DELAYED_DELIVERY, Reason.LOST_IN_DELIVERY, Reason.OTHER),
    ),
    Kind.RETURN: (
        *(Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.ORDERED_BY_MISTAKE, Reason.NOT_SATISFIED),
        *(Reason.NOT_AS_DESCRIBED, Reason.DEFECTIVE, Reason.WRONG_ITEM, Reason.MISSING_ITEM),
        *(Reason.DELAYED_DELIVERY, Reason.OTHER),
    ),
    Kind.EXCHANGE: (
        *(Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.ORDERED_BY_MISTAKE, Reason.NOT_SATISFIED),
        *(Reason.NOT_AS_DESCRIBED, Reason.DEFECTIVE, Reason.WRONG_ITEM, Reason.MISSING_ITEM, Reason.OTHER),
    ),
    Kind.REFUND: (
        *(Reason.NOT_AS_DESCRIBED, Reason.DEFECTIVE, Reason.WRONG_ITEM, Reason.MISSING_ITEM),
        *(Reason.DELAYED_DELIVERY, Reason.LOST_IN_DELIVERY, Reason.OTHER),
    ),
    Kind.REPAIR: (Reason.NOT_AS_DESCRIBED, Reason.DEFECTIVE, Reason.OTHER),
}
"""The reasons that a buyer can have for each kind. `out_of_stock` and `goodwill` are reasons of the seller."""


def options(
    lines: Iterable[OrderLine], facts: Facts, by: Actor, *, reasons: Collection[Reason] = frozenset(Reason)
) -> Iterator[LineOptions]:
    """The options of each of these lines of the order, for a buyer who asks now for one of these reasons and declares
    nothing about the goods. A kind that has none of the reasons is left out."""
    asked = {kind: tuple([reason for reason in possible if reason in reasons]) for kind, possible in REASONS.items()}
    for line in lines:
        judged = [_option(kind, possible, line, facts, by) for kind, possible in asked.items() if possible]
        yield LineOptions(line=line, options=tuple(judged))


def _option(kind: Kind, reasons: tuple[Reason, ...], line: OrderLine, facts: Facts, by: Actor) -> Option:
    """One reason of each group is quoted, and the others of the group have the same quote."""
    groups = _groups(kind, reasons, line, facts)
    quantity = free_units(kind, line)
    request = Request(
        by=by,
        claim_id="",
        kind=kind,
        reason=reasons[0],
        lines=(RequestedLine(line_id=line.line_id, quantity=quantity),),
        requested_at=facts.now,
    )
    answers = quotes(request, [group[0] for group in groups], facts)
    if isinstance(answers, Refused):
        return Option(kind=kind, quantity=quantity, refusals=answers.refusals)
    outcomes: list[Outcome] = []
    for group, answer in zip(groups, answers, strict=True):
        _add(outcomes, group, answer)
    return Option(kind=kind, quantity=quantity, outcomes=tuple(outcomes))


def _groups(kind: Kind, reasons: tuple[Reason, ...], line: OrderLine, facts: Facts) -> tuple[tuple[Reason, ...], ...]:
    """A cancellation of goods that leave in the future, by a clock that differs, becomes a return at once. The rules
    for returns tell other reasons apart."""
    if kind is Kind.CANCEL and line.shipped_at is not None and line.shipped_at > facts.now:
        return tuple([(reason,) for reason in reasons])
    return facts.rules.alike(kind, line.nature, reasons)


def free_units(kind: Kind, line: OrderLine) -> int:
    """The units that a request of this kind can have. Without any, one unit, so that the refusal says why."""
    if kind is Kind.CANCEL:
        stoppable = min(line.untouched, line.unshipped - line.units.open_cancel)
        return max(1, stoppable if stoppable > 0 else line.untouched)
    return max(1, min(line.untouched, line.in_buyers_hands))


def _add(outcomes: list[Outcome], reasons: tuple[Reason, ...], answer: Quote) -> None:
    """Reasons with the same result stand in one outcome."""
    for place, other in enumerate(outcomes):
        if _is_same(other.quote, answer):
            outcomes[place] = replace(other, reasons=(*other.reasons, *reasons))
            return
    outcomes.append(Outcome(reasons=reasons, quote=answer))


def _is_same(one: Quote, other: Quote) -> bool:
    ours, theirs = one.claim, other.claim
    return (
        (ours.kind, ours.fault, ours.deadlines) == (theirs.kind, theirs.fault, theirs.deadlines)
        and one.following == other.following
        and one.standing == other.standing
    )
