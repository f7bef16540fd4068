"""What each line, fee and payment is owed, step by step.

Every step is an integer in minor units; the steps sum to what is refunded or owed, and the shares over the
payments sum to the refund. A quote and the real thing are this one function.
"""

from collections.abc import Iterable, Iterator

from app.engine.breakdown import PaymentShare, RefundBreakdown, Step, StepCode
from app.engine.claim import Claim, ClaimLine
from app.engine.eligibility import return_paid_by
from app.engine.money import allocate, portion
from app.engine.order import Order, OrderLine
from app.engine.policy import Policy
from app.engine.vocabulary import Fault, Kind


def refund_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """All that the claim moves between buyer and seller, as far as is known now."""
    return _summed(_steps(claim, order, policy), order, policy)


def projected_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """What the claim would come to as it stands: nothing, once it has ended without owing anything."""
    return _summed((), order, policy) if claim.is_final else refund_breakdown(claim, order, policy)


def kept_goods_breakdown(claim: Claim, order: Order, policy: Policy) -> RefundBreakdown:
    """What the buyer owes when the replacement went first and the goods that it replaces stayed out."""
    return _summed((*_exchange_fee(claim, policy), *_kept_goods(claim)), order, policy)


def _summed(every: Iterable[Step], order: Order, policy: Policy) -> RefundBreakdown:
    steps = [step for step in every if step.amount or step.code is StepCode.GOODS]
    due = sum(step.amount for step in steps)
    total = max(0, due)
    if total > order.captured_left:
        steps.append(Step(code=StepCode.NOT_CAPTURED, amount=order.captured_left - total))
        total = order.captured_left
    return RefundBreakdown(
        currency=order.currency,
        steps=tuple(steps),
        total=total,
        buyer_owes=max(0, -due),
        shares=split(total, order, policy),
    )


def split(total: int, order: Order, policy: Policy) -> tuple[PaymentShare, ...]:
    """Spread `total` over what is left of the captured payments, in the policy's order of methods."""
    ranks = {method: rank for rank, method in enumerate(policy.refund_order)}
    shares = []
    for payment in sorted(order.payments, key=lambda payment: ranks.get(payment.method, len(ranks))):
        amount = min(total, payment.left)
        if amount > 0:
            shares.append(PaymentShare(payment_id=payment.payment_id, method=payment.method, amount=amount))
            total -= amount
    return tuple(shares)


def value_of(line: OrderLine, count: int, order: Order) -> int:
    """What the buyer paid for the next `count` units of a line."""
    return portion(order.paid_for(line), line.quantity, line.units.settled, count)


def credit_in(line: OrderLine, count: int, order: Order) -> int:
    """How much of it has been paid back already, while the units stayed with the buyer.

    Units of a line are alike, so those without a credit go first: a credit stays with the units that the buyer
    keeps for as long as they are worth it.
    """
    if not line.credited:
        return 0
    kept = line.quantity - line.units.settled - count
    worth_of_kept = value_of(line, count + kept, order) - value_of(line, count, order)
    return max(0, line.credited - worth_of_kept)


def tax_in(claimed: ClaimLine, order: Order) -> int:
    """The tax in what the claimed units of a line cost."""
    line = order.line(claimed.line_id)
    return portion(line.tax, line.quantity, line.units.settled, claimed.payable) if line else 0


def worth(claim: Claim, order: Order) -> dict[str, int]:
    """Per line, what the claimed units are still worth to the buyer."""
    return {
        line.line_id: value_of(line, claimed.payable, order) - credit_in(line, claimed.payable, order)
        for claimed, line in _pairs(claim, order)
    }


def credit_changes(claim: Claim, order: Order) -> dict[str, int]:
    """Per line, the change in what was paid back on units that stay: up by a partial refund, down as units
    that carried such a credit are settled."""
    if claim.submission.amount is not None:
        values = worth(claim, order)
        parts = allocate(claim.submission.amount, tuple(values.values()))
        return dict(zip(values, parts, strict=True))
    return {line.line_id: -credit_in(line, claimed.payable, order) for claimed, line in _pairs(claim, order)}


def _pairs(claim: Claim, order: Order) -> Iterator[tuple[ClaimLine, OrderLine]]:
    for claimed in claim.lines:
        line = order.line(claimed.line_id)
        if line is not None:
            yield claimed, line


def _steps(claim: Claim, order: Order, policy: Policy) -> Iterator[Step]:
    if claim.kind is Kind.EXCHANGE:
        yield from _exchange_fee(claim, policy)
    else:
        yield from _goods(claim, order)
        yield from _shipping(claim, order, policy)
        yield from _return_fee(claim, policy)
        yield from _restocking_fee(claim, order, policy)
        yield from _outbound_fee(claim, order, policy)
    for line in claim.lines:
        yield Step(code=StepCode.DEDUCTION, amount=-line.deduction, line_id=line.line_id)


