"""The assessment and the amounts of a claim now: fixed by a decision, or projected. A quote uses the same code."""

from dataclasses import dataclass

from app.engine.amounts.refund_breakdown import projected_breakdown
from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim
from app.engine.policy.facts import Facts
from app.engine.transitions.context import standing_assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    assessment: Assessment
    amounts: RefundBreakdown


def standing_of(claim: Claim, facts: Facts) -> Standing:
    """The amounts that a decision has fixed, or a projection before that decision."""
    return Standing(
        assessment=standing_assessment(claim, facts),
        amounts=claim.amounts or projected_breakdown(claim, facts.order, facts.policy),
    )
