"""What a claim is worth, step by step, so that a seller can read it to a buyer."""

from dataclasses import dataclass
from enum import StrEnum

from app.engine.copying import quick


class StepCode(StrEnum):
    GOODS = "goods"
    EARLIER_CREDIT = "earlier_credit"
    REQUESTED_AMOUNT = "requested_amount"
    SHIPPING = "shipping"
    RETURN_FEE = "return_fee"
    RESTOCKING_FEE = "restocking_fee"
    OUTBOUND_FEE = "outbound_fee"
    EXCHANGE_FEE = "exchange_fee"
    DEDUCTION = "deduction"
    KEPT_GOODS = "kept_goods"
    NOT_CAPTURED = "not_captured"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One addend in minor units: positive for the buyer, negative for the seller."""

    code: StepCode
    amount: int
    line_id: str | None = None
    quantity: int | None = None
    citation: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentShare:
    payment_id: str
    method: str
    amount: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class RefundBreakdown:
    """`total` is the sum of the steps, never below zero; what the steps lack to zero is `buyer_owes`.

    `shares` split `total` over the captured payments and sum to it.
    """

    currency: str
    steps: tuple[Step, ...]
    total: int
    buyer_owes: int
    shares: tuple[PaymentShare, ...]

    def amount_of(self, code: StepCode) -> int:
        return sum(step.amount for step in self.steps if step.code is code)
