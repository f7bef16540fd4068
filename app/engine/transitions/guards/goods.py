"""Goods on their way back, their inspection and replacement, money, and the order's side."""

from collections.abc import Iterable, Iterator

from app.engine.amounts.line_values import deduction_rule, deduction_rules, used_part, worths
from app.engine.model.commands import ConfirmPayment, Expire, Inspect, Receive
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Deduction, State
from app.engine.transitions.context import Case
from app.engine.transitions.guards.decisions import no_ground, supports_sending_back
from app.engine.transitions.shipped_meanwhile import is_overtaken


def nothing_came_back(case: Case) -> Iterator[Refusal]:
    if case.before.received_at is not None:
        yield refuse(Code.GOODS_ALREADY_BACK)


def nothing_was_reshipped(case: Case) -> Iterator[Refusal]:
    if case.before.reshipped:
        yield refuse(Code.ALREADY_RESHIPPED)


def received_lines_are_sound(case: Case, command: Receive) -> Iterator[Refusal]:
    for received in command.lines:
        if case.before.line(received.line_id) is None:
            yield refuse(Code.UNKNOWN_LINE, line=received.line_id, field="lines")
        if received.quantity < 1:
            yield refuse(Code.QUANTITY_NOT_POSITIVE, line=received.line_id, field="lines")
    for line, before in zip(case.claim.lines, case.before.lines, strict=True):
        if line.received > line.quantity:
            yield refuse(
                Code.RECEIVED_ABOVE_ANNOUNCED,
                line=line.line_id,
                announced=line.quantity - before.received,
                asked=line.received - before.received,
                field="lines",
            )


def something_came(case: Case, command: Receive) -> Iterator[Refusal]:
    """A receipt without lines only closes what came before."""
    if command.lines:
        return
    if not command.close:
        yield refuse(Code.NO_LINES, field="lines")
    elif not any(line.received for line in case.before.lines):
        yield refuse(Code.NOTHING_RECEIVED, field="lines")


def all_of_it_comes_back(case: Case, command: Receive) -> Iterator[Refusal]:
    """A replacement that went first is for every unit: none may stay out."""
    if case.before.reshipped and command.close:
        yield refuse(Code.ALREADY_RESHIPPED, field="close")


def collection_has_ended(case: Case) -> Iterator[Refusal]:
    until = case.before.deadlines.collect_by
    if until is not None and case.facts.now < until:
        yield refuse(
            Code.COLLECTION_STILL_OPEN, until=until.isoformat(), citation=case.facts.policy.collect_citation
        )


def nothing_was_sent(case: Case, command: Expire) -> Iterator[Refusal]:
    """What was sent in time may come later, and what is lost on its way back is not the buyer's loss."""
    is_under_way = case.before.state is State.COLLECTING and case.before.received_at is None
    if is_under_way and not command.evidence:
        yield refuse(Code.SAID_TO_BE_SENT, citation=case.facts.policy.collect_citation, field="evidence")


def inspected_lines_are_sound(case: Case, command: Inspect) -> Iterator[Refusal]:
    seen: set[str] = set()
    for result in command.lines:
        line = case.before.line(result.line_id)
        if line is None:
            yield refuse(Code.UNKNOWN_LINE, line=result.line_id, field="lines")
        elif result.accepted > line.received:
            yield refuse(
                Code.ACCEPTED_ABOVE_RECEIVED,
                line=line.line_id,
                received=line.received,
                asked=result.accepted,
                field="lines",
            )
        if min(result.accepted, result.used_parts or 0, *(each.amount for each in result.deductions)) < 0:
            yield refuse(Code.BELOW_ZERO, line=result.line_id, field="lines")
        if result.line_id in seen:
            yield refuse(Code.LINE_TWICE, line=result.line_id, field="lines")
        seen.add(result.line_id)
    for line in case.before.lines:
        if line.received and line.line_id not in seen:
            yield refuse(Code.INSPECTION_INCOMPLETE, line=line.line_id, field="lines")


def deductions_are_covered(case: Case, _: Inspect) -> Iterator[Refusal]:
    for value in worths(case.claim, case.facts.order):
        asked = value.claimed.deducted + used_part(value)
        if asked > value.amount:
            yield refuse(
                Code.DEDUCTION_ABOVE_VALUE,
                line=value.line.line_id,
                asked=asked,
                value=value.amount,
                field="lines",
            )


