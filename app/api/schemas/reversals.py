"""The bodies that report reversals of payments."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from app.api.schemas.common import LARGEST_AMOUNT, Input, Instant, Name
from app.records.reversal import Reversal, ReversalKind


class ReportReversalRequest(Input):
    """Money that the bank or the provider took from a payment."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reversal_id": "dp_1", "kind": "chargeback", "amount": 6000}]}
    )

    reversal_id: Name = Field(description="The provider's id. The same id counts once.")
    kind: ReversalKind = Field(description="Who took the money, and how.")
    amount: Annotated[StrictInt, Field(ge=1, le=LARGEST_AMOUNT)] = Field(
        description="In minor units of the order's currency."
    )
    reversed_at: Instant | None = Field(default=None, description="When the money was taken. The default is now.")

    def reversal(self, order_id: str, payment_id: str, now: datetime) -> Reversal:
        return Reversal(
            order_id=order_id,
            payment_id=payment_id,
            reversal_id=self.reversal_id,
            kind=self.kind,
            amount=self.amount,
            reversed_at=self.reversed_at or now,
        )


class WinReversalRequest(Input):
    """The money of a reversal came back to the seller."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"won_at": "2026-06-20T10:00:00+09:00"}]})

    won_at: Instant | None = Field(default=None, description="When the money came back. The default is now.")


class ReversalBody(BaseModel):
    """A reversal of a payment."""

    reversal_id: str = Field(description="The provider's id.")
    payment_id: str = Field(description="The payment.")
    kind: ReversalKind = Field(description="Who took the money, and how.")
    amount: int = Field(description="In minor units.")
    reversed_at: datetime = Field(description="When the money was taken.")
    won_at: datetime | None = Field(description="When the money came back to the seller. Null until then.")


class ReversalList(BaseModel):
    """The reversals of a payment."""

    data: list[ReversalBody] = Field(description="Oldest first.")
