"""What must hold of every decision, whatever came before it: one law per function."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from app.engine import Decision, Facts, actions, command_name, decide, next_command, next_timeout
from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.autopilot import waits_for_people
from app.engine.model.breakdown import RefundBreakdown, StepCode
from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.commands import AdjustRefund, ConfirmPayment, Convert, OrderShipped, Release, Retract
from app.engine.model.edit import Edit
from app.engine.model.effects import CreateRefund
from app.engine.model.vocabulary import FINAL, Fault, FeeCollection, Kind
from app.engine.transitions.table import BY_ITSELF
from tests.engine.search import Answer, Visit

Law = Callable[[Answer, Decision], bool]


def versions_count_up(answer: Answer, decision: Decision) -> bool:
    before = answer.visit.claim.version if answer.visit.claim else 0
    return decision.claim.version == before + 1


def actions_had_promised_it(answer: Answer, _: Decision) -> bool:
    if answer.visit.claim is None or type(answer.command) in BY_ITSELF:
        return True
    return command_name(type(answer.command)) in _promised(answer.visit, answer.facts.now)


def a_held_claim_only_lets_go(answer: Answer, _: Decision) -> bool:
    held = answer.visit.claim is not None and answer.visit.claim.hold is not None
    return not held or isinstance(answer.command, (Release, Retract, Edit, OrderShipped, ConfirmPayment, AdjustRefund))


def a_final_claim_is_closed_and_holds_nothing(answer: Answer, decision: Decision) -> bool:
    if decision.claim.state not in FINAL:
        return decision.claim.closed_at is None
    open_units = sum(line.units.open for line in answer.then.order.lines)
    return decision.claim.closed_at == answer.facts.now and decision.claim.hold is None and not open_units


def no_unit_is_counted_twice(answer: Answer, _: Decision) -> bool:
    return all(
        min(line.untouched, *(getattr(line.units, shelf) for shelf in line.units.__slots__)) >= 0
        for line in answer.then.order.lines
    )


def payments_give_back_what_is_owed_and_no_more_than_they_brought(answer: Answer, decision: Decision) -> bool:
    payments, claim = answer.then.order.payments, decision.claim
    owed = claim.amounts.total if claim.amounts and not _waits(claim) else 0
    within = all(0 <= payment.refunded <= payment.captured for payment in payments)
    return within and sum(payment.refunded for payment in payments) == owed


def what_is_left_is_covered_by_what_is_left_of_the_capture(answer: Answer, decision: Decision) -> bool:
    """If all other units came back now at the seller's cost, the payments and the unpaid price could refund them,
    unless the seller waived their price."""
    if any((line.given_up or 0) < line.carried for line in decision.claim.lines) and not decision.claim.buyer_payment:
        return True
    order = answer.then.order
    still_to_be_paid = max(0, order.unpaid - order.not_captured)
    return _worth_of_the_rest(decision.claim, answer.then) <= order.captured_left + still_to_be_paid


def amounts_add_up_and_never_change(answer: Answer, decision: Decision) -> bool:
    before, after = answer.visit.claim.amounts if answer.visit.claim else None, decision.claim.amounts
    shares = tuple(effect.share for effect in decision.effects if isinstance(effect, CreateRefund))
    if after is None:
        return before is None and not shares
    if isinstance(answer.command, AdjustRefund):
        owed_before = before.total if before and not _waits(answer.visit.claim) else 0
        owed_after = 0 if _waits(decision.claim) else after.total
        return _sums(after) and owed_after - owed_before == sum(share.amount for share in shares)
    if before and not isinstance(answer.command, Convert) and before.steps != after.steps:
        return False
    was_due = before is not None and not _waits(answer.visit.claim) and not isinstance(answer.command, Convert)
    due = () if was_due or _waits(decision.claim) else after.shares
    return _adds_up(after) and shares == due


def the_autopilot_is_never_refused(answer: Answer, decision: Decision) -> bool:
    command = next_command(decision.claim, answer.then)
    return command is None or isinstance(decide(decision.claim, command, answer.then), Decision)


def who_waits_for_people_is_moved_by_nobody_else(answer: Answer, decision: Decision) -> bool:
    waits = waits_for_people(decision.claim, answer.then.policy)
    return not waits or next_command(decision.claim, answer.then) is None


def the_clock_is_never_refused(answer: Answer, decision: Decision) -> bool:
    """At its deadline, and long after it, the timeout of a claim happens once."""
    timeout = next_timeout(decision.claim)
    if timeout is None:
        return True
    at = max(timeout.at, answer.then.now)
    late = [
        decide(decision.claim, timeout.command, replace(answer.then, now=now)) for now in (at, at + timedelta(days=90))
    ]
    return all(isinstance(outcome, Decision) and next_timeout(outcome.claim) != timeout for outcome in late)


LAWS: tuple[Law, ...] = (
    versions_count_up,
    actions_had_promised_it,
    a_held_claim_only_lets_go,
    a_final_claim_is_closed_and_holds_nothing,
    no_unit_is_counted_twice,
    payments_give_back_what_is_owed_and_no_more_than_they_brought,
    what_is_left_is_covered_by_what_is_left_of_the_capture,
    amounts_add_up_and_never_change,
    the_autopilot_is_never_refused,
    who_waits_for_people_is_moved_by_nobody_else,
    the_clock_is_never_refused,
)


@lru_cache(maxsize=2)
def _promised(visit: Visit, now: datetime) -> set[str]:
    if visit.claim is None:
        return set()
    return {action.command for action in actions(visit.claim, replace(visit.facts, now=now)) if action.allowed}


def _waits(claim: Claim | None) -> bool:
    """Whether the refund waits until the buyer has paid."""
    return claim is not None and claim.hold is not None and claim.amounts is not None


def _worth_of_the_rest(claim: Claim, facts: Facts) -> int:
    rest = tuple(
        ClaimLine(line_id=line.line_id, quantity=line.quantity - line.units.settled) for line in facts.order.lines
    )
    submission = replace(claim.submission, amount=None)
    returned = replace(
        claim, kind=Kind.RETURN, fault=Fault.SELLER, lines=rest, submission=submission, buyer_payment=None
    )
    steps = refund_breakdown(returned, facts.order, facts.policy).steps
    return sum(step.amount for step in steps if step.code is not StepCode.NOT_CAPTURED)


def _sums(amounts: RefundBreakdown) -> bool:
    """A debt that was paid or waived stays in the amounts when money comes later."""
    return (
        sum(step.amount for step in amounts.steps) == amounts.total - amounts.buyer_owes
        and sum(share.amount for share in amounts.shares) == amounts.total
        and min(amounts.total, amounts.buyer_owes) >= 0
    )


def _adds_up(amounts: RefundBreakdown) -> bool:
    return _sums(amounts) and (
        amounts.fee_collection is not FeeCollection.DEDUCT
        or 0 in (amounts.total, amounts.buyer_owes)
        or amounts.amount_of(StepCode.CAPTURED_LATER) > 0
    )
