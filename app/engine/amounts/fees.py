"""Shipping, fees and the order's discount: the money of a claim besides the goods, by fault."""

from collections.abc import Iterable, Iterator, Sequence

from app.engine.amounts.line_values import LineValue
from app.engine.amounts.taxes import part_of_tax, tax_on, tax_within
from app.engine.model.breakdown import BreakdownStep, StepCode, step
from app.engine.model.claim import Claim
from app.engine.model.claim_lines import nothing_comes_back
from app.engine.model.money import portion
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Fault, Kind, Reason
from app.engine.policy.money_rules import LostDiscount
from app.engine.policy.policy import Policy
from app.engine.policy.return_shipping import return_shipping_payer
from app.engine.policy.rules import Overtaken

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_BUYER = Fault.BUYER
_CANCEL = Kind.CANCEL
_RETURN = Kind.RETURN
_REFUND = Kind.REFUND
_LOST = Reason.LOST_IN_DELIVERY
_KEEP = LostDiscount.KEEP
_BY_FAULT = Overtaken.RETURN_BY_FAULT

_OF_THE_DISCOUNT = "the terms that the discount was given under, and the seller's for losing it"


def shipping(claim: Claim, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    """Refund the outbound shipping once, with the last goods, if the order was shipped for nothing. The buyer paid it
    with the order, or when the order lost its free shipping."""
    if not _was_for_nothing(claim, policy) or any(kept for _, kept in _units_kept(claim, order)):
        return ()
    refundable = _refundable_shipping(claim, order, policy)
    code = StepCode.SHIPPING if refundable == order.shipping_paid else StepCode.STANDARD_SHIPPING
    before, after = order.shipping_refunded, max(refundable, order.shipping_refunded)
    tax = _shipping_tax(order, after) - _shipping_tax(order, before)
    paid = step(code, after - before, tax=tax, citation=policy.shipping.citation)
    return (paid, _outbound_returned(order, policy)) if order.outbound_charged else (paid,)


def _refundable_shipping(claim: Claim, order: Order, policy: Policy) -> int:
    """The shipping that all claims together refund: what the buyer paid, or at the buyer's fault no more than the
    standard delivery. What was never sent costs the buyer nothing."""
    standard = order.standard_shipping
    if not policy.shipping.standard_delivery_only or standard is None or standard >= order.shipping_charged:
        return order.shipping_paid
    never_sent = claim.kind is _CANCEL and not any(line.shipped for line in order.lines)
    if never_sent or _fault_of_the_way_out(claim, policy) is not _BUYER:
        return order.shipping_paid
    added_tax = 0 if order.prices_include_tax else part_of_tax(order.shipping_tax, standard, order.shipping_charged)
    return standard + added_tax


def _shipping_tax(order: Order, amount: int) -> int:
    """The tax in the first `amount` of the shipping, so that the taxes of several refunds sum to the whole tax."""
    return part_of_tax(order.shipping_tax, amount, order.shipping_paid)


def _outbound_returned(order: Order, policy: Policy) -> BreakdownStep:
    amount, charged = order.outbound_charged, _fee(StepCode.OUTBOUND_FEE, policy.fees.outbound, order, policy)
    tax = part_of_tax(charged.tax, amount, charged.amount)
    return step(StepCode.OUTBOUND_RETURNED, amount, tax=tax, citation=policy.shipping.citation)


def _was_for_nothing(claim: Claim, policy: Policy) -> bool:
    """True if the order was not sent, was sent back at the fault of one who bears the shipping, or was lost on its
    way."""
    if claim.kind is _CANCEL:
        return True
    is_lost = claim.reason is _LOST and claim.submission.amount is None
    never_kept = claim.kind is _RETURN or (claim.kind is _REFUND and is_lost)
    return never_kept and _fault_of_the_way_out(claim, policy) in policy.shipping.outbound_refunded_at


def charges_given_back(claim: Claim, order: Order, policy: Policy) -> Iterable[BreakdownStep]:
    """The shipping and the fees that the request gives back, without any goods. Shipping that was charged by an earlier
    claim comes last."""
    asked, fees = claim.submission.shipping, claim.submission.fees
    return _given_back(asked, fees, order, policy) if asked or fees else ()


def _given_back(asked: int, fees: int, order: Order, policy: Policy) -> Iterator[BreakdownStep]:
    paid = min(asked, order.shipping_paid - order.shipping_refunded)
    if paid:
        before, after = order.shipping_refunded, order.shipping_refunded + paid
        yield step(StepCode.SHIPPING, paid, tax=_shipping_tax(order, after) - _shipping_tax(order, before))
    outbound = min(asked - paid, order.outbound_charged)
    if outbound:
        charged = _fee(StepCode.OUTBOUND_FEE, policy.fees.outbound, order, policy)
        yield step(StepCode.OUTBOUND_RETURNED, outbound, tax=part_of_tax(charged.tax, outbound, charged.amount))
    returned = min(fees, order.fees_charged)
    if returned:
        included = tax_within(returned, _fee_rate(order, policy))
        yield step(StepCode.FEES_RETURNED, returned, tax=included)


def return_fee(claim: Claim, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    """Nothing if another claim carries the fee of the parcel."""
    if claim.kind is not _RETURN or return_shipping_payer(claim, order, policy) is not _BUYER:
        return ()
    if claim.fee_carried_by is not None or nothing_comes_back(claim, order):
        return ()
    return (_fee(StepCode.RETURN_FEE, policy.fees.return_shipping, order, policy),)


def exchange_fee(claim: Claim, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    """The shipping of an exchange or a repair, both ways. Without the way back of the parcel, if another claim carries
    the fee for it."""
    if return_shipping_payer(claim, order, policy) is not _BUYER or nothing_comes_back(claim, order):
        return ()
    fees = policy.fees
    if claim.fee_carried_by is not None:
        one_way = max(0, fees.exchange_round_trip - fees.return_shipping)
        return (_fee(StepCode.REPLACEMENT_FEE, one_way, order, policy),)
    return (_fee(StepCode.EXCHANGE_FEE, fees.exchange_round_trip, order, policy),)


def restocking_fee(
    claim: Claim, values: Sequence[LineValue], deductions: Sequence[BreakdownStep], policy: Policy
) -> tuple[BreakdownStep, ...]:  # fmt: skip
    """A share of the value of goods after their deductions, rounded down in the buyer's favour."""
    percent = policy.fees.restocking_percent
    if not percent or claim.kind is not _RETURN or claim.fault is not _BUYER or claim.overtaken:
        return ()
    taken_back = {value.line.line_id: value for value in values if value.line.comes_back}
    worth = sum(value.amount for value in taken_back.values())
    kept = (worth + sum(each.amount for each in deductions if each.line_id in taken_back)) * percent // 100
    tax = part_of_tax(sum(value.tax for value in taken_back.values()), kept, worth)
    return (step(StepCode.RESTOCKING_FEE, -kept, tax=-tax, citation=policy.restocking.citation),)


def outbound_fee(claim: Claim, order: Order, policy: Policy) -> tuple[BreakdownStep, ...]:
    """Charge the shipping once, if the order shipped free because of goods that the buyer now returns."""
    threshold = policy.fees.free_shipping_from
    if threshold is None or order.shipping_charged or order.outbound_charged:
        return ()
    if _BUYER in policy.shipping.outbound_refunded_at:  # outbound shipping that is given back is not charged
        return ()
    if claim.kind is _REFUND or _fault_of_the_way_out(claim, policy) is not _BUYER:
        return ()
    paid = _price_by_line(order)
    kept, given_back = _units_kept(claim, order), _units_given_back(claim)
    before = sum(_kept_value(line, count + given_back.get(line.line_id, 0), paid) for line, count in kept)
    after = sum(_kept_value(line, count, paid) for line, count in kept)
    ships = claim.kind is _RETURN or any(count for _, count in kept)
    if not ships or not after < threshold <= before:
        return ()
    return (_fee(StepCode.OUTBOUND_FEE, policy.fees.outbound, order, policy),)


def lost_discount(claim: Claim, order: Order, policy: Policy) -> Iterable[BreakdownStep]:
    """Charge the discount on the kept goods again, if these goods are below the minimum value of the discount.
    Only if the policy says so, and never at the seller's fault."""
    if policy.lost_discount is _KEEP or not order.discount or order.discount_minimum is None:
        return ()
    if claim.kind is _REFUND or _fault_of_the_way_out(claim, policy) is not _BUYER:
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
        if line.option_change is not None:  # rounded down, so that all lines together are never charged too much
            bought = order.original_of(line)
            lost = shares[bought.line_id] * kept_count // bought.quantity
        yield _lost_discount_step(line, max(0, lost - line.recharged), order)


def _lost_discount_step(line: OrderLine, lost: int, order: Order) -> BreakdownStep:
    """If prices do not include tax, the step includes the tax on the discount."""
    rate = line.tax_rate or 0
    tax = tax_within(lost, rate) if order.prices_include_tax else tax_on(lost, rate)
    amount = lost if order.prices_include_tax else lost + tax
    return step(StepCode.DISCOUNT_LOST, -amount, tax=-tax, line_id=line.line_id, citation=_OF_THE_DISCOUNT)


def _fee(code: StepCode, fee: int, order: Order, policy: Policy) -> BreakdownStep:
    rate = _fee_rate(order, policy)
    tax = tax_within(fee, rate) if order.prices_include_tax else tax_on(fee, rate)
    amount = fee if order.prices_include_tax else fee + tax
    return step(code, -amount, tax=-tax, citation=policy.fees.citation)


def _fee_rate(order: Order, policy: Policy) -> int:
    return 0 if order.tax_exempt else policy.fees.tax_rate


def _fault_of_the_way_out(claim: Claim, policy: Policy) -> Fault:
    """The fault that outbound shipping is judged by. It is the seller's if the seller shipped during an open
    cancellation."""
    overtaken = claim.overtaken and policy.overtaken is not _BY_FAULT
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
        return count * line.unit_price if order.original_of(line).discountable else 0
    price = line.gross - line.discount if line.discountable else 0
    return _share_of_last_units(price, line, count)


def _price_by_line(order: Order) -> dict[str, int]:
    shares = order.discount_shares() if order.discount else {}
    return {line.line_id: order.paid_with(line, shares.get(line.line_id, 0)) for line in order.lines}
