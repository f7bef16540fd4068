"""The public shape of the shop's own work on a claim."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.claim_work import ClaimWork


class ClaimWorkBody(BaseModel):
    """The shop's own work on a claim. Nobody outside the shop sees it."""

    assignee: str | None = Field(description="The person of the staff whose the claim is.")
    seen_at: datetime | None = Field(description="When somebody of the shop first saw the claim.")
    seen_by: str | None = Field(description="Who saw the claim first.")
    snoozed_until_at: datetime | None = Field(description="Until then the claim is not in the queue.")
    tags: list[str] = Field(description="In the order of the alphabet.")


def claim_work_body(work: ClaimWork) -> dict[str, Any]:
    return {name: getattr(work, name) for name in ClaimWork.__slots__}
