"""Money that the bank or the payment provider took from a payment and paid back to the buyer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReversalKind(StrEnum):
    """`chargeback`: the bank took the money. `dispute`: the provider holds the money while a dispute is open.
    `provider_refund`: somebody refunded the payment at the provider's site."""

    CHARGEBACK = "chargeback"
    DISPUTE = "dispute"
    PROVIDER_REFUND = "provider_refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """`reversal_id` is the provider's own id. `amount` is in minor units. `won_at` is when the money came back to the
    seller."""

    order_id: str
    payment_id: str
    reversal_id: str
    kind: ReversalKind
    amount: int
    reversed_at: datetime
    won_at: datetime | None = None
