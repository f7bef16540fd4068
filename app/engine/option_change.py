"""Another option for units that were not shipped: they become a line of their own, with the value that was paid."""

from app.engine.amounts.line_values import value_of_units
from app.engine.amounts.taxes import part_of_tax, tax_on
from app.engine.model.claim import Replacement
from app.engine.model.copies import replace
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Nature


def units_for_another_option(line: OrderLine, order: Order) -> int:
    """The units of a line for which the buyer can ask for another option now."""
    if line.changing or line.credited or line.recharged or making_has_begun(line, order):
        return 0
    return line.changeable


def making_has_begun(line: OrderLine, order: Order) -> bool:
    """True for custom-made goods once the order is confirmed or ready: nothing else says when their making begins."""
    return line.nature is Nature.CUSTOM_MADE and bool(order.confirmed_at or order.ready_to_ship_at)


def price_difference(line: OrderLine, quantity: int, option: Replacement, order: Order) -> int:
    """What the option costs more for these units, with tax, in minor units. Below zero for a cheaper option."""
    added = _added_price(line, quantity, option)
    return added if order.prices_include_tax else added + _tax_on_added(line, added, order)


def with_option(order: Order, line_id: str, quantity: int, option: Replacement, change_id: str, charged: int) -> Order:
    """The order after a change of option: a new line, named as the change, has these units of the line. The value of
    the new line is what was paid for the units, with `charged` on top. So the value of the order grows by `charged`
    alone. Raises LookupError for an unknown line."""
    line = order.line(line_id)
    if line is None:
        raise LookupError(line_id)
    units = replace(line.units, changed=line.units.changed + quantity)
    left = replace(line, units=units, changing=0)
    lines = tuple(left if each is line else each for each in order.lines)
    return replace(order, lines=(*lines, _new_line(order, line, quantity, option, change_id, charged)))


def _new_line(
    order: Order, line: OrderLine, quantity: int, option: Replacement, change_id: str, charged: int
) -> OrderLine:
    unit_price = line.unit_price if option.unit_price is None else option.unit_price
    gross = quantity * unit_price
    paid, tax = value_of_units(line, quantity, order)
    worth = paid + charged
    if order.prices_include_tax:
        tax, added = part_of_tax(tax, worth, paid), 0
    else:  # both parts of what was paid are rounded, so that the rest may be above the price by one
        tax = added = max(
            tax + (_tax_on_added(line, _added_price(line, quantity, option), order) if charged else 0), worth - gross
        )
    return OrderLine(
        line_id=change_id,
        quantity=quantity,
        unit_price=unit_price,
        sku=option.sku,
        title=option.title,
        discount=gross + added - worth,
        discountable=False,
        tax=tax,
        tax_rate=line.tax_rate,
        parts=line.parts,
        nature=line.nature,
        records=line.records,
        replaces=line.line_id,
        deliver_on=line.deliver_on,
        consumable_cost=line.consumable_cost,
        option_change=change_id,
    )


def _added_price(line: OrderLine, quantity: int, option: Replacement) -> int:
    return 0 if option.unit_price is None else quantity * (option.unit_price - line.unit_price)


def _tax_on_added(line: OrderLine, added: int, order: Order) -> int:
    if order.tax_exempt:
        return 0
    if line.tax_rate is not None:
        return tax_on(added, line.tax_rate)
    return part_of_tax(line.tax, added, order.paid_for(line) - line.tax)
