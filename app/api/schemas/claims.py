"""The answers about claims: pages, quotes and history."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.schemas.sorting import CountedPage
from app.engine.model.vocabulary import Fault, Kind, Reason
from app.service.resources.amounts import RefundBreakdownBody
from app.service.resources.assessment import AssessmentBody
from app.service.resources.claim import ClaimBody
from app.service.resources.claim_parts import DeadlinesBody


class ClaimPage(CountedPage):
    """A page of a list of claims."""

    data: list[ClaimBody] = Field(description="In the order of `sort`.")


class QuoteBody(BaseModel):
    """The assessment and the amounts that a claim would have."""

    order_id: str = Field(description="The order of the claim.")
    kind: Kind = Field(
        description="The kind of the claim. If the goods were shipped, a cancellation may become a return."
    )
    reason: Reason = Field(description="Why the buyer makes the claim.")
    fault: Fault = Field(description="The side that caused the claim.")
    deadlines: DeadlinesBody = Field(description="The deadlines that the claim would have.")
    assessment: AssessmentBody = Field(description="The assessment that the claim would have.")
    amounts: RefundBreakdownBody = Field(description="The amounts that the claim would have.")
    still_owed: int = Field(description="What the buyer will have to pay, in minor units.")
    following: list[str] = Field(
        description="Events that the policy would publish after the request, without a person."
    )


class ClaimHistoryEntry(BaseModel):
    """One event of a claim's history. `hash` covers the content and `previous`, the hash of the event before."""

    event_id: str = Field(description="The event's id, the same in the feed and in webhooks.")
    claim_id: str = Field(description="The claim.")
    seq: int = Field(description="Counts the claim's events from 1.")
    type: str = Field(description="What happened, in the past tense.")
    occurred_at: datetime = Field(description="When the event happened.")
    data: dict[str, Any] = Field(
        description="The actor, the command, its effects and the claim after the event. For refund events: the refund."
    )
    previous: str = Field(description="The hash of the event before.")
    hash: str = Field(description="SHA-256 over `previous` and this event.")


class ClaimHistoryPage(BaseModel):
    """A page of a claim's history."""

    data: list[ClaimHistoryEntry] = Field(description="Oldest first.")
    next_cursor: str | None = Field(description="Null on the last page.")
