"""Decides a command and records all its consequences, in the caller's transaction. No other module does."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from opentelemetry.trace import Span
from prometheus_client import Counter

from app import tracing
from app.engine import Decision, Facts, Progress, Refused, Standing, advance, command_name, next_command, standing_of
from app.engine.amounts.parcel_fees import may_share_a_parcel, parcel_fee
from app.engine.model.claim import Claim
from app.engine.model.commands import Command, Request
from app.engine.model.order import Order
from app.engine.policy.facts import ParcelFee
from app.records.claim import StoredClaim
from app.records.option_change import OvertakenReason
from app.service.authority import refuse_above
from app.service.errors import RefusedError
from app.service.ids import new_id
from app.service.overtaken_options import end_overtaken
from app.service.persistence import record, record_new, record_split
from app.service.policies import load_facts
from app.service.refund_breakers import RefundBreakerOpenError, hold_back, within_breaker
from app.store import claims
from app.store.database import Tx
from app.telemetry import DECISIONS, REFUSALS

Subject = Order | StoredClaim
"""The subject of a command: the order for a request, the claim for every other command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """The recorded claim, the facts after the decision, and the claim's standing."""

    stored: StoredClaim
    facts: Facts
    standing: Standing


async def carry_out(tx: Tx, merchant_id: str, subject: Subject, command: Command, now: datetime) -> CarriedOut:
    """Decide a command, and record the claim, its events, effects and refunds, and the claim that splits off.

    The caller holds the order's lock. Raises RefusedError, AboveAuthorityError, RefundBreakerOpenError, and
    StaleVersionError if another transaction has changed the claim after it was loaded. What the system would decide
    next and a breaker of refunds stops is held back.
    """
    with _span_of(command) as span:
        facts = await facts_of(tx, merchant_id, subject, now)
        progress = _decide(subject, command, facts)
        _describe(span, progress)
        if isinstance(progress, Progress):
            progress, stop = await within_breaker(tx, merchant_id, command, facts, progress)
            await refuse_above(tx, merchant_id, command, progress)
            carried_out = await _record(tx, merchant_id, subject, progress)
            if stop is not None:
                await hold_back(tx, stop, now)
            return carried_out
    raise RefusedError(progress.refusals)


async def carry_on(tx: Tx, merchant_id: str, stored: StoredClaim, now: datetime) -> CarriedOut | None:
    """Carry out the system's command after a change of the facts. None if there is no command.

    The same conditions and errors as `carry_out`, but a refusal does not change the claim, and neither does a breaker
    of refunds: the claim is held back.
    """
    facts = await facts_of(tx, merchant_id, stored, now)
    command = next_command(stored.claim, facts)
    if command is None:
        return None
    with _span_of(command) as span:
        progress = _decide(stored, command, facts)
        _describe(span, progress)
        if isinstance(progress, Refused):
            return None
        try:
            progress, stop = await within_breaker(tx, merchant_id, command, facts, progress)
        except RefundBreakerOpenError as stopped:
            await hold_back(tx, stopped.stop, now)
            return None
        carried_on = await _record(tx, merchant_id, stored, progress)
        if stop is not None:
            await hold_back(tx, stop, now)
        return carried_on


def _span_of(command: Command) -> AbstractContextManager[Span, None]:
    name = command_name(type(command))
    return tracing.span(f"decide {name}", {"recourse.command": name, "recourse.origin": command.by.role})


def _describe(span: Span, progress: Progress | Refused) -> None:
    if not span.is_recording():
        return
    if isinstance(progress, Refused):
        span.set_attribute("recourse.outcome", "refused")
        span.set_attribute("recourse.refusals", [refusal.code for refusal in progress.refusals])
        return
    claim = progress.claim
    outcome = {"outcome": "decided", "kind": claim.kind, "state": claim.state, "claim": claim.claim_id}
    span.set_attributes({f"recourse.{name}": value for name, value in outcome.items()})


async def facts_of(tx: Tx, merchant_id: str, subject: Subject, now: datetime) -> Facts:
    """The facts that judge a command to this order or claim at an instant."""
    if isinstance(subject, Order):
        return await load_facts(tx, merchant_id, subject, now)
    facts = await load_facts(
        tx,
        merchant_id,
        subject.order,
        now,
        refunds_outstanding=subject.refunds_outstanding,
        refunds_in_progress=subject.refunds_in_progress,
        refunds_waiting=subject.refunds_waiting,
    )
    if not may_share_a_parcel(subject.claim, subject.order):
        return facts
    return replace(facts, parcel_fees=await _parcel_fees(tx, merchant_id, subject.claim))


async def _parcel_fees(tx: Tx, merchant_id: str, claim: Claim) -> tuple[ParcelFee, ...]:
    """The fees that the other claims of the order carry. Under the order's lock no other claim can be accepted before
    the commit, so one of the claims of a parcel carries its fee."""
    others = await claims.beside(tx, merchant_id, claim.order_id, claim.claim_id)
    return tuple(fee for other in others if (fee := parcel_fee(other)) is not None)


def _decide(subject: Subject, command: Command, facts: Facts) -> Progress | Refused:
    """The engine's answer. The metrics count it."""
    claim = None if isinstance(subject, Order) else subject.claim
    answer = advance(claim, command, facts, new_id)
    if isinstance(answer, Refused):
        kind = command.kind if isinstance(command, Request) else claim.kind if claim else "none"
        _counter(command_name(type(command)), kind, "refused", command.by.role).inc()
        for refusal in answer.refusals:
            REFUSALS.labels(refusal.code).inc()
    else:
        _count(answer.decisions)
    return answer


async def _record(tx: Tx, merchant_id: str, subject: Subject, progress: Progress) -> CarriedOut:
    standing = standing_of(progress.claim, progress.facts)
    if isinstance(subject, Order):
        stored = await record_new(tx, merchant_id, progress, standing, subject)
    else:
        stored = await record(tx, merchant_id, subject, progress, standing)
    before = subject if isinstance(subject, Order) else subject.order
    await end_overtaken(tx, merchant_id, before, progress.facts.order, OvertakenReason.CLAIM, progress.facts.now)
    _count(await record_split(tx, merchant_id, progress))
    return CarriedOut(stored=stored, facts=progress.facts, standing=standing)


def _count(decisions: Iterable[Decision]) -> None:
    for decision in decisions:
        command = decision.event.command
        _counter(command_name(type(command)), decision.claim.kind, "decided", command.by.role).inc()


@cache
def _counter(command: str, kind: str, outcome: str, origin: str) -> Counter:
    """A cache. The labels have few combinations."""
    return DECISIONS.labels(command, kind, outcome, origin)
