"""The options of a buyer: for each line and kind of claim, the quote of a request for all units that are free."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from app.engine.decide import Refused
from app.engine.model.assessment import Verdict
from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.copies import replace
from app.engine.model.order import OrderLine
from app.engine.model.refusals import Refusal
from app.engine.model.values import value
from app.engine.model.vocabulary import Ground, Kind, Reason
from app.engine.policy.facts import Facts
from app.engine.quote import Quote, quotes

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every line reads these.
_CANCEL = Kind.CANCEL
_REFUND = Kind.REFUND
_INELIGIBLE = Verdict.INELIGIBLE
_SHIPPED = Ground.ALREADY_SHIPPED


@value
class Outcome:
    """The quote of a request with any of these reasons. The claim of the quote has the first of them."""

    reasons: tuple[Reason, ...]
    quote: Quote


@value
class Option:
    """A request of one kind for `quantity` units of a line: its outcomes by reason, or else its refusals.
    `other_reasons` are reasons that were not judged: no outcome stands for them."""

    kind: Kind
    quantity: int
    outcomes: tuple[Outcome, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    other_reasons: tuple[Reason, ...] = ()


@value
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

TYPICAL: Mapping[Kind, tuple[Reason, ...]] = {
    Kind.CANCEL: (Reason.CHANGE_OF_MIND, Reason.DELAYED_DELIVERY),
    Kind.RETURN: (Reason.CHANGE_OF_MIND, Reason.DEFECTIVE),
    Kind.EXCHANGE: (Reason.CHANGE_OF_MIND, Reason.DEFECTIVE),
    Kind.REFUND: (Reason.DEFECTIVE,),
    Kind.REPAIR: (Reason.DEFECTIVE,),
}
"""For each kind, a reason of each side that can have the claim."""
_ON_THE_WAY = (Reason.DEFECTIVE, Reason.LOST_IN_DELIVERY)
"""The same for a refund of goods that have not all arrived."""
_SHIPPED_ALREADY = (Reason.CHANGE_OF_MIND,)
"""The same for a cancellation of goods that have left: all reasons have the same ground against them."""

_Group = tuple[Reason, ...]
"""Reasons that no rule tells apart."""
_Groups = tuple[_Group, ...]
_NONE: _Groups = ()
_Opened = Callable[[Kind, Reason], Quote] | Refused
"""The quotes of a request that was opened once, or its refusals."""


def options(
    lines: Iterable[OrderLine], facts: Facts, by: Actor, *, reasons: Collection[Reason] = ()
) -> Iterator[LineOptions]:
    """The options of each of these lines of the order, for a buyer who asks now for one of these reasons and declares
    nothing about the goods. A kind that has none of the reasons is left out.

    Without reasons, a typical reason of each side is judged, with all reasons that no rule tells apart from it. The
    others are judged too if none of these is possible, unless the ground against them holds for every reason.
    """
    asked = {kind: tuple([reason for reason in own if reason in reasons]) for kind, own in REASONS.items()}
    for line in lines:
        if reasons:
            named = [(kind, _alike(kind, own, line, facts), _NONE) for kind, own in asked.items() if own]
        else:
            named = [(kind, *_apart(_alike(kind, REASONS[kind], line, facts), _typical(kind, line))) for kind in asked]
        yield LineOptions(line=line, options=tuple(_options(line, named, facts, by)))


def _options(
    line: OrderLine, named: Iterable[tuple[Kind, _Groups, _Groups]], facts: Facts, by: Actor
) -> Iterator[Option]:
    """The kinds other than a cancellation share one opened claim."""
    opened: dict[bool, _Opened] = {}
    for kind, groups, others in named:
        quantity, is_cancellation = free_units(kind, line), kind is _CANCEL
        quote_for = opened.get(is_cancellation)
        if quote_for is None:
            quote_for = opened[is_cancellation] = quotes(_request(kind, groups[0][0], line, quantity, facts, by), facts)
        if isinstance(quote_for, Refused):
            yield Option(kind=kind, quantity=quantity, refusals=quote_for.refusals)
        else:
            yield _judged(kind, quantity, groups, others, quote_for)


def _request(kind: Kind, reason: Reason, line: OrderLine, quantity: int, facts: Facts, by: Actor) -> Request:
    return Request(
        by=by,
        claim_id="",
        kind=kind,
        reason=reason,
        lines=(RequestedLine(line_id=line.line_id, quantity=quantity),),
        requested_at=facts.now,
    )


def _judged(
    kind: Kind, quantity: int, groups: _Groups, others: _Groups, quote_for: Callable[[Kind, Reason], Quote]
) -> Option:
    """One reason of each group is quoted, and the others of the group have the same quote. The other groups are quoted
    if no outcome is possible, unless that is so for every reason."""
    outcomes: list[Outcome] = []
    for group in groups:
        _add(outcomes, group, quote_for(kind, group[0]))
    if others and not any(map(is_possible, outcomes)) and not _have_left(outcomes[0]):
        for group in others:
            _add(outcomes, group, quote_for(kind, group[0]))
        others = ()
    return Option(kind=kind, quantity=quantity, outcomes=tuple(outcomes), other_reasons=tuple(chain(*others)))


def is_possible(outcome: Outcome) -> bool:
    """True if the buyer has the right, or a person must look."""
    return outcome.quote.standing.assessment.verdict is not _INELIGIBLE


def _have_left(outcome: Outcome) -> bool:
    """True if the goods to cancel have left. No reason changes this ground."""
    return _SHIPPED in outcome.quote.standing.assessment.grounds


def _alike(kind: Kind, reasons: tuple[Reason, ...], line: OrderLine, facts: Facts) -> _Groups:
    """A cancellation of goods that leave in the future, by a clock that differs, becomes a return at once. The rules
    for returns tell other reasons apart."""
    if kind is _CANCEL and line.shipped_at is not None and line.shipped_at > facts.now:
        return tuple([(reason,) for reason in reasons])
    return facts.rules.alike(kind, line.nature, reasons)


def _typical(kind: Kind, line: OrderLine) -> _Group:
    if kind is _REFUND and line.delivered < line.shipped:
        return _ON_THE_WAY
    return _SHIPPED_ALREADY if kind is _CANCEL and line.unshipped <= 0 else TYPICAL[kind]


@lru_cache(maxsize=256)
def _apart(groups: _Groups, typical: _Group) -> tuple[_Groups, _Groups]:
    """The groups with a typical reason, and the others."""
    chosen = tuple([group for group in groups if any(reason in group for reason in typical)])
    return chosen, tuple([group for group in groups if group not in chosen])


def free_units(kind: Kind, line: OrderLine) -> int:
    """The units that a request of this kind can have. Without any, one unit, so that the refusal says why."""
    if kind is _CANCEL:
        stoppable = min(line.untouched, line.unshipped - line.units.open_cancel)
        return max(1, stoppable if stoppable > 0 else line.untouched)
    return max(1, min(line.untouched, line.in_buyers_hands))


def _add(outcomes: list[Outcome], reasons: _Group, answer: Quote) -> None:
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
