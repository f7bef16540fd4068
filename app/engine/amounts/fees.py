"""Shipping, fees and the order's discount: the money of a claim besides the goods, by fault."""

from collections.abc import Iterable, Iterator, Sequence

from app.engine.amounts.line_values import LineValue
from app.engine.amounts.taxes import part_of_tax, tax_on, tax_within
from app.engine.model.breakdown import BreakdownStep, StepCode, step
from app.engine.model.claim import Claim
from app.engine.model.money import portion
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Fault, Kind, Reason
from app.engine.policy.eligibility import return_shipping_payer
from app.engine.policy.money_rules import LostDiscount
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Overtaken

_OF_THE_DISCOUNT = "the terms that the discount was given under, and the seller's for losing it"


def shipping(claim: Claim, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    """Refund the outbound shipping once, with the last goods, if the order was shipped for nothing. The buyer paid it
    with the order, or when the order lost its free shipping."""
    if not _was_for_nothing(claim, policy) or any(kept for _, kept in _units_kept(claim, order)):
        return ()
    amount = order.shipping_paid - order.shipping_refunded
    tax = part_of_tax(order.shipping_tax, amount, order.shipping_paid)
    paid = step(StepCode.SHIPPING, amount, tax=tax, citation=policy.shipping.citation)
    return (paid, _outbound_returned(order, policy)) if order.outbound_charged else (paid,)


def _outbound_returned(order: Order, policy: Policy) -> BreakdownStep:
    amount, charged = order.outbound_charged, _fee(StepCode.OUTBOUND_FEE, policy.fees.outbound, order, policy)
    tax = part_of_tax(charged.tax, amount, charged.amount)
    return step(StepCode.OUTBOUND_RETURNED, amount, tax=tax, citation=policy.shipping.citation)


def _was_for_nothing(claim: Claim, policy: Policy) -> bool:
    """True if the order was not sent, was sent back at the fault of one who bears the shipping, or was lost on its
    way."""
    if claim.kind is Kind.CANCEL:
        return True
    is_lost = claim.reason is Reason.LOST_IN_DELIVERY and claim.submission.amount is None
    never_kept = claim.kind is Kind.RETURN or (claim.kind is Kind.REFUND and is_lost)
    return never_kept and _fault_of_the_way_out(claim, policy) in policy.shipping.outbound_refunded_at


def return_fee(claim: Claim, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    if claim.kind is not Kind.RETURN or return_shipping_payer(claim, policy) is not Fault.BUYER:
        return ()
    return (_fee(StepCode.RETURN_FEE, policy.fees.return_shipping, order, policy),)


def exchange_fee(claim: Claim, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    if return_shipping_payer(claim, policy) is not Fault.BUYER:
        return ()
    return (_fee(StepCode.EXCHANGE_FEE, policy.fees.exchange_round_trip, order, policy),)


def restocking_fee(
    claim: Claim, values: Sequence[LineValue], deductions: Sequence[BreakdownStep], policy: Policy
) -> tuple[BreakdownStep, ...]:  # fmt: skip
    """A share of the value after the deductions, rounded down in the buyer's favour."""
    percent = policy.fees.restocking_percent
    if not percent or claim.kind is not Kind.RETURN or claim.fault is not Fault.BUYER or claim.overtaken:
        return ()
    worth = sum(value.amount for value in values)
    kept = (worth + sum(each.amount for each in deductions)) * percent // 100
    tax = part_of_tax(sum(value.tax for value in values), kept, worth)
    return (step(StepCode.RESTOCKING_FEE, -kept, tax=-tax, citation=policy.restocking.citation),)


def outbound_fee(claim: Claim, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    """Charge the shipping once, if the order shipped free because of goods that the buyer now returns."""
    threshold = policy.fees.free_shipping_from
    if threshold is None or order.shipping_charged or order.outbound_charged:
        return ()
    if Fault.BUYER in policy.shipping.outbound_refunded_at:  # outbound shipping that is given back is not charged
        return ()
    if claim.kind is Kind.REFUND or _fault_of_the_way_out(claim, policy) is not Fault.BUYER:
        return ()
    paid = _price_by_line(order)
    kept, given_back = _units_kept(claim, order), _units_given_back(claim)
    before = sum(_kept_value(line, count + given_back.get(line.line_id, 0), paid) for line, count in kept)
    after = sum(_kept_value(line, count, paid) for line, count in kept)
    ships = claim.kind is Kind.RETURN or any(count for _, count in kept)
    if not ships or not after < threshold <= before:
        return ()
    return (_fee(StepCode.OUTBOUND_FEE, policy.fees.outbound, order, policy),)


def lost_discount(claim: Claim, order: Order, policy: Policy) -> Iterable[BreakdownStep]:
    """Charge the discount on the kept goods again, if these goods are below the minimum value of the discount.
    Only if the policy says so, and never at the seller's fault."""
    if policy.lost_discount is LostDiscount.KEEP or not order.discount or order.discount_minimum is None:
        return ()
    if claim.kind is Kind.REFUND or _fault_of_the_way_out(claim, policy) is not Fault.BUYER:
        return ()
    kept, given_back = _units_kept(claim, order), _units_given_back(claim)
    before = sum(_list_price(line, count + given_back.get(line.line_id, 0), order) for line, count in kept)
    after = sum(_list_price(line, count, order) for line, count in kept)
    return _lost_shares(order, given_back) if after < order.discount_minimum <= before else ()


def _lost_shares(order: Order, given_back: dict[str, int]) -> Iterator[BreakdownStep]:
    shares = order.discount_shares()
    for line in order.lines:
        kept_count = line.quantity - line.units.settled - given_back.get(line.line_id, 0)
        price = line.gross - line.discount
        lost = _share_of_last_units(price, line, kept_count) - _share_of_last_units(
            price - shares[line.line_id], line, kept_count
        )
        yield _lost_discount_step(line, max(0, lost - line.recharged), order)


def _lost_discount_step(line: OrderLine, lost: int, order: Order) -> BreakdownStep:
    """If prices do not include tax, the step includes the tax on the discount."""
    rate = line.tax_rate or 0
    tax = tax_within(lost, rate) if order.prices_include_tax else tax_on(lost, rate)
    amount = lost if order.prices_include_tax else lost + tax
    return step(StepCode.DISCOUNT_LOST, -amount, tax=-tax, line_id=line.line_id, citation=_OF_THE_DISCOUNT)


def _fee(code: StepCode, fee: int, order: Order, policy: Policy) -> BreakdownStep:
    rate = policy.fees.tax_rate
    tax = tax_within(fee, rate) if order.prices_include_tax else tax_on(fee, rate)
    amount = fee if order.prices_include_tax else fee + tax
    return step(code, -amount, tax=-tax, citation=policy.fees.citation)


def _fault_of_the_way_out(claim: Claim, policy: Policy) -> Fault:
    """The fault that outbound shipping is judged by. It is the seller's if the seller shipped during an open
    cancellation."""
    overtaken = claim.overtaken and policy.overtaken is not Overtaken.RETURN_BY_FAULT
    return Fault.SELLER if overtaken else claim.fault


def _units_kept(claim: Claim, order: Order) -> list[tuple[OrderLine, int]]:
    """Each line with the units that the buyer keeps. Units with a partial refund are kept. Exchanged units are kept
    until their replacement has a line."""
    given_back = _units_given_back(claim)
    for line in order.lines:
        if line.replaces is not None:
            given_back[line.replaces] = given_back.get(line.replaces, 0) + line.quantity
    return [
        (line, line.quantity - line.units.cancelled - line.units.returned - given_back.get(line.line_id, 0))
        for line in order.lines
    ]


def _units_given_back(claim: Claim) -> dict[str, int]:
    """The units that the claim gives back, by line."""
    return {line.line_id: line.payable for line in claim.lines}


def _kept_value(line: OrderLine, count: int, paid: dict[str, int]) -> int:
    return _share_of_last_units(paid[line.line_id], line, count)


def _share_of_last_units(amount: int, line: OrderLine, count: int) -> int:
    """The share of the last `count` units in an amount for the whole line."""
    return portion(amount, line.quantity, line.quantity - count, count)


def _list_price(line: OrderLine, count: int, order: Order) -> int:
    """The price of `count` units before the order's discount, if the discount is given for the line. A replacement
    counts with its own price, if the discount was given for the line that it replaces."""
    if line.replaces is not None:
        return count * line.unit_price if _original_line(line, order).discountable else 0
    price = line.gross - line.discount if line.discountable else 0
    return _share_of_last_units(price, line, count)


def _original_line(line: OrderLine, order: Order) -> OrderLine:
    """The line that was bought first, before all exchanges."""
    while line.replaces is not None and (before := order.line(line.replaces)) is not None:
        line = before
    return line


def _price_by_line(order: Order) -> dict[str, int]:
    shares = order.discount_shares() if order.discount else {}
    return {line.line_id: order.paid_with(line, shares.get(line.line_id, 0)) for line in order.lines}
