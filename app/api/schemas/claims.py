"""The claim as it is answered: the engine's own values, described."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.schemas.common import RefusalOut
from app.engine.assessment import Assessment
from app.engine.breakdown import RefundBreakdown
from app.engine.claim import (
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
from app.engine.vocabulary import Declared, Fault, Ground, Kind, Reason, State


class ActionOut(BaseModel):
    """May this command be given now? If not, `refusals` say why, whatever words it came with."""

    command: str
    allowed: bool
    refusals: list[RefusalOut]
    needs: list[str] = Field(description="What it cannot go without: `override` where the claim is not eligible.")
    grounds: list[Ground] = Field(description="Grounds that a rejection could rest on.")


class ClaimOut(BaseModel):
    """A claim, what the engine says of it, and what can be done next."""

    claim_id: str
    order_id: str
    kind: Kind
    state: State
    version: int = Field(description="Also the ETag; grows with every step.")
    reason: Reason
    fault: Fault
    lines: list[ClaimLine]
    requested_at: datetime
    requested_by: Actor
    discovered_at: datetime | None
    conditions: list[Declared]
    note: str | None
    amount: int | None
    more_offers: bool
    hold: Hold | None
    offers: list[Offer]
    rejection: Rejection | None
    override: Override | None
    reclassifications: list[Reclassification] = Field(description="Each change of reason or fault, oldest first.")
    seller_pays_return: bool
    overtaken: bool
    split_from: str | None = Field(description="The cancellation that this return was split from.")
    reshipped: bool
    buyer_payment: BuyerPayment | None = Field(description="What the buyer paid on top.")
    collection: Tracking | None
    reshipment: Tracking | None
    approved_at: datetime | None
    dispatched_at: datetime | None = Field(description="When a parcel was named that is on its way back.")
    received_at: datetime | None
    closed_at: datetime | None
    escalated_at: datetime | None = Field(description="When it was found that nobody had answered in time.")
    deadlines: Deadlines
    assessment: Assessment
    amounts: RefundBreakdown = Field(description="Fixed once money is owed, a projection until then.")
    still_owed: int = Field(
        description="What the buyer has yet to pay of `amounts.buyer_owes`: 0 once paid, taken off or let off."
    )
    actions: list[ActionOut]
    created_at: datetime
    updated_at: datetime


class ClaimPage(BaseModel):
    data: list[ClaimOut]
    next_cursor: str | None


class QuoteOut(BaseModel):
    """What a claim would be worth. `following` are the events that would follow it by themselves."""

    order_id: str
    kind: Kind
    reason: Reason
    fault: Fault
    deadlines: Deadlines
    assessment: Assessment
    amounts: RefundBreakdown
    following: list[str]


class EventOut(BaseModel):
    """One step of a claim's history. `hash` is over the content and `previous`, the hash of the step before."""

    event_id: str
    claim_id: str
    seq: int
    type: str
    at: datetime
    data: dict[str, Any]
    previous: str
    hash: str


class EventPage(BaseModel):
    data: list[EventOut]
    next_cursor: str | None