def deductions_are_allowed(case: Case, _: Inspect) -> Iterator[Refusal]:
    """Each needs a rule of the law or the policy; without one the buyer gets back what was paid."""
    for value in worths(case.claim, case.facts.order):
        used_up = [Deduction.USED_PART] if value.claimed.used_parts else []
        for reason in (*used_up, *(deducted.reason for deducted in value.claimed.deductions)):
            if deduction_rule(case.facts.policy, reason, case.claim, value.line, case.facts.order) is None:
                yield _deduction_refused(case, reason, value.line)


def _deduction_refused(case: Case, reason: Deduction, line: OrderLine) -> Refusal:
    policy = case.facts.policy
    if rules := deduction_rules(policy, reason, case.claim, line):
        missing = rules[0].records - line.records - case.facts.order.records
        why = f"it takes a record of {', '.join(sorted(missing))}"
    else:
        rules = [rule for rule in policy.deductions if rule.reason is reason]
        why = "no rule allows it for such goods, at this fault and for this reason"
    return refuse(
        Code.DEDUCTION_NOT_ALLOWED,
        line=line.line_id,
        reason=reason,
        why=why,
        citation=rules[0].citation if rules else policy.restocking.citation,
        field="lines",
    )


def used_parts_are_there(case: Case, _: object) -> Iterable[Refusal]:
    return [
        refuse(
            Code.USED_ABOVE_UNITS,
            line=line.line_id,
            parts=claimed.payable * line.parts,
            asked=claimed.used_parts,
            field="lines",
        )
        for claimed, line in case.pairs
        if claimed.used_parts and not 0 <= claimed.used_parts <= claimed.payable * line.parts
    ]


def sending_back_has_a_ground(case: Case, command: Inspect) -> Iterator[Refusal]:
    refused = {line.line_id: line.received - line.payable for line in case.claim.lines}
    if not any(count > 0 for count in refused.values()):
        return
    if case.before.reshipped:
        yield refuse(Code.ALREADY_RESHIPPED, field="lines")
    if command.ground is None:
        yield refuse(Code.GROUND_REQUIRED, citation=case.facts.policy.rejection.citation, field="ground")
    elif not supports_sending_back(case, command.ground, refused):
        yield no_ground(case, command.ground)
    if not command.message.strip():
        yield refuse(Code.MESSAGE_REQUIRED, citation=case.facts.policy.rejection.citation, field="message")


def replacements_go_in_advance(case: Case) -> Iterator[Refusal]:
    if not case.facts.policy.advance_exchange:
        yield refuse(Code.GOODS_NOT_BACK)


def nothing_is_outstanding(case: Case) -> Iterator[Refusal]:
    outstanding = case.facts.refunds_outstanding
    if outstanding:
        yield refuse(Code.REFUNDS_OUTSTANDING, outstanding=outstanding)


def nothing_was_paid_back(case: Case) -> Iterator[Refusal]:
    if case.before.amounts is not None and case.before.amounts.total:
        yield refuse(Code.ALREADY_PAID_BACK)


def buyer_owes(case: Case) -> Iterator[Refusal]:
    if not waits_for_the_buyer(case):
        yield refuse(Code.NOTHING_OWED)


def waits_for_the_buyer(case: Case) -> bool:
    amounts = case.before.amounts
    return case.before.hold is not None and amounts is not None and amounts.buyer_owes > 0


def payment_settles_it(case: Case, command: ConfirmPayment) -> Iterator[Refusal]:
    """A payment that was reported to the order before must be the one that is confirmed, and be there for that:
    neither for another claim, nor for the goods."""
    amounts = case.before.amounts
    if amounts is None or not waits_for_the_buyer(case):
        return
    if command.amount != amounts.buyer_owes:
        yield refuse(Code.PAYMENT_DIFFERS, owed=amounts.buyer_owes, asked=command.amount, field="amount")
    known = case.facts.order.payment(command.payment_id)
    if known is None:
        return
    if known.settles or (known.method, known.captured) != (command.method, command.amount):
        yield refuse(Code.PAYMENT_ALREADY_TAKEN, payment=known.payment_id, field="payment_id")
    elif _paid_for_the_order(known, case.facts.order):
        yield refuse(Code.PAYMENT_IS_THE_ORDERS, payment=known.payment_id, field="payment_id")


def _paid_for_the_order(payment: Payment, order: Order) -> bool:
    """Is the order's price covered with it, and without it not? Of an order whose payments nobody has reported in
    full that cannot be said."""
    captured = sum(each.captured for each in order.payments if not each.settles)
    return captured - payment.captured < order.price <= captured


def the_order_has_left(case: Case) -> Iterator[Refusal]:
    if not is_overtaken(case.before, case.facts):
        yield refuse(Code.NOT_OVERTAKEN)
