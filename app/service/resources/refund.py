"""The public shape of a refund."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.refund import RefundStatus, late_interest_at
from app.records.refund import StoredRefund


class RefundBody(BaseModel):
    """Money that a claim owes to one payment. Send `idempotency_key` to the provider with every attempt."""

    refund_id: str = Field(description="The service makes the id.")
    claim_id: str = Field(description="The claim that owes the money.")
    order_id: str = Field(description="The order of the claim.")
    payment_id: str = Field(description="The payment that the money goes back to.")
    method: str = Field(description="The method of that payment.")
    amount: int = Field(description="In minor units.")
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
    late_interest_percent: int = Field(description="Interest for a year on money that comes late, in percent.")
    late_interest: int = Field(
        description="The interest on a late refund, in addition to `amount`. In an answer: until now."
        " In an event: until the event. Fixed when the refund has succeeded."
    )
    time_zone: str = Field(description="The time zone of the local days that count for interest.")
    overdue_at: datetime | None = Field(description="When the service published that the refund is late.")
    version: int = Field(description="Grows with every report.")
    metadata: dict[str, str] = Field(description="Your own keys and values. No decision uses them.")


def refund_body(stored: StoredRefund, now: datetime) -> dict[str, Any]:
    """The refund with the interest that it bears at an instant, and its metadata."""
    refund = stored.refund
    values = {name: getattr(refund, name) for name in refund.__slots__}
    return {**values, "late_interest": late_interest_at(refund, now), "metadata": stored.metadata}
