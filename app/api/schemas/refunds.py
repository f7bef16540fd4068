"""The bodies of refunds."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.common import Amount, Input, Message, Name, Word
from app.engine.model.refund import Report, Reported
from app.service.resources.refund import RefundBody


class RefundReport(Input):
    """The report of the payer. If `amount`, `method` or `idempotency_key` are given and differ from the refund,
    the report is refused."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"provider_reference": "re_81", "amount": 9000, "method": "card"}]}
    )

    provider_reference: Name | None = Field(default=None, description="The provider's id of the payment.")
    amount: Amount | None = Field(default=None, description="Must be the amount of the refund.")
    method: Word | None = Field(default=None, description="Must be the method of the refund.")
    idempotency_key: Name | None = Field(default=None, description="Must be the key of the refund.")
    failure: Message | None = Field(default=None, description="Why the refund failed, in the provider's words.")

    def reported(self, report: Report, at: datetime) -> Reported:
        return Reported(report=report, at=at, **{name: getattr(self, name) for name in RefundReport.model_fields})


class RefundPage(BaseModel):
    """A page of a list of refunds."""

    data: list[RefundBody] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="Null on the last page.")
