"""Refunds over HTTP."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.common import Amount, Input, Message, Name, Word
from app.engine.refund import RefundStatus, Report, Reported


class ReportIn(Input):
    """What whoever moves the money says. Where `amount`, `method` or `idempotency_key` are given, they must be
    the refund's own: a report for something else is refused."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"provider_reference": "re_81", "amount": 9000, "method": "card"}]}
    )

    provider_reference: Name | None = None
    amount: Amount | None = None
    method: Word | None = None
    idempotency_key: Name | None = None
    failure: Message | None = Field(default=None, description="Why it failed, in the provider's words.")

    def reported(self, report: Report, at: datetime) -> Reported:
        return Reported(report=report, at=at, **{name: getattr(self, name) for name in ReportIn.model_fields})


class RefundOut(BaseModel):
    """Money owed to one payment. Send `idempotency_key` to the provider with every attempt."""

    refund_id: str
    claim_id: str
    order_id: str
    payment_id: str
    method: str
    amount: int
    currency: str
    idempotency_key: str
    created_at: datetime
    due_on: date | None = Field(description="The last local day for the money.")
    due_by: datetime | None = Field(description="The first instant too late.")
    status: RefundStatus
    attempts: int
    provider_reference: str | None
    failure: str | None
    updated_at: datetime | None
    late_interest_percent: int = Field(description="A year's interest on money that comes late, in percent.")
    late_interest: int = Field(
        description="Owed on top of `amount` because it is late, as of now; fixed when the refund has succeeded."
    )
    time_zone: str = Field(description="Whose local days interest is counted in.")
    overdue_at: datetime | None = Field(description="When the refund was found to be late.")
    version: int


class RefundPage(BaseModel):
    data: list[RefundOut]
    next_cursor: str | None
