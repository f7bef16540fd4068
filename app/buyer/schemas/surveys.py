"""The bodies of a survey for the buyer: the answer, and what is asked."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from app.api.schemas.commands import example
from app.api.schemas.common import Input, Message
from app.buyer.shapes import body_for_buyer, for_buyer
from app.engine.model.claim import Actor
from app.records.survey import SurveyQuestion, SurveyScore
from app.service.resources.survey import SurveyBody, survey_body
from app.service.surveys import NewSurvey, SurveyView

LONGEST_TEXT = 500

SurveyForBuyer: Any = for_buyer(SurveyBody)


class AnswerSurveyForBuyerRequest(Input):
    """How the handling of your claim was. You can answer once."""

    model_config = example(score="good", text="답변이 빨라서 좋았어요.")

    score: SurveyScore = Field(description="How you found the handling of the claim.")
    reason_understood: StrictBool | None = Field(
        default=None, description="Only after a rejection: whether you understood the reason."
    )
    alternative_found: StrictBool | None = Field(
        default=None, description="Only after a rejection: whether you found another solution."
    )
    text: Annotated[Message, StringConstraints(pattern=r"\S", max_length=LONGEST_TEXT)] | None = Field(
        default=None, description="What you want to say about it."
    )

    def new(self, by: Actor) -> NewSurvey:
        return NewSurvey(
            by=by,
            score=self.score,
            reason_understood=self.reason_understood,
            alternative_found=self.alternative_found,
            text=self.text,
        )


class BuyerSurveyBody(BaseModel):
    """What you are asked about a claim after its end, and what you have answered."""

    questions: list[SurveyQuestion] = Field(
        description="What you can answer now. Empty: the claim has not ended, the time is over, the shop does not ask,"
        " or you have answered."
    )
    answer_by: datetime | None = Field(
        description="The first instant that is too late. Null before the end of the claim, and if the shop does not"
        " ask."
    )
    answer: SurveyForBuyer | None = Field(description="Your answer. Null until then.")


def buyer_survey_body(view: SurveyView) -> dict[str, Any]:
    return {
        "questions": view.questions,
        "answer_by": view.answer_by,
        "answer": body_for_buyer(SurveyBody, survey_body(view.answer)) if view.answer else None,
    }
