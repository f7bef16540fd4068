"""The value of a claim, step by step. Each step has a sentence that a buyer can read."""

from collections.abc import Mapping

from app.engine.model.values import value
from app.engine.model.vocabulary import Deduction, FeeCollection, Word


class StepCode(Word):
    """The kind of a step. The step's `rule` is a sentence for it."""

    GOODS = "goods"
    EARLIER_CREDIT = "earlier_credit"
    DISCOUNT_RESTORED = "discount_restored"
    REPLACEMENT = "replacement"
    REQUESTED_AMOUNT = "requested_amount"
    SHIPPING = "shipping"
    STANDARD_SHIPPING = "standard_shipping"
    OUTBOUND_RETURNED = "outbound_returned"
    FEES_RETURNED = "fees_returned"
    RETURN_FEE = "return_fee"
    RESTOCKING_FEE = "restocking_fee"
    OUTBOUND_FEE = "outbound_fee"
    EXCHANGE_FEE = "exchange_fee"
    REPLACEMENT_FEE = "replacement_fee"
    BUYER_PAID = "buyer_paid"
    DISCOUNT_LOST = "discount_lost"
    USED_PART = "used_part"
    USED_VALUE = "used_value"
    MISSING_PARTS = "missing_parts"
    DAMAGE = "damage"
    KEPT_GOODS = "kept_goods"
    SURPLUS = "surplus"
    NOT_CAPTURED = "not_captured"
    CAPTURED_LATER = "captured_later"
    REVERSED = "reversed"
    REVERSAL_WON = "reversal_won"
    ROUNDING = "rounding"


RULES: Mapping[StepCode, str] = {
    StepCode.GOODS: "The amount paid for these units: the price after discounts, with tax.",
    StepCode.EARLIER_CREDIT: "The amount already refunded for these units.",
    StepCode.DISCOUNT_RESTORED: "The part of the order's discount that was charged again for these units.",
    StepCode.REPLACEMENT: "The price of the replacement.",
    StepCode.REQUESTED_AMOUNT: "The difference to the agreed amount.",
    StepCode.SHIPPING: "The outbound shipping that the buyer paid. It is refunded with the last goods.",
    StepCode.STANDARD_SHIPPING: "The cheapest standard delivery. The buyer chose a dearer one, and bears the rest.",
    StepCode.OUTBOUND_RETURNED: "The outbound shipping of an earlier claim. It is refunded with the last goods.",
    StepCode.FEES_RETURNED: "Fees that earlier claims charged, and that are given back.",
    StepCode.RETURN_FEE: "The buyer pays the return shipping.",
    StepCode.RESTOCKING_FEE: "The restocking fee: a share of the price, rounded down.",
    StepCode.OUTBOUND_FEE: "The kept goods are below the value for free shipping. The buyer pays the shipping.",
    StepCode.EXCHANGE_FEE: "The buyer pays the shipping of the exchange in both directions.",
    StepCode.REPLACEMENT_FEE: "The buyer pays the shipping of the replacement. Another claim carries the way back.",
    StepCode.BUYER_PAID: "The extra amount that the buyer paid for an exchange that did not happen.",
    StepCode.DISCOUNT_LOST: "The kept goods are below the minimum value for the order's discount.",
    StepCode.USED_PART: "The used parts, as a share of the amount paid.",
    StepCode.USED_VALUE: "The value that the goods lost through use.",
    StepCode.MISSING_PARTS: "Parts that did not come back with the goods.",
    StepCode.DAMAGE: "Damage to the goods by the buyer.",
    StepCode.KEPT_GOODS: "Goods that did not come back after their replacement was sent.",
    StepCode.SURPLUS: "The amount that was captured above the price of the order. It is refunded with the last goods.",
    StepCode.NOT_CAPTURED: "The part that was not captured. It is refunded when it is captured.",
    StepCode.CAPTURED_LATER: "The part that was captured after the decision.",
    StepCode.REVERSED: "The part that the bank or the payment provider has already paid back.",
    StepCode.REVERSAL_WON: "The part that came back from the bank or the payment provider.",
    StepCode.ROUNDING: "The payment is refunded in whole steps. Later refunds of the order even out the difference.",
}
"""A sentence for each step, for the seller and the buyer."""


FEES = frozenset({StepCode.RETURN_FEE, StepCode.EXCHANGE_FEE, StepCode.REPLACEMENT_FEE, StepCode.OUTBOUND_FEE})
"""The fees that a policy may collect separately."""
KEPT_BACK = FEES | {
    StepCode.RESTOCKING_FEE,
    StepCode.DISCOUNT_LOST,
    StepCode.KEPT_GOODS,
    *(StepCode(deduction.value) for deduction in Deduction),
}
"""The steps that the seller keeps of the value of the goods: fees and deductions."""
_NOT_BEFORE_FEES = KEPT_BACK | {StepCode.ROUNDING}
_FEES_OF_CLAIMS = frozenset(
    {StepCode.RETURN_FEE, StepCode.EXCHANGE_FEE, StepCode.REPLACEMENT_FEE, StepCode.RESTOCKING_FEE}
)


@value
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


@value
class PaymentShare:
    """The part of a refund for one payment, and how much of it is tax-free."""

    payment_id: str
    method: str
    amount: int
    tax_free: int = 0


@value
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

    def fees_charged(self, *, debt_is_paid: bool) -> int:
        """The fees of the claim that the buyer has borne, less the fees that the claim gives back. A debt that is not
        paid has no fees."""
        fees = -sum(step.amount for step in self.steps if step.code in _FEES_OF_CLAIMS)
        unpaid = 0 if debt_is_paid else min(fees, self.buyer_owes)
        return fees - unpaid - self.amount_of(StepCode.FEES_RETURNED)

    @property
    def before_fees(self) -> int:
        """The sum before fees and deductions. The captured payments cover it."""
        return sum(step.amount for step in self.steps if step.code not in _NOT_BEFORE_FEES)

    @property
    def fees_apart(self) -> int:
        """The fees that are collected separately."""
        if self.fee_collection is FeeCollection.DEDUCT:
            return 0
        return -sum(step.amount for step in self.steps if step.code in FEES)

    @property
    def not_captured(self) -> int:
        """What the claim would have refunded in addition, if it had been captured."""
        return -self.amount_of(StepCode.NOT_CAPTURED) - self.amount_of(StepCode.CAPTURED_LATER)

    @property
    def reversed(self) -> int:
        """What the bank or the provider has paid back instead of the claim."""
        return -self.amount_of(StepCode.REVERSED) - self.amount_of(StepCode.REVERSAL_WON)

    def amount_of(self, code: StepCode) -> int:
        return sum(step.amount for step in self.steps if step.code is code)
