"""The claim as it is answered: the engine's own values, described."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.schemas.common import RefusalBody
from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import (
    Actor,
    BuyerPayment,
    ClaimLine,
    Deadlines,
    Hold,
    Offer,
    Override,
    Reclassification,
    Rejection,
    Tracking,
)
from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Reason, State


class ClaimAction(BaseModel):
    """May this command be given now? If not, `refusals` say why, whatever words it came with."""

    command: str = Field(description="Its name, as in the history.")
    allowed: bool = Field(description="Whether some body would be taken now.")
    refusals: list[RefusalBody] = Field(description="What would meet it whatever the body said.")
    needs: list[str] = Field(description="What it cannot go without: `override` where the claim is not eligible.")
    grounds: list[Ground] = Field(description="Grounds that a rejection could rest on.")


class ClaimBody(BaseModel):
    """A claim, what the engine says of it, and what can be done next."""

    claim_id: str = Field(description="Made by the service; sorts by the time of asking.")
    order_id: str = Field(description="The order that it is on.")
    kind: Kind = Field(description="What is asked for.")
    state: State = Field(description="Where it stands.")
    version: int = Field(description="Also the ETag; grows with every step.")
    reason: Reason = Field(description="Why it is asked for.")
    fault: Fault = Field(description="Whose doing it is.")
    lines: list[ClaimLine] = Field(description="What is claimed, came back, and was accepted.")
    requested_at: datetime = Field(description="When the buyer asked: what windows are judged by.")
    requester: Actor = Field(description="Who asked.")
    discovered_at: datetime | None = Field(description="When what is wrong was found.")
    conditions: list[Declared] = Field(description="What the buyer said of the goods.")
    note: str | None = Field(description="What the buyer wrote.")
    amount: int | None = Field(description="A sum below the full value, for kind `refund`.")
    more_offers: bool = Field(description="Whether the buyer wants to hear of alternatives more than once.")
    hold: Hold | None = Field(description="Why it waits, and until when.")
    offers: list[Offer] = Field(description="Alternatives put to the buyer, oldest first.")
    rejection: Rejection | None = Field(description="On what ground, and in which words, something was refused.")
    override: Override | None = Field(description="Who granted it against the assessment, and why.")
    reclassifications: list[Reclassification] = Field(description="Each change of reason or fault, oldest first.")
    seller_pays_return: bool = Field(description="Whether the return is at the seller's cost whatever the reason says.")
    overtaken: bool = Field(description="Whether the order left while it, or the cancellation before it, was open.")
    split_from: str | None = Field(description="The cancellation that this return was split from.")
    reshipped: bool = Field(description="Whether the replacement has left.")
    buyer_payment: BuyerPayment | None = Field(description="What the buyer paid on top.")
    collection: Tracking | None = Field(description="The parcel that comes back.")
    reshipment: Tracking | None = Field(description="The parcel of the replacement.")
    approved_at: datetime | None = Field(description="When it was granted.")
    dispatched_at: datetime | None = Field(description="When a parcel was named that is on its way back.")
    received_at: datetime | None = Field(description="When goods last came back.")
    closed_at: datetime | None = Field(description="When it came to its end.")
    escalated_at: datetime | None = Field(description="When it was found that nobody had answered in time.")
    deadlines: Deadlines = Field(description="By when what must happen.")
    assessment: Assessment = Field(description="Whether the buyer is entitled to it, and why.")
    amounts: RefundBreakdown = Field(description="Fixed once money is owed, a projection until then.")
    still_owed: int = Field(
        description="What the buyer has yet to pay of `amounts.buyer_owes`: 0 once paid, taken off or let off."
    )
    actions: list[ClaimAction] = Field(description="Every command that claims of its kind take.")
    created_at: datetime = Field(description="When it was first recorded.")
    updated_at: datetime = Field(description="When anything last happened to it.")


class ClaimPage(BaseModel):
    data: list[ClaimBody] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="Null on the last page.")


class QuoteBody(BaseModel):
    """What a claim would be worth. `following` are the events that would follow it by themselves."""

    order_id: str = Field(description="The order that it would be on.")
    kind: Kind = Field(description="What it would be: a cancellation may have been overtaken.")
    reason: Reason = Field(description="Why it is asked for.")
    fault: Fault = Field(description="Whose doing it is.")
    deadlines: Deadlines = Field(description="By when what would have to happen.")
    assessment: Assessment = Field(description="Whether the buyer is entitled to it, and why.")
    amounts: RefundBreakdown = Field(description="What it would come to.")
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
    data: list[ClaimHistoryEntry] = Field(description="Oldest first.")
    next_cursor: str | None = Field(description="Null on the last page.")
