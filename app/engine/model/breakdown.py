"""The value of a claim, step by step, in sentences that a seller can read to a buyer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.engine.model.vocabulary import FeeCollection


class StepCode(StrEnum):
    """What a step is for. The step's `rule` says it in a sentence."""

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
    StepCode.GOODS: "What was paid for these units: the price less its discounts, and tax.",
    StepCode.EARLIER_CREDIT: "Less what has been paid back on these units already.",
    StepCode.DISCOUNT_RESTORED: "What was taken back of the order's discount on these units.",
    StepCode.REPLACEMENT: "The price of what is sent in exchange.",
    StepCode.REQUESTED_AMOUNT: "Down to the amount that was agreed on.",
    StepCode.SHIPPING: "The outbound shipping that was paid, with the last of the goods.",
    StepCode.OUTBOUND_RETURNED: "The outbound shipping that an earlier claim charged, with the last of the goods.",
    StepCode.RETURN_FEE: "The cost of sending back is the buyer's.",
    StepCode.RESTOCKING_FEE: "The share of the price that the seller keeps for taking goods back, rounded down.",
    StepCode.OUTBOUND_FEE: "What is kept is below the value that ships free.",
    StepCode.EXCHANGE_FEE: "The cost of both ways of an exchange is the buyer's.",
    StepCode.BUYER_PAID: "What the buyer paid on top for the exchange that did not come about.",
    StepCode.DISCOUNT_LOST: "What is kept is below the value that the order's discount was given for.",
    StepCode.USED_PART: "The parts that were used up, as a share of what was paid.",
    StepCode.USED_VALUE: "What use has taken from the value of the goods.",
    StepCode.MISSING_PARTS: "What did not come back with the goods.",
    StepCode.DAMAGE: "Damage done to the goods by the buyer.",
    StepCode.KEPT_GOODS: "Goods that stayed out though their replacement went first.",
    StepCode.NOT_CAPTURED: "No more is given back than was captured.",
}
"""A sentence for each step, for the seller and the buyer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakdownStep:
    """One addend in minor units: positive for the buyer, negative for the seller. `tax` is the tax in it. `rule` is a
    sentence. `citation` names the law or policy that the step rests on."""

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
    """`total` less `buyer_owes` is the sum of the steps; neither is below zero. Deducted fees reduce the total, and the
    buyer owes what the total does not cover. Fees that are collected apart are owed in full.

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
