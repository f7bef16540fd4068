"""The breakdown of a refund: the lines, fees and payments, step by step.

Every step is an integer in minor units. The steps sum to the refund minus the buyer's debt, and the shares of the
payments sum to the refund. A quote and a decision call this one function.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from app.engine.amounts.fees import exchange_fee, lost_discount, outbound_fee, restocking_fee, return_fee, shipping
from app.engine.amounts.line_values import LineValue, deduction_steps, kept_goods, line_values
from app.engine.amounts.taxes import part_of_tax
from app.engine.model.breakdown import (
    BreakdownStep,
    PaymentShare,
    RefundBreakdown,
    StepCode,
    step,
)
from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.vocabulary import Deduction, FeeCollection, Kind
from app.engine.policy.policy import Policy

FEES = frozenset({StepCode.RETURN_FEE, StepCode.EXCHANGE_FEE, StepCode.OUTBOUND_FEE})
_KEPT_BACK = FEES | {
    StepCode.RESTOCKING_FEE,
    StepCode.DISCOUNT_LOST,
    StepCode.KEPT_GOODS,
    *(StepCode(deduction.value) for deduction in Deduction),
}


def refund_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """All money that the claim moves between buyer and seller, as known now."""
    return total_steps(_steps(claim, order, policy), order, policy)


def projected_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """The breakdown that a decision would fix now. It is empty for a claim that has ended without owing anything."""
    return total_steps((), order, policy) if claim.is_final else refund_breakdown(claim, order, policy)


def kept_goods_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """What the buyer owes if the replacement was sent first and the goods did not come back."""
    return total_steps((*exchange_fee(claim, order, policy), *kept_goods(claim)), order, policy)


def total_steps(every: Iterable[BreakdownStep], order: Order, policy: Policy) -> RefundBreakdown:
    """Sum the steps. The policy says whether fees are deducted from the refund or collected separately."""
    apart = policy.fee_collection is not FeeCollection.DEDUCT
    steps, due, gains, fees, tax = [], 0, 0, 0, 0
    for each in every:
        if each.amount or each.code is StepCode.GOODS:
            steps.append(each)
            due += each.amount
            tax += each.tax
            if each.amount > 0:
                gains += each.amount
            elif apart and each.code in FEES:
                fees -= each.amount
    due += fees
    captured = order.captured_left
    if gains > captured and (cut := _not_captured(steps, captured, due)) is not None:
        steps.append(cut)
        due += cut.amount
        tax += cut.tax
    total = max(0, due)
    return RefundBreakdown(
        currency=order.currency,
        steps=tuple(steps),
        tax=tax,
        total=total,
        buyer_owes=max(0, -due) + fees,
        fee_collection=policy.fee_collection,
        shares=split_over_payments(total, order, policy),
    )


def _not_captured(steps: Sequence[BreakdownStep], captured: int, due: int) -> BreakdownStep | None:
    """Cap the refund at the captured amount, before fees are deducted. For an order without a known payment, cap the
    refund so that the buyer owes nothing."""
    given = [each for each in steps if each.code not in _KEPT_BACK]
    whole = sum(each.amount for each in given)
    cut = whole - captured if captured else min(whole, due)
    if cut <= 0:
        return None
    return step(StepCode.NOT_CAPTURED, -cut, tax=-part_of_tax(sum(each.tax for each in given), cut, whole))


def split_again(amounts: RefundBreakdown, order: Order, policy: Policy) -> RefundBreakdown:
    """The same amounts, split over the unrefunded payments now."""
    if amounts.total > order.captured_left:
        return total_steps(amounts.steps, order, policy)
    return replace(amounts, shares=split_over_payments(amounts.total, order, policy))


def split_over_payments(total: int, order: Order, policy: Policy) -> tuple[PaymentShare, ...]:
    """Split `total` over the unrefunded part of the captured payments, in the policy's order of methods."""
    ranks, last = _ranks(policy.refund_order), len(policy.refund_order)
    shares = []
    for payment in sorted(order.payments, key=lambda payment: ranks.get(payment.method, last)):
        amount = min(total, payment.left)
        if amount > 0:
            shares.append(PaymentShare(payment_id=payment.payment_id, method=payment.method, amount=amount))
            total -= amount
    return tuple(shares)


@lru_cache(maxsize=256)
def _ranks(methods: tuple[str, ...]) -> dict[str, int]:
    return {method: rank for rank, method in enumerate(methods)}


def _steps(claim: Claim, order: Order, policy: Policy) -> list[BreakdownStep]:
    values = line_values(claim, order)
    deductions = deduction_steps(claim, values, order, policy)
    if claim.kind is Kind.EXCHANGE:
        return [*_difference(values), *exchange_fee(claim, order, policy), *deductions]
    return [
        *_goods(claim, values),
        *_paid_on_top(claim),
        *shipping(claim, order, policy),
        *return_fee(claim, order, policy),
        *restocking_fee(claim, values, deductions, policy),
        *outbound_fee(claim, order, policy),
        *lost_discount(claim, order, policy),
        *deductions,
    ]


def _goods(claim: Claim, values: Sequence[LineValue]) -> list[BreakdownStep]:
    steps = [each for value in values for each in value.steps]
    requested = claim.submission.amount
    if requested is not None:
        full = sum(value.amount for value in values)
        tax = sum(value.tax for value in values)
        steps.append(step(StepCode.REQUESTED_AMOUNT, requested - full, tax=part_of_tax(tax, requested, full) - tax))
    return steps


def _paid_on_top(claim: Claim) -> tuple[BreakdownStep, ...]:
    payment = claim.buyer_payment
    return () if payment is None else (step(StepCode.BUYER_PAID, payment.amount),)


def _difference(values: Sequence[LineValue]) -> Iterator[BreakdownStep]:
    """The value of the units minus the price of the replacement. Without a price the replacement has the same value."""
    for value in values:
        replacement = value.claimed.replacement
        if replacement is None or replacement.unit_price is None:
            continue
        yield from value.steps
        yield step(
            StepCode.REPLACEMENT,
            -value.carried,
            tax=-value.carried_tax,
            line_id=value.claimed.line_id,
            quantity=value.claimed.payable,
        )
