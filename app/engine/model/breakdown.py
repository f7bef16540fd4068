"""The value of a claim, step by step. Each step has a sentence that a buyer can read."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.model.vocabulary import FeeCollection, Word


class StepCode(Word):
    """The kind of a step. The step's `rule` is a sentence for it."""

    GOODS = "goods"
    EARLIER_CREDIT = "earlier_credit"
    DISCOUNT_RESTORED = "discount_restored"
    REPLACEMENT = "replacement"
    REQUESTED_AMOUNT = "requested_amount"
    SHIPPING = "shipping"
    OUTBOUND_RETURNED = "outbound_returned"
    RETURN_FEE = "return_fee"
    RESTOCKING_FEE = "restocking_fee"
    OUTBOUND_FEE = "outbound_fee"
    EXCHANGE_FEE = "exchange_fee"
    BUYER_PAID = "buyer_paid"
    DISCOUNT_LOST = "discount_lost"
    USED_PART = "used_part"
    USED_VALUE = "used_value"
    MISSING_PARTS = "missing_parts"
    DAMAGE = "damage"
    KEPT_GOODS = "kept_goods"
    NOT_CAPTURED = "not_captured"


RULES: Mapping[StepCode, str] = {
    StepCode.GOODS: "The amount paid for these units: the price after discounts, with tax.",
    StepCode.EARLIER_CREDIT: "The amount already refunded for these units.",
    StepCode.DISCOUNT_RESTORED: "The part of the order's discount that was charged again for these units.",
    StepCode.REPLACEMENT: "The price of the replacement.",
    StepCode.REQUESTED_AMOUNT: "The difference to the agreed amount.",
    StepCode.SHIPPING: "The outbound shipping that the buyer paid. It is refunded with the last goods.",
    StepCode.OUTBOUND_RETURNED: "The outbound shipping of an earlier claim. It is refunded with the last goods.",
    StepCode.RETURN_FEE: "The buyer pays the return shipping.",
    StepCode.RESTOCKING_FEE: "The restocking fee: a share of the price, rounded down.",
    StepCode.OUTBOUND_FEE: "The kept goods are below the value for free shipping. The buyer pays the shipping.",
    StepCode.EXCHANGE_FEE: "The buyer pays the shipping of the exchange in both directions.",
    StepCode.BUYER_PAID: "The extra amount that the buyer paid for an exchange that did not happen.",
    StepCode.DISCOUNT_LOST: "The kept goods are below the minimum value for the order's discount.",
    StepCode.USED_PART: "The used parts, as a share of the amount paid.",
    StepCode.USED_VALUE: "The value that the goods lost through use.",
    StepCode.MISSING_PARTS: "Parts that did not come back with the goods.",
    StepCode.DAMAGE: "Damage to the goods by the buyer.",
    StepCode.KEPT_GOODS: "Goods that did not come back after their replacement was sent.",
    StepCode.NOT_CAPTURED: "The refund cannot exceed the captured amount.",
}
"""A sentence for each step, for the seller and the buyer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakdownStep:
    """One addend in minor units: positive for the buyer, negative for the seller. `tax` is the tax in `amount`. `rule`
    is a sentence. `citation` names the law or the policy behind the step."""

    code: StepCode
    amount: int
    tax: int = 0
    line_id: str | None = None
    quantity: int | None = None
    rule: str = ""
    citation: str | None = None


def step(
    code: StepCode,
    amount: int,
    *,
    tax: int = 0,
    line_id: str | None = None,
    quantity: int | None = None,
    citation: str | None = None,
) -> BreakdownStep:
    """A step with its sentence."""
    return BreakdownStep(
        code=code,
        amount=amount,
        tax=tax,
        line_id=line_id,
        quantity=quantity,
        rule=RULES[code],
        citation=citation,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentShare:
    payment_id: str
    method: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundBreakdown:
    """`total` minus `buyer_owes` is the sum of the steps. Neither is below zero. Deducted fees reduce the total, and
    the buyer owes the rest. Fees that are collected separately are owed in full.

    `tax` is the tax in all steps. `shares` split `total` over the captured payments and sum to it.
    """

    currency: str
    steps: tuple[BreakdownStep, ...]
    tax: int
    total: int
    buyer_owes: int
    fee_collection: FeeCollection
    shares: tuple[PaymentShare, ...]

    def amount_of(self, code: StepCode) -> int:
        return sum(step.amount for step in self.steps if step.code is code)
