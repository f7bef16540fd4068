"""The `data` of the event of a survey."""

from pydantic import Field

from app.service.events.schemas import HistoryEventData
from app.service.resources.claim_parts import ActorBody
from app.service.resources.survey import SurveyFacts


class SurveyEventData(HistoryEventData):
    """What a buyer said about a claim after its end, in the claim's history. The words of the buyer are not in it."""

    by: ActorBody = Field(description="The buyer.")
    survey: SurveyFacts = Field(description="What the buyer said.")
