"""The assessment and the amounts of a claim now: fixed by a decision, or projected. A quote uses the same code."""

from app.engine.amounts.line_values import LineValue, line_values, with_lines
from app.engine.amounts.parcel_fees import with_fee_carrier
from app.engine.amounts.refund_breakdown import projected_breakdown, read_of_reason, steps_of, total_steps
from app.engine.model.assessment import Assessment, Verdict
from app.engine.model.breakdown import BreakdownStep, RefundBreakdown
from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.values import value
from app.engine.model.vocabulary import State
from app.engine.policy.facts import Facts
from app.engine.transitions.context import standing_assessment

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_REQUESTED = State.REQUESTED
_INELIGIBLE = Verdict.INELIGIBLE


@value
class Standing:
    assessment: Assessment
    amounts: RefundBreakdown


def standing_of(claim: Claim, facts: Facts) -> Standing:
    """The amounts that a decision has fixed, or a projection before that decision."""
    assessment = standing_assessment(claim, facts)
    if claim.amounts is not None:
        return Standing(assessment=assessment, amounts=claim.amounts)
    counted = _without_ineligible_lines(claim, assessment, facts)
    return Standing(assessment=assessment, amounts=_projected(counted, facts))


class Amounts:
    """The amounts of claims that are alike in all but kind, reason and fault: by what the amounts read of these, and by
    their steps. The values of the lines are computed once."""

    __slots__ = ("_values", "by_steps", "known")

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], RefundBreakdown] = {}
        self.by_steps: dict[tuple[BreakdownStep, ...], RefundBreakdown] = {}
        self._values: tuple[LineValue, ...] | None = None

    def values_of(self, claim: Claim, order: Order) -> tuple[LineValue, ...]:
        if self._values is None:
            self._values = line_values(claim, order)
        return self._values


def standing_among(claim: Claim, facts: Facts, amounts: Amounts) -> Standing:
    """The standing of one of several new claims that differ only in their kind, reason and fault. `amounts` are those
    of the claims before."""
    assessment = standing_assessment(claim, facts)
    counted = _without_ineligible_lines(claim, assessment, facts)
    if counted is not claim:
        return Standing(assessment=assessment, amounts=_projected(counted, facts))
    key = read_of_reason(claim)
    known = amounts.known.get(key)
    if known is None:
        known = amounts.known[key] = _new_amounts(claim, facts, amounts)
    return Standing(assessment=assessment, amounts=known)


def _new_amounts(claim: Claim, facts: Facts, amounts: Amounts) -> RefundBreakdown:
    values = amounts.values_of(claim, facts.order)
    steps = tuple(steps_of(with_fee_carrier(claim, facts), values, facts.order, facts.policy))
    known = amounts.by_steps.get(steps)
    if known is None:
        known = amounts.by_steps[steps] = total_steps(steps, facts.order, facts.policy)
    return known


def _projected(claim: Claim, facts: Facts) -> RefundBreakdown:
    return projected_breakdown(with_fee_carrier(claim, facts), facts.order, facts.policy)


def _without_ineligible_lines(claim: Claim, assessment: Assessment, facts: Facts) -> Claim:
    """Of a request that the buyer is entitled to in part, the lines that the seller cannot reject by the facts. A
    request that is ineligible as a whole counts as a whole."""
    if claim.state is not _REQUESTED or assessment.verdict is not _INELIGIBLE:
        return claim
    ineligible = {line.line_id for line in assessment.lines if line.verdict is _INELIGIBLE}
    lines = [line for line in claim.lines if line.line_id not in ineligible]
    return with_lines(claim, lines, facts.order) if 0 < len(lines) < len(claim.lines) else claim
