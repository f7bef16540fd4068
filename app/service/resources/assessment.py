"""The public shape of an assessment: whether the buyer is entitled to a claim, and why."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.engine.model.assessment import Verdict
from app.engine.model.vocabulary import Fault, Ground


class FindingBody(BaseModel):
    """A ground against the claim."""

    ground: Ground = Field(description="The ground.")
    line_ids: list[str] = Field(description="The lines that the ground concerns.")
    citation: str = Field(description="The article or the policy that the ground rests on.")


class WindowBody(BaseModel):
    """The time in which the claim may be requested: `[opens_at, closes_at)`.

    All three times are null while the goods can be stopped without a time limit, or while the event that starts the
    window is unknown.
    """

    rule: str = Field(description="The code of the window in the policy.")
    citation: str = Field(description="The article or the policy that the window rests on.")
    opens_at: datetime | None = Field(description="The first instant inside.")
    closes_at: datetime | None = Field(description="The first instant outside.")
    ends_on: date | None = Field(description="The last local day inside.")


class AssessmentBody(BaseModel):
    """Whether the buyer is entitled to the claim, and why."""

    verdict: Verdict = Field(description="The result.")
    findings: list[FindingBody] = Field(description="The grounds against the claim.")
    window: WindowBody | None = Field(description="The window that judged the claim. Null without a window.")
    fault: Fault = Field(description="The side that caused the claim.")
    return_shipping_payer: Fault | None = Field(description="Who pays for sending the goods back.")
    alternatives_required: bool = Field(description="Whether a rejection must name an alternative.")
    automatic: str | None = Field(description="What the policy does automatically. Null: nothing.")
    policy: str = Field(description="The policy version that judged the claim.")
    holidays: str = Field(description="The release of the holiday data that the window was counted with.")
