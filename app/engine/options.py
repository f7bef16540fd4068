"""The options of a buyer: for each line and kind of claim, the quote of a request for all units that are free."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.engine.decide import Refused
from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.copies import replace
from app.engine.model.order import OrderLine
from app.engine.model.refusals import Refusal
from app.engine.model.vocabulary import Kind, Reason, fault_of
from app.engine.policy.facts import Facts
from app.engine.policy.policy import Policy
from app.engine.policy.windows import SHOWS_ON_DELIVERY
from app.engine.quote import Quote, quote


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
    asked = {kind: [reason for reason in possible if reason in reasons] for kind, possible in REASONS.items()}
    alike = {kind: _alike(kind, possible, facts.policy) for kind, possible in asked.items() if possible}
    for line in lines:
        yield LineOptions(
            line=line, options=tuple([_option(kind, groups, line, facts, by) for kind, groups in alike.items()])
        )


def _option(kind: Kind, groups: Iterable[Sequence[Reason]], line: OrderLine, facts: Facts, by: Actor) -> Option:
    """No rule refuses a request because of its reason, so the first refusal is that of the kind."""
    request = Request(
        by=by,
        claim_id="",
        kind=kind,
        reason=Reason.OTHER,
        lines=(RequestedLine(line_id=line.line_id, quantity=free_units(kind, line)),),
        requested_at=facts.now,
    )
    outcomes: list[Outcome] = []
    for reasons in groups:
        answer = quote(replace(request, reason=reasons[0]), facts)
        if isinstance(answer, Refused):
            return Option(kind=kind, quantity=request.lines[0].quantity, refusals=answer.refusals)
        _add(outcomes, tuple(reasons), answer)
    return Option(kind=kind, quantity=request.lines[0].quantity, outcomes=tuple(outcomes))


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


def _alike(kind: Kind, reasons: Iterable[Reason], policy: Policy) -> list[list[Reason]]:
    """The reasons in groups. No rule of the policy for a quote of this kind tells two reasons of a group apart."""
    about_reasons = [
        rule.reasons
        for rules in (policy.windows, policy.refund_deadlines, policy.promises)
        for rule in rules
        if rule.reasons is not None and kind in rule.kinds
    ]
    sets = (SHOWS_ON_DELIVERY, _LOST, *about_reasons)
    groups: dict[tuple[object, ...], list[Reason]] = {}
    for reason in reasons:
        groups.setdefault((fault_of(reason), *[reason in each for each in sets]), []).append(reason)
    return list(groups.values())


_LOST = frozenset({Reason.LOST_IN_DELIVERY})
"""The periods and the shipping of lost goods have rules of their own."""
