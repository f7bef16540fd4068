"""Guards for returned goods, their inspection and replacement, payments, and shipments of the order."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.engine.model.commands import ConfirmPayment, Expire, Inspect, InspectedLine, Receive
from app.engine.model.order import Order, Payment
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import State
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import local_instant
from app.engine.transitions.guards.decisions import grounds_of_goods, no_ground
from app.engine.transitions.guards.requests import unavailable_units
from app.engine.transitions.shipped_meanwhile import is_overtaken


def nothing_came_back(context: DecisionContext) -> Iterator[Refusal]:
    if context.before.received_at is not None:
        yield refuse(Code.GOODS_ALREADY_BACK)


def nothing_was_reshipped(context: DecisionContext) -> Iterator[Refusal]:
    if context.before.reshipped:
        yield refuse(Code.ALREADY_RESHIPPED)


def received_lines_are_sound(context: DecisionContext, command: Receive) -> Iterator[Refusal]:
    for received in command.lines:
        if context.before.line(received.line_id) is None:
            yield refuse(Code.UNKNOWN_LINE, line_id=received.line_id, field="lines")
        elif _needs_no_return(context, received.line_id):
            yield refuse(Code.NOTHING_COMES_BACK, line_id=received.line_id, field="lines")
        if received.quantity < 1:
            yield refuse(Code.QUANTITY_NOT_POSITIVE, line_id=received.line_id, field="lines")
    for line, before in zip(context.amended.lines, context.before.lines, strict=True):
        if line.received > line.quantity:
            yield refuse(
                Code.RECEIVED_ABOVE_ANNOUNCED,
                line_id=line.line_id,
                expected=line.quantity - before.received,
                received=line.received - before.received,
                field="lines",
            )


def _needs_no_return(context: DecisionContext, line_id: str) -> bool:
    line = context.facts.order.line(line_id)
    return line is not None and not line.comes_back


def something_came(context: DecisionContext, command: Receive) -> Iterator[Refusal]:
    """A receipt without lines only closes earlier receipts. It closes the claim's goods if a part of the claim needs no
    return."""
    if command.lines:
        return
    if not command.close:
        yield refuse(Code.NO_LINES, field="lines")
    elif all(line.comes_back and not claimed.received for claimed, line in context.pairs):
        yield refuse(Code.NOTHING_RECEIVED, field="lines")


def all_of_it_comes_back(context: DecisionContext, command: Receive) -> Iterator[Refusal]:
    """A replacement that was sent first is for all units: all units must come back."""
    if context.before.reshipped and command.close:
        yield refuse(Code.ALREADY_RESHIPPED, field="close")


def collection_has_ended(context: DecisionContext) -> Iterator[Refusal]:
    until = context.before.deadlines.collect_by
    if until is not None and context.facts.now < until:
        yield refuse(
            Code.COLLECTION_STILL_OPEN,
            collect_by=local_instant(until, context),
            citation=context.facts.policy.collect_citation,
        )


def late_goods_are_received(context: DecisionContext) -> Iterator[Refusal]:
    """Under a law that knows no lapse, the buyer's right goes on although the goods come late."""
    policy, until = context.facts.policy, context.before.deadlines.collect_by
    came_at = _came_at(context)
    if policy.collect_lapses and (until is None or came_at >= until):
        collect_by = local_instant(until, context) if until else ""
        yield refuse(Code.COLLECTION_LAPSED, collect_by=collect_by, citation=policy.collect_citation)


def _came_at(context: DecisionContext) -> datetime:
    """When the goods that the command reports were sent, or came back: now, if it does not say."""
    before, after = context.before, context.amended
    received_at = after.received_at if after.received_at != before.received_at else None
    sent_at = after.dispatched_at if after.dispatched_at != before.dispatched_at else None
    return received_at or sent_at or context.facts.now


def units_are_still_there(context: DecisionContext) -> Iterable[Refusal]:
    """A claim that has expired holds no units. Another claim may have taken them."""
    return unavailable_units(context)


def nothing_was_sent(context: DecisionContext, command: Expire) -> Iterator[Refusal]:
    """Goods that were sent in time may arrive later. The seller bears the loss of goods on the way back."""
    is_under_way = context.before.state is State.COLLECTING and context.before.received_at is None
    if is_under_way and not command.evidence:
        yield refuse(Code.SAID_TO_BE_SENT, citation=context.facts.policy.collect_citation, field="evidence")


def _number_refusals(context: DecisionContext, result: InspectedLine) -> Iterator[Refusal]:
    line = context.before.line(result.line_id)
    if line is None:
        yield refuse(Code.UNKNOWN_LINE, line_id=result.line_id, field="lines")
    elif _needs_no_return(context, line.line_id):
        if result.accepted != line.quantity:
            yield refuse(Code.NOTHING_COMES_BACK, line_id=line.line_id, field="lines")
    elif result.accepted > line.received:
        yield refuse(
            Code.ACCEPTED_ABOVE_RECEIVED,
            line_id=line.line_id,
            received=line.received,
            accepted=result.accepted,
            field="lines",
        )


