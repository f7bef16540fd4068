"""The public shape of a refund."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.late_interest import LateInterest
from app.engine.model.refund import Refund, RefundStatus, late_interest_at, late_interest_percent
from app.engine.model.vocabulary import RefundTo
from app.records.refund import StoredRefund


class RefundPartBody(BaseModel):
    """Money of a refund that was paid, and how."""

    method: str = Field(description="The method that the money was paid by.")
    amount: int = Field(description="In minor units.")
    paid_at: datetime = Field(description="When the payment was reported.")
    provider_reference: str | None = Field(description="The provider's name for the payment.")


class RefundBody(BaseModel):
    """Money that a claim owes to one payment. Send `idempotency_key` to the provider with every attempt."""

    refund_id: str = Field(description="The service makes the id.")
    claim_id: str = Field(description="The claim that owes the money.")
    order_id: str = Field(description="The order of the claim.")
    payment_id: str = Field(description="The payment that the money goes back to.")
    method: str = Field(description="The method of that payment.")
    amount: int = Field(description="In minor units.")
    tax_free: int = Field(
        description="The part of `amount` on which no tax was charged. Some providers ask for this part."
        " 0 in refunds of 0.2 and before."
    )
    currency: str = Field(description="ISO 4217.")
    idempotency_key: str = Field(description="For the provider, the same for every attempt.")
    created_at: datetime = Field(description="When the money became owed.")
    due_on: date | None = Field(description="The last local day to pay the refund.")
    due_by: datetime | None = Field(description="The first instant that is too late.")
    status: RefundStatus = Field(description="How far the payment is.")
    attempts: int = Field(description="How often the refund was sent to the provider.")
    provider_reference: str | None = Field(description="The provider's name for the payment.")
    failure: str | None = Field(description="Why the last attempt failed, in the provider's words.")
    updated_at: datetime | None = Field(description="When the last report came.")
    late_interest_percent: int | None = Field(
        description="Interest for a year on money that comes late, in percent."
        " Null if `late_interest_rule` is more than one whole percent for a year."
    )
    late_interest_rule: LateInterest | None = Field(
        description="The rule for the interest, as it was when the money became owed. Null for no interest."
    )
    late_interest: int = Field(
        description="The interest on a late refund, in addition to `amount`. In an answer: until now."
        " In an event: until the event. Fixed when the refund has succeeded."
    )
    time_zone: str = Field(description="The time zone of the local days that count for interest.")
    overdue_at: datetime | None = Field(description="When the service published that the refund is late.")
    payer: str | None = Field(description="Who works on the refund, while it is in progress. Null: not named.")
    lease_ends_at: datetime | None = Field(
        description="Nobody else may begin an attempt before this instant. Null unless the refund is in progress."
    )
    refund_to: RefundTo = Field(
        description="`account`: the payment's method cannot take money back, so the buyer names an account."
    )
    failed_at: datetime | None = Field(description="When an attempt last failed. The refund may then take another way.")
    parts: list[RefundPartBody] = Field(description="What was paid so far, and how. A success completes the amount.")
    paid: int = Field(description="The sum of `parts`. The refund has succeeded when it is `amount`.")
    version: int = Field(description="Grows with every report. Also the ETag.")
    claim_version: int = Field(description="The version of the claim whose decision created the refund.")
    metadata: dict[str, str] = Field(description="Your own keys and values. No decision uses them.")


def refund_body(stored: StoredRefund, now: datetime) -> dict[str, Any]:
    """The refund with the interest that it bears at an instant, and its metadata."""
    return {**refund_values(stored.refund, now), "metadata": stored.metadata}


def refund_values(refund: Refund, now: datetime) -> dict[str, Any]:
    """The refund as an event stores it: without the metadata, which is added when the event is published."""
    return {
        **{name: getattr(refund, name) for name in refund.__slots__},
        "paid": refund.paid,
        "late_interest_percent": late_interest_percent(refund),
        "late_interest": late_interest_at(refund, now),
    }
