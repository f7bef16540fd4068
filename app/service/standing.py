"""The parts of a claim's standing that the claim itself does not hold, for the data of an event."""

from typing import Any

from app.engine import Standing
from app.engine.model.claim import Claim
from app.engine.model.vocabulary import State


def beside(claim: Claim, standing: Standing) -> dict[str, Any]:
    is_open = claim.assessment is None or claim.state is State.REQUESTED
    assessment = {"assessment": standing.assessment} if is_open else {}
    return assessment | ({"amounts": standing.amounts} if claim.amounts is None else {})
