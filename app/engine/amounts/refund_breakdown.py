"""The breakdown of a refund: the lines, fees and payments, step by step.

Every step is an integer in minor units. The steps sum to the refund minus the buyer's debt, and the shares of the
payments sum to the refund. A quote and a decision call this one function.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from app.engine.amounts.captures import not_captured, surplus
from app.engine.amounts.deductions import deduction_steps
from app.engine.amounts.fees import (
    charges_given_back,
    exchange_fee,
    lost_discount,
    outbound_fee,
    restocking_fee,
    return_fee,
    shipping,
)
from app.engine.amounts.line_values import LineValue, kept_goods, line_values
from app.engine.amounts.tax_free import with_tax_free
from app.engine.amounts.taxes import part_of_tax
from app.engine.model.breakdown import (
    FEES,
    KEPT_BACK,
    BreakdownStep,
    PaymentShare,
    RefundBreakdown,
    StepCode,
    step,
)
from app.engine.model.claim import Claim
from app.engine.model.copies import replace
from app.engine.model.money import in_steps
from app.engine.model.order import Order, Payment
from app.engine.model.vocabulary import FeeCollection, Kind, Reason
from app.engine.policy.policy import Policy

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_EXCHANGE = Kind.EXCHANGE
_REPAIR = Kind.REPAIR
_DEDUCT = FeeCollection.DEDUCT
_ROUNDING = StepCode.ROUNDING
_GOODS = StepCode.GOODS
_LOST = Reason.LOST_IN_DELIVERY


def refund_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """All money that the claim moves between buyer and seller, as known now."""
    return total_steps(steps_of(claim, line_values(claim, order), order, policy), order, policy)


def projected_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """The breakdown that a decision would fix now. It is empty for a claim that has ended without owing anything."""
    return total_steps((), order, policy) if claim.is_final else refund_breakdown(claim, order, policy)


def read_of_reason(claim: Claim) -> tuple[object, ...]:
    """All that the amounts of a claim read of its kind, reason and fault. Only deductions read more than whether goods
    are lost."""
    deducts = any(line.used_parts or line.deductions for line in claim.lines)
    return claim.kind, claim.fault, claim.reason if deducts else claim.reason is _LOST


def kept_goods_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """What the buyer owes if the replacement was sent first and the goods did not come back."""
    return total_steps((*exchange_fee(claim, order, policy), *kept_goods(claim, order)), order, policy)


def total_steps(every: Iterable[BreakdownStep], order: Order, policy: Policy) -> RefundBreakdown:
    """Sum the steps. The policy says whether fees are deducted from the refund or collected separately. The rounding is
    computed anew."""
    apart = policy.fee_collection is not _DEDUCT
    steps, due, fees, tax = [], 0, 0, 0
    whole, tax_of_whole = 0, 0
    for each in every:
        if each.code is not _ROUNDING and (each.amount or each.code is _GOODS):
            steps.append(each)
            due += each.amount
            tax += each.tax
            if each.code not in KEPT_BACK:
                whole += each.amount
                tax_of_whole += each.tax
            elif apart and each.code in FEES:
                fees -= each.amount
    due += fees
    for cut in not_captured(whole, tax_of_whole, due, order, policy):
        steps.append(cut)
        due += cut.amount
        tax += cut.tax
    total, rounding, shares = _paid_out(max(0, due), steps, order, policy)
    return RefundBreakdown(
        currency=order.currency,
        steps=(*steps, *rounding),
        tax=tax,
        total=total,
        buyer_owes=max(0, -due) + fees,
        fee_collection=policy.fee_collection,
        shares=shares,
    )


def _paid_out(
    exact: int, steps: Sequence[BreakdownStep], order: Order, policy: Policy
) -> tuple[int, tuple[BreakdownStep, ...], tuple[PaymentShare, ...]]:
    """An exact total as it is paid out, the step of its rounding, and its shares of the payments. Each running sum of
    the order's refunds is rounded, as the values of units are."""
    if not exact:
        return 0, (), ()
    shares = split_over_payments(exact - order.rounded, order, policy)
    total = sum([share.amount for share in shares])
    rounding = (step(_ROUNDING, total - exact),) if total != exact else ()
    return total, rounding, with_tax_free(shares, (*steps, *rounding) if rounding else steps, order)


def split_again(amounts: RefundBreakdown, order: Order, policy: Policy) -> RefundBreakdown:
    """The same amounts, split over the unrefunded payments now."""
    exact = amounts.total - amounts.amount_of(_ROUNDING)
    if exact > order.captured_left + order.rounded:
        return total_steps(amounts.steps, order, policy)
    steps = tuple(each for each in amounts.steps if each.code is not _ROUNDING)
    total, rounding, shares = _paid_out(exact, steps, order, policy)
    return replace(amounts, steps=(*steps, *rounding), total=total, shares=shares)


def split_over_payments(total: int, order: Order, policy: Policy) -> tuple[PaymentShare, ...]:
    """Split `total` over the unrefunded part of the captured payments, in the policy's order of methods. The last share
    is rounded to whole steps of its payment, unless it takes all that is left."""
    ranks, last = _ranks(policy.refund_order), len(policy.refund_order)
    shares = []
    for payment in sorted(order.payments, key=lambda payment: ranks.get(payment.method, last)):
        amount = min(total, payment.left)
        total -= amount
        payable = amount if payment.payable_step == 1 else _in_steps_of(payment, amount)
        if payable > 0:
            shares.append(PaymentShare(payment_id=payment.payment_id, method=payment.method, amount=payable))
    return tuple(shares)


def _in_steps_of(payment: Payment, amount: int) -> int:
    if amount <= 0 or amount == payment.left:
        return amount
    return min(in_steps(amount, payment.payable_step), payment.left)


def merge_shares(earlier: Iterable[PaymentShare], later: Iterable[PaymentShare]) -> tuple[PaymentShare, ...]:
    """One share for each payment, the earlier payments first. Nothing is left of a share of 0."""
    merged = {share.payment_id: share for share in earlier}
    for share in later:
        known = merged.get(share.payment_id)
        merged[share.payment_id] = share if known is None else _sum_of(known, share)
    return tuple(share for share in merged.values() if share.amount)


def _sum_of(known: PaymentShare, share: PaymentShare) -> PaymentShare:
    return replace(known, amount=known.amount + share.amount, tax_free=known.tax_free + share.tax_free)


@lru_cache(maxsize=256)
def _ranks(methods: tuple[str, ...]) -> dict[str, int]:
    return {method: rank for rank, method in enumerate(methods)}


def steps_of(claim: Claim, values: tuple[LineValue, ...], order: Order, policy: Policy) -> list[BreakdownStep]:
    """The steps of a claim whose lines have these values."""
    if claim.kind is _REPAIR:
        return [*exchange_fee(claim, order, policy)]
    deductions = deduction_steps(claim, values, order, policy)
    if claim.kind is _EXCHANGE:
        return [*_difference(values), *exchange_fee(claim, order, policy), *deductions]
    return [
        *_goods(claim, values),
        *_paid_on_top(claim),
        *surplus(claim, order),
        *shipping(claim, order, policy),
        *charges_given_back(claim, order, policy),
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
