"""Goods on their way back, their inspection and replacement, money, and the order's side."""

from collections.abc import Iterator

from app.engine.amounts import worth
from app.engine.case import Case
from app.engine.commands import (
    Inspect,
    Receive,
)
from app.engine.guards.decisions import no_ground, supports_sending_back
from app.engine.overtaking import is_overtaken
from app.engine.refusals import Code, Refusal, refuse


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
        yield refuse(Code.COLLECTION_STILL_OPEN, until=until.isoformat())


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
        if result.accepted < 0 or result.deduction < 0:
            yield refuse(Code.BELOW_ZERO, line=result.line_id, field="lines")
        if result.line_id in seen:
            yield refuse(Code.LINE_TWICE, line=result.line_id, field="lines")
        seen.add(result.line_id)
    for line in case.before.lines:
        if line.received and line.line_id not in seen:
            yield refuse(Code.INSPECTION_INCOMPLETE, line=line.line_id, field="lines")


def deductions_are_covered(case: Case, _: Inspect) -> Iterator[Refusal]:
    values = worth(case.claim, case.facts.order)
    for claimed in case.claim.lines:
        value = values.get(claimed.line_id, 0)
        if claimed.deduction > value:
            yield refuse(
                Code.DEDUCTION_ABOVE_VALUE,
                line=claimed.line_id,
                asked=claimed.deduction,
                value=value,
                field="lines",
            )


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


def the_order_has_left(case: Case) -> Iterator[Refusal]:
    if not is_overtaken(case.before, case.facts):
        yield refuse(Code.NOT_OVERTAKEN)
