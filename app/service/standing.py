"""What the engine says about a claim as it stands: its assessment and its amounts, fixed or projected."""

from dataclasses import dataclass
from typing import Any

from app.engine.amounts.refund_breakdown import projected_breakdown
from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim
from app.engine.model.vocabulary import State
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


def beside(claim: Claim, standing: Standing) -> dict[str, Any]:
    """The parts of the standing that the claim itself does not hold, for the data of an event."""
    is_open = claim.assessment is None or claim.state is State.REQUESTED
    assessment = {"assessment": standing.assessment} if is_open else {}
    return assessment | ({"amounts": standing.amounts} if claim.amounts is None else {})
