"""Suggestions of the engine tests."""

from datetime import datetime

from app.engine import Facts, Suggestion, standing_of, suggestion
from app.engine.model.claim import Claim


def suggested(claim: Claim, facts: Facts, answered_at: datetime | None = None) -> Suggestion | None:
    return suggestion(claim, facts, standing_of(claim, facts).assessment, answered_at=answered_at)
