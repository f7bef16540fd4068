"""The changes of the order by the effects of a decision: units change their status, refunds claim payments, lines are
added."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.engine.model.breakdown import PaymentShare
from app.engine.model.copies import replace
from app.engine.model.effects import (
    AddRecord,
    ChargeOrder,
    CountRepair,
    CreateRefund,
    CreditLine,
    DeferRefund,
    DeliverReplacement,
    Effect,
    MoveUnits,
    RechargeLine,
    RefundSurplus,
    SendReplacement,
    TakePayment,
    UnitStatus,
    VoidRefund,
)
from app.engine.model.order import Order, OrderLine, Payment, Units, without_overtaken
from app.engine.model.vocabulary import refund_to_of
from app.engine.policy.facts import Facts

_Lines = dict[str, OrderLine]
"""The lines of an order by their ids, in the order's order."""


def apply_effects(facts: Facts, effects: Iterable[Effect]) -> Facts:
    """The facts after the effects. Effects that touch neither units nor money change nothing. However many lines are
    changed, the lines of the order are copied once."""
    order = facts.order
    owed = 0
    moves = []
    lines: _Lines = {}
    for effect in effects:
        if isinstance(effect, MoveUnits):
            moves.append(effect)
        elif (change_line := _CHANGES_OF_LINES.get(type(effect))) is not None:
            lines = lines or {line.line_id: line for line in order.lines}
            change_line(lines, effect, facts)
        elif (change := _CHANGES.get(type(effect))) is not None:
            order = change(order, effect)
            owed += isinstance(effect, CreateRefund) - isinstance(effect, VoidRefund)
    order = replace(order, lines=tuple(lines.values())) if lines else order
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
        line if units[line.line_id] is line.units else without_overtaken(replace(line, units=units[line.line_id]))
        for line in order.lines
    )
    return replace(order, lines=lines)


def _count(units: Units, status: UnitStatus, change: int) -> Units:
    """Untouched units are not counted: they are the units that no other status has."""
    if status is UnitStatus.UNTOUCHED:
        return units
    return replace(units, **{status.value: getattr(units, status.value) + change})


def _create_refund(order: Order, effect: CreateRefund) -> Order:
    return _with_refunded(order, effect.share, 1)


def _void_refund(order: Order, effect: VoidRefund) -> Order:
    return _with_refunded(order, effect.share, -1)


def _with_refunded(order: Order, share: PaymentShare, sign: int) -> Order:
    """The order after refunds have claimed more of a payment, or less."""
    payments = tuple(
        replace(payment, refunded=payment.refunded + sign * share.amount)
        if payment.payment_id == share.payment_id
        else payment
        for payment in order.payments
    )
    return replace(order, payments=payments, tax_free_refunded=order.tax_free_refunded + sign * share.tax_free)


def _credit(lines: _Lines, effect: CreditLine, _: Facts) -> None:
    line = lines[effect.line_id]
    lines[line.line_id] = replace(line, credited=line.credited + effect.amount)


def _recharge(lines: _Lines, effect: RechargeLine, _: Facts) -> None:
    line = lines[effect.line_id]
    lines[line.line_id] = replace(line, recharged=line.recharged + effect.amount)


def _take_payment(order: Order, effect: TakePayment) -> Order:
    payment = order.payment(effect.payment_id)
    if payment is None:
        payment = Payment(
            payment_id=effect.payment_id,
            method=effect.method,
            captured=effect.amount,
            settles=effect.settles,
            refund_to=refund_to_of(effect.method),
        )
        return replace(order, payments=(*order.payments, payment))
    settling = replace(payment, settles=effect.settles)
    return replace(order, payments=tuple(settling if each is payment else each for each in order.payments))


def _charge(order: Order, effect: ChargeOrder) -> Order:
    return replace(
        order,
        shipping_refunded=order.shipping_refunded + effect.shipping_refunded,
        outbound_charged=order.outbound_charged + effect.outbound_charged,
        rounded=order.rounded + effect.rounded,
        fees_charged=max(0, order.fees_charged + effect.fees_charged),  # some were given back by another claim
    )


def _defer(order: Order, effect: DeferRefund) -> Order:
    return replace(order, not_captured=order.not_captured + effect.amount)


def _refund_surplus(order: Order, effect: RefundSurplus) -> Order:
    return replace(order, surplus_refunded=order.surplus_refunded + effect.amount)


def _send_replacement(lines: _Lines, effect: SendReplacement, facts: Facts) -> None:
    original = lines[effect.replaces]
    replacement = effect.replacement
    unit_price = original.unit_price if replacement.unit_price is None else replacement.unit_price
    gross = effect.quantity * unit_price
    added_tax = 0 if facts.order.prices_include_tax else effect.tax
    lines[effect.line_id] = OrderLine(
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
        shipped_at=effect.shipped_at or facts.now,
        repairs=original.repairs,
        cure_days=original.cure_days,
    )


def _deliver_replacement(lines: _Lines, effect: DeliverReplacement, facts: Facts) -> None:
    line = lines[effect.line_id]
    lines[line.line_id] = replace(
        line,
        delivered=line.quantity,
        delivered_at=line.delivered_at or effect.delivered_at or facts.now,
        cure_days=line.cure_days + effect.cure_days,
    )


def _count_repair(lines: _Lines, effect: CountRepair, _: Facts) -> None:
    line = lines[effect.line_id]
    lines[line.line_id] = replace(
        line,
        repairs=line.repairs + 1,
        repaired_at=effect.repaired_at or line.repaired_at,
        cure_days=line.cure_days + effect.cure_days,
    )


def _add_record(lines: _Lines, effect: AddRecord, _: Facts) -> None:
    line = lines[effect.line_id]
    lines[line.line_id] = replace(line, records=line.records | {effect.record})


_CHANGES: Mapping[type[Effect], Callable[[Order, Any], Order]] = {
    CreateRefund: _create_refund,
    TakePayment: _take_payment,
    ChargeOrder: _charge,
    DeferRefund: _defer,
    VoidRefund: _void_refund,
    RefundSurplus: _refund_surplus,
}
_CHANGES_OF_LINES: Mapping[type[Effect], Callable[[_Lines, Any, Facts], None]] = {
    CreditLine: _credit,
    RechargeLine: _recharge,
    SendReplacement: _send_replacement,
    DeliverReplacement: _deliver_replacement,
    CountRepair: _count_repair,
    AddRecord: _add_record,
}
