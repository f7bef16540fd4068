"""The tax-free part of a refund: the part of the money on which no tax was charged. Some payment providers ask for the
part of each refund.

A line is tax-free if its tax rate is 0, and so is the shipping. An order that is exempt is tax-free as a whole. All
refunds of an order together have at most the tax-free part of its price, and at most the taxed part of its price.
"""

from collections.abc import Collection, Iterable

from app.engine.amounts.taxes import part_of_tax
from app.engine.model.breakdown import BreakdownStep, PaymentShare, StepCode
from app.engine.model.copies import replace
from app.engine.model.money import allocate
from app.engine.model.order import Order

_SHIPPING = frozenset({StepCode.SHIPPING, StepCode.STANDARD_SHIPPING})
_TAXED = frozenset(
    {
        StepCode.RETURN_FEE,
        StepCode.EXCHANGE_FEE,
        StepCode.REPLACEMENT_FEE,
        StepCode.OUTBOUND_FEE,
        StepCode.OUTBOUND_RETURNED,
        StepCode.FEES_RETURNED,
        StepCode.BUYER_PAID,
        StepCode.SURPLUS,
    }
)
"""Fees, and money that is no price. Any other step of the whole order changes the goods and the shipping alike."""


def with_tax_free(
    shares: tuple[PaymentShare, ...], steps: Iterable[BreakdownStep], order: Order, given: int = 0
) -> tuple[PaymentShare, ...]:  # fmt: skip
    """The shares with their parts of what is tax-free in the steps. Earlier shares of the same claim have `given` of
    it."""
    if order.tax_exempt:
        return tuple([replace(share, tax_free=share.amount) for share in shares])
    untaxed = _untaxed(order)
    return split_tax_free(shares, _tax_free(steps, untaxed) - given, order) if untaxed else shares


def split_tax_free(shares: tuple[PaymentShare, ...], tax_free: int, order: Order) -> tuple[PaymentShare, ...]:
    """Split a tax-free amount over the shares, in proportion to them and by largest remainder. It is cut to what the
    order still has of either part. The money of a payment that settled a debt may be of either part."""
    amounts = tuple([share.amount for share in shares])
    price, settled = _tax_free_price(order), sum([each.captured for each in order.payments if each.settles is not None])
    refunded = sum([payment.refunded for payment in order.payments])
    taxed = max(order.price, order.price - order.unpaid) - price + settled - (refunded - order.tax_free_refunded)
    most = min(sum(amounts), price + settled - order.tax_free_refunded)
    least = sum(amounts) - taxed
    parts = allocate(max(0, min(max(tax_free, least), most)), amounts)
    return tuple([replace(share, tax_free=part) for share, part in zip(shares, parts, strict=True)])


def tax_free_of(shares: Iterable[PaymentShare]) -> int:
    return sum([share.tax_free for share in shares])


def _untaxed(order: Order) -> set[str | None]:
    """The lines without tax. None stands for the shipping."""
    untaxed: set[str | None] = {line.line_id for line in order.lines if line.tax_rate == 0 and not line.tax}
    return {*untaxed, None} if order.shipping_tax_rate == 0 and not order.shipping_tax else untaxed


def _tax_free_price(order: Order) -> int:
    """The tax-free part of the price of the order as it was bought."""
    if order.tax_exempt:
        return order.price
    untaxed, discounts = _untaxed(order), order.discount_shares()
    bought = [line for line in order.lines if line.replaces is None and line.line_id in untaxed]
    goods = sum([order.paid_with(line, discounts[line.line_id]) for line in bought])
    return goods + (order.shipping_paid if None in untaxed else 0)


def _tax_free(steps: Iterable[BreakdownStep], untaxed: Collection[str | None]) -> int:
    """The tax-free part of the steps. An agreed amount is split over the lines as their credits are."""
    values: dict[str | None, int] = {}
    changes = 0
    for each in steps:
        if each.line_id is not None or each.code in _SHIPPING:
            values[each.line_id] = values.get(each.line_id, 0) + each.amount
        elif each.code is StepCode.REQUESTED_AMOUNT:
            agreed = allocate(sum(values.values()) + each.amount, tuple(values.values()))
            values = dict(zip(values, agreed, strict=True))
        elif each.code not in _TAXED:
            changes += each.amount
    whole = sum(values.values())
    free = sum(amount for name, amount in values.items() if name in untaxed)
    return part_of_tax(free, whole + changes, whole)