def inspected_lines_are_sound(context: DecisionContext, command: Inspect) -> Iterator[Refusal]:
    seen: set[str] = set()
    for result in command.lines:
        yield from _number_refusals(context, result)
        if min(result.accepted, result.used_parts or 0, *(each.amount for each in result.deductions)) < 0:
            yield refuse(Code.BELOW_ZERO, line_id=result.line_id, field="lines")
        if result.line_id in seen:
            yield refuse(Code.LINE_TWICE, line_id=result.line_id, field="lines")
        seen.add(result.line_id)
    for line in context.before.lines:
        if line.received and line.line_id not in seen:
            yield refuse(Code.INSPECTION_INCOMPLETE, line_id=line.line_id, field="lines")


def used_parts_are_there(context: DecisionContext, _: object) -> Iterable[Refusal]:
    return [
        refuse(
            Code.USED_ABOVE_UNITS,
            line_id=line.line_id,
            parts=claimed.payable * line.parts,
            used=claimed.used_parts,
            field="lines",
        )
        for claimed, line in context.pairs
        if claimed.used_parts and not 0 <= claimed.used_parts <= claimed.payable * line.parts
    ]


def sending_back_has_a_ground(context: DecisionContext, command: Inspect) -> Iterator[Refusal]:
    refused = {line.line_id: line.received - line.payable for line in context.amended.lines}
    if not any(count > 0 for count in refused.values()):
        return
    if context.before.reshipped:
        yield refuse(Code.ALREADY_RESHIPPED, field="lines")
    if command.ground is None:
        yield refuse(Code.GROUND_REQUIRED, citation=context.facts.policy.rejection.citation, field="ground")
    elif command.ground not in (supported := grounds_of_goods(context, refused)):
        yield no_ground(context, command.ground, supported)
    if not command.message.strip():
        yield refuse(Code.MESSAGE_REQUIRED, citation=context.facts.policy.rejection.citation, field="message")


def replacements_go_in_advance(context: DecisionContext) -> Iterator[Refusal]:
    if not context.facts.policy.advance_exchange:
        yield refuse(Code.GOODS_NOT_BACK)


def nothing_is_outstanding(context: DecisionContext) -> Iterator[Refusal]:
    outstanding = context.facts.refunds_outstanding
    if outstanding:
        yield refuse(Code.REFUNDS_OUTSTANDING, outstanding=outstanding)


def nothing_was_paid_back(context: DecisionContext) -> Iterator[Refusal]:
    if context.before.amounts is not None and context.before.amounts.total:
        yield refuse(Code.ALREADY_PAID_BACK)


def buyer_owes(context: DecisionContext) -> Iterator[Refusal]:
    if not waits_for_the_buyer(context):
        yield refuse(Code.NOTHING_OWED)


def waits_for_the_buyer(context: DecisionContext) -> bool:
    amounts = context.before.amounts
    return context.before.hold is not None and amounts is not None and bool(amounts.buyer_owes)


def payment_settles_it(context: DecisionContext, command: ConfirmPayment) -> Iterator[Refusal]:
    """A stored payment of the order must equal the confirmed payment. It must be for this debt, not for another claim
    or for the goods."""
    amounts = context.before.amounts
    if amounts is None or not waits_for_the_buyer(context):
        return
    if command.amount != amounts.buyer_owes:
        yield refuse(
            Code.PAYMENT_DIFFERS,
            owed=amounts.buyer_owes,
            paid=command.amount,
            currency=context.facts.order.currency,
            field="amount",
        )
    payment = context.facts.order.payment(command.payment_id)
    if payment is None:
        return
    if payment.settles or (payment.method, payment.captured) != (command.method, command.amount):
        yield refuse(Code.PAYMENT_ALREADY_TAKEN, payment_id=payment.payment_id, field="payment_id")
    elif _paid_for_the_order(payment, context.facts.order):
        yield refuse(Code.PAYMENT_IS_THE_ORDERS, payment_id=payment.payment_id, field="payment_id")


def _paid_for_the_order(payment: Payment, order: Order) -> bool:
    """True if the order's price is covered with this payment and not covered without it. It is unknown for an
    order with unreported payments."""
    captured = sum(each.captured for each in order.payments if not each.settles)
    return captured - payment.captured < order.price <= captured


def the_order_has_left(context: DecisionContext) -> Iterator[Refusal]:
    if not is_overtaken(context.before, context.facts):
        yield refuse(Code.NOT_OVERTAKEN)
