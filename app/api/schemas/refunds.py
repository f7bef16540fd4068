"""The bodies of refunds."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import ConfigDict, Field, StrictInt

from app.api.schemas.common import Amount, Input, Instant, Message, Name, Word
from app.api.schemas.sorting import CountedPage
from app.engine.model.refund import DEFAULT_LEASE, Report, Reported
from app.engine.model.refund_parts import PaidPart
from app.service.resources.refund import RefundBody


class RefundReport(Input):
    """The report of the payer. The report is refused if `amount` is not what is left of the refund, if the key is not
    the refund's, or if `method` is another one while the money can go back to the payment."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"provider_reference": "re_81", "amount": 9000, "method": "card"}]}
    )

    provider_reference: Name | None = Field(default=None, description="The provider's id of the payment.")
    amount: Amount | None = Field(default=None, description="Must be what is left of the refund.")
    method: Word | None = Field(
        default=None,
        description="How the refund is paid. The payment's, unless the refund goes to an account or has failed.",
    )
    idempotency_key: Name | None = Field(default=None, description="Must be the key of the refund.")
    failure: Message | None = Field(default=None, description="Why the refund failed, in the provider's words.")
    payer: Name | None = Field(
        default=None, description="Your name of the worker or the person who pays the refund, such as `payer-2`."
    )

    def reported(self, report: Report, at: datetime) -> Reported:
        return Reported(report=report, at=at, **{name: getattr(self, name) for name in RefundReport.model_fields})


class RefundPaidReport(RefundReport):
    """The money was paid."""

    paid_at: Instant | None = Field(
        default=None, description="When the money was paid. Interest ends then. The default is now."
    )

    def reported(self, report: Report, at: datetime) -> Reported:
        return replace(super().reported(report, at), paid_at=self.paid_at)


class RefundProcessingReport(RefundReport):
    """You begin to pay the refund. Nobody else may begin before the lease ends."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"payer": "payer-2", "lease_minutes": 15}]})

    lease_minutes: Annotated[StrictInt, Field(ge=1, le=10_080)] = Field(
        default=int(DEFAULT_LEASE / timedelta(minutes=1)),
        description="How long you will work on the refund at most, in minutes. The same `payer` may extend it.",
    )

    def reported(self, report: Report, at: datetime) -> Reported:
        return replace(super().reported(report, at), lease=timedelta(minutes=self.lease_minutes))


class AddRefundPartRequest(Input):
    """A part of the refund that was paid."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"amount": 4000, "method": "bank_transfer", "provider_reference": "tr_17"}]}
    )

    amount: Annotated[Amount, Field(ge=1)] = Field(description="At most what is left of the refund.")
    method: Word | None = Field(
        default=None,
        description="How the part was paid. The default is the method of the payment. Another method is taken if the"
        " refund goes to an account or has failed.",
    )
    provider_reference: Name | None = Field(
        default=None, description="The provider's id. The same method and id again is the same part."
    )

    paid_at: Instant | None = Field(default=None, description="When the part was paid. The default is now.")

    def part(self) -> PaidPart:
        return PaidPart(
            amount=self.amount,
            method=self.method,
            provider_reference=self.provider_reference,
            paid_at=self.paid_at,
        )


class RefundPage(CountedPage):
    """A page of a list of refunds."""

    data: list[RefundBody] = Field(description="In the order of `sort`.")
