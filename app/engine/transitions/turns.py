"""Passes the turn after a decision, and gives the seller back the days of the buyer's turn.

The time to answer is the seller's own deadline. It stands still while an offer or a question waits for the buyer, and
gets its days back. The law's days for the money and for the result do not stand still.
"""

from collections.abc import Iterable
from datetime import datetime

from app.engine.model.claim import Claim
from app.engine.model.copies import replace
from app.engine.model.effects import CreateRefund, Effect, VoidRefund
from app.engine.model.parties import Party, Turn
from app.engine.model.turn import OWES_MONEY, depends_on_more_than_state, with_turn
from app.engine.model.vocabulary import RefundTo, State
from app.engine.policy.deadlines import days_given_back, law_ends_at
from app.engine.policy.facts import Facts

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_REQUESTED = State.REQUESTED
_BUYER = Party.BUYER


def pass_turn(
    current: Claim, entered: Claim, before: Turn | None, facts: Facts, effects: Iterable[Effect]
) -> Claim:  # fmt: skip
    """The claim after a decision, with the turn that follows, and with the days that the seller's time to answer stood
    still. `entered` is the claim before the steps, and `before` is the turn before the decision."""
    if current is not entered or depends_on_more_than_state(current, current.state):
        current = _with_turn_after(current, facts, effects)
    if current.state is not _REQUESTED:
        return _decided(current)
    if current.turn is not None and current.turn.party is _BUYER:
        latest = replace(current.deadlines, respond_latest_by=law_ends_at(current, facts))
        return replace(current, deadlines=latest)
    if before is None or before.party is not _BUYER:
        return current
    return _resume(current, before.began_at, facts)


def _with_turn_after(current: Claim, facts: Facts, effects: Iterable[Effect]) -> Claim:
    outstanding, waiting = facts.refunds_outstanding, facts.refunds_waiting
    if (current.kind, current.state) in OWES_MONEY:  # elsewhere the turn does not depend on refunds
        for effect in effects:
            outstanding += isinstance(effect, CreateRefund) - isinstance(effect, VoidRefund)
            waiting -= isinstance(effect, VoidRefund) and waiting > 0 and _goes_into_account(effect, facts)
    return with_turn(
        current, facts.now, outstanding=outstanding, in_progress=facts.refunds_in_progress, waiting=waiting
    )


def _goes_into_account(effect: VoidRefund, facts: Facts) -> bool:
    payment = facts.order.payment(effect.share.payment_id)
    return payment is not None and payment.refund_to is RefundTo.ACCOUNT


def _decided(current: Claim) -> Claim:
    deadlines = current.deadlines
    if deadlines.respond_latest_by is None:
        return current
    return replace(current, deadlines=replace(deadlines, respond_latest_by=None))


def _resume(current: Claim, stood_from: datetime, facts: Facts) -> Claim:
    """An answer that was late when the time would have stood still is still late."""
    deadlines = current.deadlines
    respond_by, latest = deadlines.respond_by, deadlines.respond_latest_by
    if respond_by is not None and respond_by > stood_from:
        moved = days_given_back(respond_by, stood_from, facts)
        respond_by = moved if latest is None else max(respond_by, min(moved, latest))
    resumed = replace(current, deadlines=replace(deadlines, respond_by=respond_by, respond_latest_by=None))
    return with_turn(resumed, facts.now, outstanding=0, in_progress=0)