def _goods(claim: Claim, order: Order) -> Iterator[Step]:
    for claimed, line in _pairs(claim, order):
        count = claimed.payable
        yield Step(code=StepCode.GOODS, amount=value_of(line, count, order), line_id=line.line_id, quantity=count)
        yield Step(code=StepCode.EARLIER_CREDIT, amount=-credit_in(line, count, order), line_id=line.line_id)
    if claim.submission.amount is not None:
        full = sum(worth(claim, order).values())
        yield Step(code=StepCode.REQUESTED_AMOUNT, amount=claim.submission.amount - full)


def _shipping(claim: Claim, order: Order, policy: Policy) -> Iterator[Step]:
    """The outbound charge goes back once, with the last of the goods, if it was for nothing."""
    for_nothing = claim.kind is Kind.CANCEL or (
        claim.kind is Kind.RETURN and _fault_of_the_way_out(claim) in policy.shipping.outbound_refunded_at
    )
    if for_nothing and not any(kept for _, kept in _kept(claim, order)):
        yield Step(
            code=StepCode.SHIPPING,
            amount=order.shipping_paid - order.shipping_refunded,
            citation=policy.shipping.citation,
        )


def _return_fee(claim: Claim, policy: Policy) -> Iterator[Step]:
    if claim.kind is Kind.RETURN and return_paid_by(claim, policy) is Fault.BUYER:
        yield Step(code=StepCode.RETURN_FEE, amount=-policy.fees.return_, citation=policy.fees.citation)


def _restocking_fee(claim: Claim, order: Order, policy: Policy) -> Iterator[Step]:
    """Rounded down, in the buyer's favour."""
    percent = policy.fees.restocking_percent
    if percent and claim.kind is Kind.RETURN and claim.fault is Fault.BUYER and not claim.overtaken:
        kept = (sum(worth(claim, order).values()) - sum(line.deduction for line in claim.lines)) * percent // 100
        yield Step(code=StepCode.RESTOCKING_FEE, amount=-kept, citation=policy.restocking.citation)


def _exchange_fee(claim: Claim, policy: Policy) -> Iterator[Step]:
    if return_paid_by(claim, policy) is Fault.BUYER:
        yield Step(
            code=StepCode.EXCHANGE_FEE, amount=-policy.fees.exchange_round_trip, citation=policy.fees.citation
        )


def _outbound_fee(claim: Claim, order: Order, policy: Policy) -> Iterator[Step]:
    """Shipping that was free for the sake of goods which the buyer now gives back is charged after all, once."""
    threshold = policy.fees.free_shipping_from
    if threshold is None or order.shipping_charged or order.outbound_charged:
        return
    if Fault.BUYER in policy.shipping.outbound_refunded_at:  # where the way out is given back, it is not taken
        return
    if claim.kind is Kind.REFUND or _fault_of_the_way_out(claim) is not Fault.BUYER:
        return
    kept = list(_kept(claim, order))
    taken = {line.line_id: line.payable for line in claim.lines}
    before = sum(_kept_value(line, count + taken.get(line.line_id, 0), order) for line, count in kept)
    after = sum(_kept_value(line, count, order) for line, count in kept)
    ships = claim.kind is Kind.RETURN or any(count for _, count in kept)
    if ships and after < threshold <= before:
        yield Step(code=StepCode.OUTBOUND_FEE, amount=-policy.fees.outbound, citation=policy.fees.citation)


def _fault_of_the_way_out(claim: Claim) -> Fault:
    """Who sent for nothing: the seller too, where the order left over an open cancellation."""
    return Fault.SELLER if claim.overtaken else claim.fault


def _kept_goods(claim: Claim) -> Iterator[Step]:
    for line in claim.lines:
        out = line.quantity - line.received
        kept = portion(line.carried, line.quantity, line.received, out)
        yield Step(code=StepCode.KEPT_GOODS, amount=-kept, line_id=line.line_id, quantity=out)


def _kept(claim: Claim, order: Order) -> Iterator[tuple[OrderLine, int]]:
    """Each line with the units the buyer is left with; units paid back while kept are kept, and so are
    exchanged ones until their replacement has a line of its own."""
    for line in order.lines:
        claimed = claim.line(line.line_id)
        replaced = sum(other.quantity for other in order.lines if other.replaces == line.line_id)
        gone = line.units.cancelled + line.units.returned + replaced + (claimed.payable if claimed else 0)
        yield line, line.quantity - gone


def _kept_value(line: OrderLine, count: int, order: Order) -> int:
    return portion(order.paid_for(line), line.quantity, line.quantity - count, count)
