"""The public shapes of what a claim asked for: before an edit, and when the buyer first asked for what."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.claim import Claim
from app.engine.model.vocabulary import Declared, Fault, Reason
from app.service.resources.claim_parts import ReplacementBody


class AskedUnitsBody(BaseModel):
    """Units of a line that the buyer asked for, and the instant at which their window is judged."""

    reason: Reason = Field(description="Why the buyer asked for them.")
    fault: Fault = Field(description="The side that caused the claim, as it was then.")
    line_id: str = Field(description="The order line.")
    quantity: int = Field(description="The units.")
    asked_at: datetime = Field(description="When the buyer first asked for so many units for this reason.")


class AskedLineBody(BaseModel):
    """Units of one order line that the claim asked for."""

    line_id: str = Field(description="The order line.")
    quantity: int = Field(description="The units.")
    replacement: ReplacementBody | None = Field(description="In an exchange: the goods that were to be sent instead.")
    used_parts: int = Field(description="How many parts of the units were used up.")


class AskedBody(BaseModel):
    """What a claim asked for before an edit."""

    reason: Reason = Field(description="The reason.")
    fault: Fault = Field(description="The side that caused the claim.")
    lines: list[AskedLineBody] = Field(description="The units by line.")
    discovered_at: datetime | None = Field(description="When the buyer discovered the defect.")
    conditions: list[Declared] = Field(description="What the buyer declared about the goods.")
    note: str | None = Field(description="The note in the buyer's words.")
    amount: int | None = Field(description="Kind `refund` only: the sum below the full value, in minor units.")


_LINE_FIELDS = tuple(AskedLineBody.model_fields)


def asked_values(claim: Claim) -> dict[str, Any]:
    """The values of an AskedBody."""
    submission = claim.submission
    return {
        "reason": claim.reason,
        "fault": claim.fault,
        "lines": [{name: getattr(line, name) for name in _LINE_FIELDS} for line in claim.lines],
        "discovered_at": submission.discovered_at,
        "conditions": sorted(submission.conditions),
        "note": submission.note,
        "amount": submission.amount,
    }
