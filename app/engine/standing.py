"""The assessment and the amounts of a claim now: fixed by a decision, or projected. A quote uses the same code."""

from app.engine.amounts.line_values import with_lines
from app.engine.amounts.parcel_fees import with_fee_carrier
from app.engine.amounts.refund_breakdown import projected_breakdown, read_of_reason
from app.engine.model.assessment import Assessment, Verdict
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim
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
    return Standing(
        assessment=assessment, amounts=projected_breakdown(with_fee_carrier(counted, facts), facts.order, facts.policy)
    )


Amounts = dict[tuple[object, ...], RefundBreakdown]
"""The amounts of claims that are alike in all but reason and fault, by what the amounts read of these."""


def standing_among(claim: Claim, facts: Facts, known: Amounts) -> Standing:
    """The standing of one of several new claims that differ only in their reason and fault. `known` are the amounts of
    the claims before."""
    assessment = standing_assessment(claim, facts)
    counted = _without_ineligible_lines(claim, assessment, facts)
    key = (*read_of_reason(counted), *[line.line_id for line in counted.lines])
    amounts = known.get(key)
    if amounts is None:
        amounts = projected_breakdown(with_fee_carrier(counted, facts), facts.order, facts.policy)
        known[key] = amounts
    return Standing(assessment=assessment, amounts=amounts)


def _without_ineligible_lines(claim: Claim, assessment: Assessment, facts: Facts) -> Claim:
    """Of a request that the buyer is entitled to in part, the lines that the seller cannot reject by the facts. A
    request that is ineligible as a whole counts as a whole."""
    if claim.state is not _REQUESTED or assessment.verdict is not _INELIGIBLE:
        return claim
    ineligible = {line.line_id for line in assessment.lines if line.verdict is _INELIGIBLE}
    lines = [line for line in claim.lines if line.line_id not in ineligible]
    return with_lines(claim, lines, facts.order) if 0 < len(lines) < len(claim.lines) else claim
