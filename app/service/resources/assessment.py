"""The public shape of an assessment: whether the buyer is entitled to a claim, and why."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.engine.model.assessment import Unclear, Verdict
from app.engine.model.vocabulary import Fault, Ground


class FindingBody(BaseModel):
    """A ground against the claim."""

    ground: Ground = Field(description="The ground.")
    line_ids: list[str] = Field(description="The lines that the ground concerns.")
    citation: str = Field(description="The article or the policy that the ground rests on.")


class WindowBody(BaseModel):
    """The time in which the claim may be requested: `[opens_at, closes_at)`.

    All three times are null while the goods can be stopped without a time limit, or while the event that starts the
    window is unknown. Goods on their way that the buyer can withdraw from have `opens_at` alone.
    """

    rule: str = Field(description="The code of the window in the policy.")
    citation: str = Field(description="The article or the policy that the window rests on.")
    opens_at: datetime | None = Field(description="The first instant inside.")
    closes_at: datetime | None = Field(description="The first instant outside.")
    ends_on: date | None = Field(description="The last local day inside.")


class DoubtBody(BaseModel):
    """One reason why a person must look at the claim."""

    why: Unclear = Field(description="The reason.")
    detail: str = Field(description="The reason as a sentence.")
    line_ids: list[str] = Field(description="The lines that the reason concerns.")
    citation: str | None = Field(description="The article or the policy behind the reason.")
    ground: Ground | None = Field(description="The ground that a seller with evidence may reject on.")


class LineAssessmentBody(BaseModel):
    """The judgement of one line by its own delivery, nature and records."""

    line_id: str = Field(description="The line.")
    verdict: Verdict = Field(description="The result for the line.")
    window: WindowBody | None = Field(description="The window that judged the line. Null without a window.")
    grounds: list[Ground] = Field(description="The grounds against the line.")


class AssessmentBody(BaseModel):
    """Whether the buyer is entitled to the claim, and why."""

    verdict: Verdict = Field(description="The worst result of the lines.")
    findings: list[FindingBody] = Field(description="The grounds against the claim.")
    window: WindowBody | None = Field(
        description="The window that closes first, of the windows of all lines. Null without a window."
    )
    fault: Fault = Field(description="The side that caused the claim.")
    return_shipping_payer: Fault | None = Field(description="Who pays for sending the goods back.")
    return_shipping_citation: str | None = Field(
        description="The rule behind the payer. Null if no rule decides, and for a claim that was decided before 0.3.0."
    )
    alternatives_required: bool = Field(description="Whether a rejection must name an alternative.")
    automatic: str | None = Field(description="What the policy does automatically. Null: nothing.")
    policy: str = Field(description="The policy version that judged the claim.")
    holidays: str = Field(description="The release of the holiday data that the window was counted with.")
    lines: list[LineAssessmentBody] = Field(
        description="The result of each line. Empty for a claim that was decided before 0.3.0."
    )
    doubts: list[DoubtBody] = Field(
        description="Why a person must look. A `review` has at least one. Empty if the verdict is `eligible`."
    )
