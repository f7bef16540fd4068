"""Refunds over HTTP."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.common import Amount, Input, Message, Name, Word
from app.engine.model.refund import Report, Reported
from app.service.resources.refund import RefundBody


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


class RefundPage(BaseModel):
    """A page of a list of refunds."""

    data: list[RefundBody] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="Null on the last page.")
