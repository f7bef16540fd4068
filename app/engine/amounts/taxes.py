"""Tax by rate: rates are in hundredths of a percent, amounts are rounded half up, once for each line."""

from dataclasses import replace

from app.engine.model.order import Order, OrderLine

_WHOLE = 10_000


def tax_on(amount: int, rate: int) -> int:
    """The tax that is added to an amount."""
    return _half_up(amount * rate, _WHOLE)


def tax_within(amount: int, rate: int) -> int:
    """The tax that an amount contains."""
    return _half_up(amount * rate, _WHOLE + rate)


def part_of_tax(tax: int, amount: int, whole: int) -> int:
    """The tax in a part of an amount, where the tax was charged on the whole amount."""
    return _half_up(tax * amount, whole) if whole else 0


def with_taxes(order: Order, line_ids: frozenset[str], shipping_rate: int | None) -> Order:
    """The order with the tax of these lines and of the shipping, computed from their rates. None if it is exempt."""
    if order.tax_exempt:
        return order
    shares = order.discount_shares()

    def by_rate(line: OrderLine) -> OrderLine:
        if line.line_id not in line_ids or line.tax_rate is None:
            return line
        price = line.gross - line.discount - shares[line.line_id]
        return replace(line, tax=_tax(price, line.tax_rate, order))

    shipping_tax = order.shipping_tax
    if shipping_rate is not None:
        shipping_tax = _tax(order.shipping_charged, shipping_rate, order)
    return replace(order, lines=tuple(by_rate(line) for line in order.lines), shipping_tax=shipping_tax)


def _tax(price: int, rate: int, order: Order) -> int:
    return tax_within(price, rate) if order.prices_include_tax else tax_on(price, rate)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
