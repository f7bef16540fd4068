"""What the effects of a decision do to the order: units change shelves, payments are claimed, lines are added."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from app.engine.model.effects import (
    ChargeOrder,
    CreateRefund,
    CreditLine,
    DeliverReplacement,
    Effect,
    MoveUnits,
    RechargeLine,
    SendReplacement,
    TakePayment,
    UnitStatus,
)
from app.engine.model.fast_values import copier, replace
from app.engine.model.order import Order, OrderLine, Payment, Units
from app.engine.policy.facts import Facts

_UNTOUCHED = UnitStatus.UNTOUCHED


def after(facts: Facts, effects: Iterable[Effect]) -> Facts:
    """The facts once the effects have taken place; effects that touch neither units nor money change nothing."""
    order = facts.order
    owed = 0
    moves = []
    for effect in effects:
        if isinstance(effect, MoveUnits):
            moves.append(effect)
        elif (change := _CHANGES.get(type(effect))) is not None:
            order = change(order, effect, facts)
            owed += isinstance(effect, CreateRefund)
    return _standing(facts, _moved(order, moves) if moves else order, facts.refunds_outstanding + owed)


_standing: Callable[[Facts, Order, int], Facts] = copier(Facts, "order", "refunds_outstanding")
_with_lines: Callable[[Order, tuple[OrderLine, ...]], Order] = copier(Order, "lines")
_with_units: Callable[[OrderLine, Units], OrderLine] = copier(OrderLine, "units")


def _moved(order: Order, moves: Iterable[MoveUnits]) -> Order:
    shelves = {line.line_id: line.units for line in order.lines}
    for move in moves:
        units = shelves[move.line_id]
        if move.source is not _UNTOUCHED:  # what is on no other shelf
            units = _recounted(units, move.source, -move.quantity)
        if move.target is not _UNTOUCHED:
            units = _recounted(units, move.target, move.quantity)
        shelves[move.line_id] = units
    lines = [
        line if (units := shelves[line.line_id]) is line.units else _with_units(line, units) for line in order.lines
    ]
    return _with_lines(order, tuple(lines))


def _recounted(units: Units, shelf: UnitStatus, change: int) -> Units:
    count, recount = _SHELVES[shelf]
    return recount(units, count(units) + change)


_SHELVES: Mapping[UnitStatus, tuple[Callable[[Units], int], Callable[[Units, int], Units]]] = {
    shelf: (attrgetter(shelf.value), copier(Units, shelf.value)) for shelf in UnitStatus if shelf is not _UNTOUCHED
}


def _create_refund(order: Order, effect: CreateRefund, _: Facts) -> Order:
    share = effect.share
    return replace(
        order,
        payments=tuple(
            replace(payment, refunded=payment.refunded + share.amount)
            if payment.payment_id == share.payment_id
            else payment
            for payment in order.payments
        ),
    )


def _credit(order: Order, effect: CreditLine, _: Facts) -> Order:
    return _with_line(order, effect.line_id, lambda line: replace(line, credited=line.credited + effect.amount))


def _recharge(order: Order, effect: RechargeLine, _: Facts) -> Order:
    return _with_line(order, effect.line_id, lambda line: replace(line, recharged=line.recharged + effect.amount))


def _take_payment(order: Order, effect: TakePayment, _: Facts) -> Order:
    known = order.payment(effect.payment_id)
    if known is None:
        paid = Payment(
            payment_id=effect.payment_id, method=effect.method, captured=effect.amount, settles=effect.settles
        )
        return replace(order, payments=(*order.payments, paid))
    settling = replace(known, settles=effect.settles)
    return replace(order, payments=tuple(settling if each is known else each for each in order.payments))


def _charge(order: Order, effect: ChargeOrder, _: Facts) -> Order:
    return replace(
        order,
        shipping_refunded=order.shipping_refunded + effect.shipping_refunded,
        outbound_charged=order.outbound_charged + effect.outbound_charged,
    )


def _send_replacement(order: Order, effect: SendReplacement, facts: Facts) -> Order:
    original = order.line(effect.replaces)
    if original is None:
        raise LookupError(f"order {order.order_id} has no line {effect.replaces} to replace")
    replacement = effect.replacement
    unit_price = original.unit_price if replacement.unit_price is None else replacement.unit_price
    gross = effect.quantity * unit_price
    added_tax = 0 if order.prices_include_tax else effect.tax
    line = OrderLine(
        line_id=effect.line_id,
        quantity=effect.quantity,
        unit_price=unit_price,
        sku=replacement.sku,
        title=replacement.title,
        discount=gross + added_tax - effect.carried,
        discountable=False,
        tax=effect.tax,
        tax_rate=original.tax_rate,
        parts=original.parts,
        nature=original.nature,
        records=original.records,
        replaces=original.line_id,
        shipped=effect.quantity,
        shipped_at=facts.now,
    )
    return replace(order, lines=(*order.lines, line))


def _deliver_replacement(order: Order, effect: DeliverReplacement, facts: Facts) -> Order:
    return _with_line(
        order,
        effect.line_id,
        lambda line: replace(line, delivered=line.quantity, delivered_at=line.delivered_at or facts.now),
    )


def _with_line(order: Order, line_id: str, change: Callable[[OrderLine], OrderLine]) -> Order:
    return replace(order, lines=tuple(change(line) if line.line_id == line_id else line for line in order.lines))


_CHANGES: Mapping[type[Effect], Callable[[Order, Any, Facts], Order]] = {
    CreateRefund: _create_refund,
    CreditLine: _credit,
    RechargeLine: _recharge,
    TakePayment: _take_payment,
    ChargeOrder: _charge,
    SendReplacement: _send_replacement,
    DeliverReplacement: _deliver_replacement,
}
