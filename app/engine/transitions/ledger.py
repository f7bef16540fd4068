"""The changes of the order by the effects of a decision: units change their status, refunds claim payments, lines are
added."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.engine.model.copies import replace
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
from app.engine.model.order import Order, OrderLine, Payment, Units
from app.engine.policy.facts import Facts


def apply_effects(facts: Facts, effects: Iterable[Effect]) -> Facts:
    """The facts after the effects. Effects that touch neither units nor money change nothing."""
    order = facts.order
    owed = 0
    moves = []
    for effect in effects:
        if isinstance(effect, MoveUnits):
            moves.append(effect)
        elif (change := _CHANGES.get(type(effect))) is not None:
            order = change(order, effect, facts)
            owed += isinstance(effect, CreateRefund)
    return replace(
        facts,
        order=_move_units(order, moves) if moves else order,
        refunds_outstanding=facts.refunds_outstanding + owed,
    )


def _move_units(order: Order, moves: Iterable[MoveUnits]) -> Order:
    units = {line.line_id: line.units for line in order.lines}
    for move in moves:
        remaining = _count(units[move.line_id], move.source, -move.quantity)
        units[move.line_id] = _count(remaining, move.target, move.quantity)
    lines = tuple(
        line if units[line.line_id] is line.units else replace(line, units=units[line.line_id]) for line in order.lines
    )
    return replace(order, lines=lines)


def _count(units: Units, status: UnitStatus, change: int) -> Units:
    """Untouched units are not counted: they are the units that no other status has."""
    if status is UnitStatus.UNTOUCHED:
        return units
    return replace(units, **{status.value: getattr(units, status.value) + change})


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
    payment = order.payment(effect.payment_id)
    if payment is None:
        payment = Payment(
            payment_id=effect.payment_id, method=effect.method, captured=effect.amount, settles=effect.settles
        )
        return replace(order, payments=(*order.payments, payment))
    settling = replace(payment, settles=effect.settles)
    return replace(order, payments=tuple(settling if each is payment else each for each in order.payments))


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
