"""Refunds over HTTP."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.common import Amount, Input, Message, Name, Word
from app.engine.model.refund import RefundStatus, Report, Reported


class RefundReport(Input):
    """What whoever moves the money says. Where `amount`, `method` or `idempotency_key` are given, they must be
    the refund's own: a report for something else is refused."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"provider_reference": "re_81", "amount": 9000, "method": "card"}]}
    )

    provider_reference: Name | None = Field(default=None, description="The provider's name for the payment out.")
    amount: Amount | None = Field(default=None, description="Must be the refund's.")
    method: Word | None = Field(default=None, description="Must be the refund's.")
    idempotency_key: Name | None = Field(default=None, description="Must be the refund's.")
    failure: Message | None = Field(default=None, description="Why it failed, in the provider's words.")

    def reported(self, report: Report, at: datetime) -> Reported:
        return Reported(report=report, at=at, **{name: getattr(self, name) for name in RefundReport.model_fields})


class RefundBody(BaseModel):
    """Money owed to one payment. Send `idempotency_key` to the provider with every attempt."""

    refund_id: str = Field(description="Made by the service.")
    claim_id: str = Field(description="The claim that owes it.")
    order_id: str = Field(description="Its order.")
    payment_id: str = Field(description="The payment that it goes back to.")
    method: str = Field(description="By what the buyer had paid.")
    amount: int = Field(description="In minor units.")
    currency: str = Field(description="ISO 4217.")
    idempotency_key: str = Field(description="For the provider, the same for every attempt.")
    created_at: datetime = Field(description="When it became owed.")
    due_on: date | None = Field(description="The last local day for the money.")
    due_by: datetime | None = Field(description="The first instant too late.")
    status: RefundStatus = Field(description="How far the money is.")
    attempts: int = Field(description="How often the provider has been asked.")
    provider_reference: str | None = Field(description="The provider's name for the payment out.")
    failure: str | None = Field(description="Why it failed last, in the provider's words.")
    updated_at: datetime | None = Field(description="When it was last reported on.")
    late_interest_percent: int = Field(description="A year's interest on money that comes late, in percent.")
    late_interest: int = Field(
        description="Owed on top of `amount` because it is late, as of now; fixed when the refund has succeeded."
    )
    time_zone: str = Field(description="Whose local days interest is counted in.")
    overdue_at: datetime | None = Field(description="When the refund was found to be late.")
    version: int = Field(description="Grows with every report.")


class RefundPage(BaseModel):
    data: list[RefundBody] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="Null on the last page.")
