"""The claim as it is answered: the engine's own values, described."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import Fault, Kind, Reason
from app.service.resources.amounts import RefundBreakdownBody
from app.service.resources.assessment import AssessmentBody
from app.service.resources.claim import ClaimBody
from app.service.resources.claim_parts import DeadlinesBody


class ClaimPage(BaseModel):
    """A page of a list of claims."""

    data: list[ClaimBody] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="Null on the last page.")


class QuoteBody(BaseModel):
    """What a claim would be worth. `following` are the events that would follow it by themselves."""

    order_id: str = Field(description="The order that it would be on.")
    kind: Kind = Field(description="What it would be: a cancellation may have been overtaken.")
    reason: Reason = Field(description="Why it is asked for.")
    fault: Fault = Field(description="Whose doing it is.")
    deadlines: DeadlinesBody = Field(description="By when what would have to happen.")
    assessment: AssessmentBody = Field(description="Whether the buyer is entitled to it, and why.")
    amounts: RefundBreakdownBody = Field(description="What it would come to.")
    following: list[str] = Field(description="Events that would follow the request by themselves.")


class ClaimHistoryEntry(BaseModel):
    """One step of a claim's history. `hash` is over the content and `previous`, the hash of the step before."""

    event_id: str = Field(description="The same in the feed and in webhooks.")
    claim_id: str = Field(description="Whose step it is.")
    seq: int = Field(description="Counts the claim's events from 1.")
    type: str = Field(description="What happened, in the past tense.")
    occurred_at: datetime = Field(description="When.")
    data: dict[str, Any] = Field(
        description="Who did it, with which command and effects, and the claim as it then stood; or the refund."
    )
    previous: str = Field(description="The hash of the event before.")
    hash: str = Field(description="SHA-256 over `previous` and this event.")


class ClaimHistoryPage(BaseModel):
    """A page of a claim's history."""

    data: list[ClaimHistoryEntry] = Field(description="Oldest first.")
    next_cursor: str | None = Field(description="Null on the last page.")
