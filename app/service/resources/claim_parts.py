"""The public shapes of the parts of a claim: lines, hold, offers, decisions, deadlines, parcels."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import (
    Alternative,
    Condition,
    Deduction,
    Disposition,
    Fault,
    Ground,
    HoldReason,
    OfferStatus,
    Reason,
    Role,
)


class ActorBody(BaseModel):
    """Who acts."""

    role: Role = Field(description="The side of the actor.")
    name: str = Field(description="The name in the record: the request's `actor`, or else the key's name.")
    key: str | None = Field(
        description="The name of the API key that sent the command. Null for the system, and in records of 0.2 and"
        " before."
    )


class ReplacementBody(BaseModel):
    """The goods that an exchange sends."""

    sku: str = Field(description="The seller's name of the product.")
    title: str | None = Field(description="The buyer's name of the product.")
    sellable: bool = Field(description="Whether the storefront can send the product.")
    unit_price: int | None = Field(description="In minor units. Null: the replacement is worth the returned goods.")


class ReceiptBody(BaseModel):
    """Units that came back together in one condition."""

    condition: Condition = Field(description="Their condition.")
    quantity: int = Field(description="The number of units.")


class DeductedAmountBody(BaseModel):
    """A deduction from the refund of accepted units."""

    reason: Deduction = Field(description="Why.")
    amount: int = Field(description="In minor units.")
    evidence: list[str] = Field(description="The seller's references that show why.")


class ClaimLineBody(BaseModel):
    """Units of one order line in a claim."""

    line_id: str = Field(description="The order line.")
    quantity: int = Field(description="Units that are claimed.")
    replacement: ReplacementBody | None = Field(description="In an exchange: the goods that are sent instead.")
    receipts: list[ReceiptBody] = Field(description="The units that came back, by condition.")
    accepted: int | None = Field(description="Units that were accepted. Null until the inspection.")
    used_parts: int = Field(description="How many parts of the units are used up.")
    deductions: list[DeductedAmountBody] = Field(description="Deductions from the refund at the inspection.")
    disposition: Disposition | None = Field(description="What happens to the units. Null until the inspection.")
    given_up: int | None = Field(
        description="In an exchange: the value of the units, tax included. Null until it is fixed."
    )
    given_up_tax: int = Field(description="The tax in `given_up`.")
    carried: int = Field(description="In an exchange: the value of the replacement, tax included.")
    carried_tax: int = Field(description="The tax in `carried`.")


class HoldBody(BaseModel):
    """Why a claim waits."""

    reason: HoldReason = Field(description="Why.")
    held_at: datetime = Field(description="When the hold began.")
    ends_at: datetime | None = Field(description="When the hold ends automatically.")
    note: str | None = Field(description="A note for the record.")


class OfferBody(BaseModel):
    """An alternative that the seller offered."""

    offer_id: str = Field(description="The service makes the id.")
    alternative: Alternative = Field(description="The alternative.")
    message: str = Field(description="A text for the buyer.")
    made_at: datetime = Field(description="When.")
    amount: int | None = Field(description="In minor units, where the alternative is worth money.")
    replacement: ReplacementBody | None = Field(description="Where the alternative is an exchange.")
    expires_at: datetime | None = Field(description="When the offer lapses.")
    status: OfferStatus = Field(
        description="Whether the offer is open, and what the buyer answered. `superseded`: the buyer chose another"
        " offer, or a rejection ended the offer."
    )


class RejectionBody(BaseModel):
    """Why the claim, or a part of the goods, was refused."""

    ground: Ground = Field(description="The ground.")
    message: str = Field(description="A text for the buyer.")
    alternatives: list[Alternative] = Field(description="The alternatives that the seller named.")
    evidence: list[str] = Field(description="The seller's references to evidence for the ground.")


class RejectedLineBody(BaseModel):
    """A line that the seller rejected while other lines of the claim went on."""

    line: ClaimLineBody = Field(description="The line as it was claimed.")
    rejection: RejectionBody = Field(description="The rejection.")
    rejected_at: datetime = Field(description="When.")


class OverrideBody(BaseModel):
    """An approval against the assessment."""

    reason: str = Field(description="Why.")
    by: ActorBody = Field(description="Who approved.")
    overridden_at: datetime = Field(description="When.")
    grounds: list[Ground] = Field(description="The grounds that the approval overrides.")


class ReclassificationBody(BaseModel):
    """A change of the reason or the fault."""

    by: ActorBody = Field(description="Who changed it.")
    reclassified_at: datetime = Field(description="When.")
    old_reason: Reason = Field(description="The reason before.")
    old_fault: Fault = Field(description="The fault before.")
    reason: Reason = Field(description="The reason after.")
    fault: Fault = Field(description="The fault after.")
    note: str = Field(description="Why.")
    evidence: list[str] = Field(description="The seller's references to evidence.")


class BuyerPaymentBody(BaseModel):
    """What the buyer paid on the claim."""

    payment_id: str = Field(description="The payment of the order.")
    method: str = Field(description="The payment method.")
    amount: int = Field(description="In minor units.")
    paid_at: datetime = Field(description="When.")


class TrackingBody(BaseModel):
    """The tracking number of a parcel."""

    carrier: str = Field(description="The carrier.")
    number: str = Field(description="The tracking number.")
    tracking_url: str | None = Field(description="The carrier's page of the parcel. Null for a carrier without one.")


class DeadlinesBody(BaseModel):
    """The deadlines of a claim. `_by` is the first instant that is too late."""

    respond_by: datetime | None = Field(
        description="The deadline of the seller's answer. It stands still while an offer or a question waits for the"
        " buyer, and then gets those days back."
    )
    respond_latest_by: datetime | None = Field(
        description="While `respond_by` stands still: the latest that it can move to, because the law's day for the"
        " money or the result does not stand still. Null if the law sets no day."
    )
    collect_by: datetime | None = Field(description="The deadline for the goods to come back.")
    refund_due_on: date | None = Field(description="The last local day for the refund.")
    refund_due_by: datetime | None = Field(description="The deadline of the refund.")
