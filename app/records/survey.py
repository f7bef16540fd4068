"""Surveys: what a buyer says about a claim after its end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app import json_text
from app.records.field_digest import hash_of, instant, optional


class SurveyScore(StrEnum):
    GOOD = "good"
    SO_SO = "so_so"
    BAD = "bad"


class SurveyQuestion(StrEnum):
    """The name of the field that answers the question."""

    SCORE = "score"
    REASON_UNDERSTOOD = "reason_understood"
    ALTERNATIVE_FOUND = "alternative_found"
    TEXT = "text"


AFTER_REJECTION = (SurveyQuestion.REASON_UNDERSTOOD, SurveyQuestion.ALTERNATIVE_FOUND)
"""The questions that are asked only if the seller rejected the claim or lines of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFilter:
    """Conditions for a list of surveys. None is no condition."""

    score: SurveyScore | None = None
    rejected: bool | None = None
    answered_from: datetime | None = None
    answered_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A buyer's answer about one claim. `rejected`: the seller rejected the claim or lines of it. None is a question
    that the buyer left out. `salt` is random, so that nobody can guess the text from its hash."""

    merchant_id: str
    claim_id: str
    order_id: str
    rejected: bool
    score: SurveyScore
    reason_understood: bool | None
    alternative_found: bool | None
    text: str | None
    answered_at: datetime
    salt: str

    @property
    def hash(self) -> str:
        """SHA-256 over every field."""
        return hash_of(
            (
                *(self.merchant_id, self.claim_id, self.order_id, self.score.value),
                json_text.dump([self.rejected, self.reason_understood, self.alternative_found]),
                *(optional(self.text), instant(self.answered_at), self.salt),
            )
        )
