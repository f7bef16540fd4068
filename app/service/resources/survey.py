"""The public shape of a survey."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.survey import Survey, SurveyScore


class SurveyFacts(BaseModel):
    """What the history of the claim has of a survey: no words of a person."""

    score: SurveyScore = Field(description="How the buyer found the handling of the claim.")
    rejected: bool = Field(description="Whether the seller rejected the claim or lines of it.")
    reason_understood: bool | None = Field(
        description="After a rejection: whether the buyer understood the reason. Null: the buyer left it out."
    )
    alternative_found: bool | None = Field(
        description="After a rejection: whether the buyer found another solution. Null: the buyer left it out."
    )
    answered_at: datetime = Field(description="When the buyer answered.")
    hash: str = Field(description="SHA-256 over the survey, its words and a random salt.")


class SurveyBody(SurveyFacts):
    """What the buyer said about a claim after its end."""

    claim_id: str = Field(description="The claim.")
    order_id: str = Field(description="The order.")
    text: str | None = Field(description="The words of the buyer. Escape them when you show them as HTML.")


_FACTS = tuple(SurveyFacts.model_fields)


def survey_facts(survey: Survey) -> dict[str, Any]:
    return {name: getattr(survey, name) for name in _FACTS}


def survey_body(survey: Survey) -> dict[str, Any]:
    return {**survey_facts(survey), **{name: getattr(survey, name) for name in ("claim_id", "order_id", "text")}}
