"""Stores what the engine decided: claim, history, ledger, refunds and parcels, all in the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from prometheus_client import Counter

from app import json_text
from app.engine import Decision, Progress, Standing, command_name, due_at, next_reminder, next_timeout, standing_of
from app.engine.amounts.line_values import value_by_line
from app.engine.model.claim import Claim
from app.engine.model.edit import Edit
from app.engine.model.effects import CreateRefund, SendReplacement
from app.engine.model.order import Order
from app.engine.model.refund import Refund
from app.engine.model.turn import with_turn
from app.engine.model.vocabulary import RefundTo, refund_to_of
from app.engine.policy.deadlines import late_interest_rule
from app.records.claim import ClaimDues, StoredClaim
from app.records.claim_event import GENESIS, ClaimEvent, seal
from app.records.refund_account import RefundAccount
from app.records.shipment import Shipment
from app.service.account_questions import ACCOUNT_REQUESTED, ask_for_account
from app.service.errors import StaleVersionError
from app.service.events.quiet import Quiet, of_claim_event
from app.service.ids import new_id
from app.service.resources.asked import asked_values
from app.service.resources.refund import refund_values
from app.service.standing import beside
from app.store import claims, events, orders, refund_accounts, refunds, shipments
from app.store.database import Tx
from app.telemetry import EVENTS

EventDraft = tuple[str, dict[str, Any]]
"""The type of an event, and its data."""


async def record_new(
    tx: Tx, merchant_id: str, progress: Progress, standing: Standing, before: Order
) -> StoredClaim:  # fmt: skip
    """Store a new claim. `before` is the order before the request."""
    now = progress.facts.now
    owed = new_refunds(progress)
    progress, questions = await ask_for_account(tx, merchant_id, progress, owed)
    stored = StoredClaim(
        claim=progress.claim,
        order=progress.facts.order,
        created_at=now,
        updated_at=now,
        events=0,
        head=GENESIS,
        refunds_outstanding=progress.facts.refunds_outstanding,
        refunds_in_progress=progress.facts.refunds_in_progress,
        refunds_waiting=progress.facts.refunds_waiting,
    )
    drafts = [*drafts_of(progress, standing, owed), *questions]
    chain = _chain(tx, merchant_id, stored, drafts, now)
    stored = _at_end_of(stored, chain)
    await claims.add(tx, merchant_id, stored, _dues(stored))
    await _write_effects(tx, merchant_id, progress, before, owed, chain)
    return stored


async def record(
    tx: Tx, merchant_id: str, stored: StoredClaim, progress: Progress, standing: Standing
) -> StoredClaim:  # fmt: skip
    """Store the next steps of a claim. Raises StaleVersionError if another transaction has changed the claim."""
    owed = new_refunds(progress)
    progress, questions = await ask_for_account(tx, merchant_id, progress, owed)
    moved = replace(
        stored,
        claim=progress.claim,
        order=progress.facts.order,
        updated_at=progress.facts.now,
        refunds_outstanding=progress.facts.refunds_outstanding,
        refunds_waiting=progress.facts.refunds_waiting,
    )
    drafts = [*drafts_of(progress, standing, owed, stored.claim), *questions]
    chain = _chain(tx, merchant_id, moved, drafts, progress.facts.now)
    moved = _at_end_of(moved, chain)
    await _save_claim(tx, merchant_id, moved, seen=stored.claim.version)
    if isinstance(progress.decisions[0].event.command, Edit):
        await claims.add_lines(tx, merchant_id, moved)
    await _write_effects(tx, merchant_id, progress, stored.order, owed, chain)
    return moved


async def record_split(tx: Tx, merchant_id: str, progress: Progress) -> tuple[Decision, ...]:
    """Store the second claim if the command has split the first. Returns the decisions on the second claim."""
    split = progress.split
    if split is None:
        return ()
    await record_new(tx, merchant_id, split, standing_of(split.claim, split.facts), progress.facts.order)
    return split.decisions


async def record_report(tx: Tx, merchant_id: str, stored: StoredClaim, refund: Refund, now: datetime) -> StoredClaim:
    """Add the new status of a refund to the history of its claim."""
    return await _record_refund(tx, merchant_id, stored, f"refund.{refund.status}", refund, now)


async def record_part(tx: Tx, merchant_id: str, stored: StoredClaim, refund: Refund, now: datetime) -> StoredClaim:
    """Add to the history of its claim that a part of a refund was paid."""
    return await _record_refund(tx, merchant_id, stored, "refund.part_paid", refund, now)


async def record_reminder(tx: Tx, merchant_id: str, stored: StoredClaim, refund: Refund, now: datetime) -> StoredClaim:
    """Add to the history of its claim that the payer was reminded of a refund."""
    return await _record_refund(tx, merchant_id, stored, "refund.reminded", refund, now)


async def record_overdue(tx: Tx, merchant_id: str, stored: StoredClaim, refund: Refund, now: datetime) -> StoredClaim:
    """Add to the history of its claim that a refund is overdue."""
    return await _record_refund(tx, merchant_id, stored, "refund.overdue", refund, now)


async def _record_refund(
    tx: Tx, merchant_id: str, stored: StoredClaim, name: str, refund: Refund, now: datetime
) -> StoredClaim:  # fmt: skip
    """The refund has the late interest until now, as in the answers."""
    return await record_aside(tx, merchant_id, stored, name, {"refund": refund_values(refund, now)}, now)


async def record_aside(
    tx: Tx, merchant_id: str, stored: StoredClaim, name: str, data: dict[str, Any], now: datetime
) -> StoredClaim:  # fmt: skip
    """Add an event to the history of the claim. Nothing but the turn of the claim can change: to the provider or the
    buyer, and back."""
    chain = _chain(tx, merchant_id, stored, [(name, data)], now)
    outstanding, in_progress = stored.refunds_outstanding, stored.refunds_in_progress
    claim = with_turn(
        stored.claim, now, outstanding=outstanding, in_progress=in_progress, waiting=stored.refunds_waiting
    )
    moved = _at_end_of(replace(stored, claim=claim, updated_at=now), chain)
    await _save_claim(tx, merchant_id, moved, seen=stored.claim.version)
    await _append(tx, chain)
    return moved


async def _save_claim(tx: Tx, merchant_id: str, stored: StoredClaim, *, seen: int) -> None:
    if not await claims.save(tx, merchant_id, stored, _dues(stored), seen=seen):
        raise StaleVersionError(resource="claim", id=stored.claim.claim_id)


def _dues(stored: StoredClaim) -> ClaimDues:
    worth = 0 if stored.claim.is_final else sum(value_by_line(stored.claim, stored.order).values())
    return ClaimDues(due_at=due_at(stored.claim), wakes_at=wakes_at(stored), value=worth)


def wakes_at(stored: StoredClaim) -> datetime | None:
    """When the worker must look at the claim: at the next reminder or timeout."""
    ahead = (next_timeout(stored.claim), next_reminder(stored.claim, since=stored.updated_at))
    return min((each.at for each in ahead if each is not None), default=None)


async def _write_effects(
    tx: Tx, merchant_id: str, progress: Progress, before: Order, owed: list[Refund], chain: list[ClaimEvent]
) -> None:  # fmt: skip
    await orders.save_progress(tx, merchant_id, before, progress.facts.order, progress.facts.now)
    await refunds.add(tx, merchant_id, owed)
    await _add_parcel(tx, merchant_id, progress)
    await _append(tx, chain)
    if any(event.type == ACCOUNT_REQUESTED for event in chain):
        asked = RefundAccount(claim_id=progress.claim.claim_id, asked_at=progress.facts.now)
        await refund_accounts.put(tx, merchant_id, asked)


async def _add_parcel(tx: Tx, merchant_id: str, progress: Progress) -> None:
    """Store a replacement as a parcel of the order, so that the storefront reports its delivery as usual."""
    effects = (effect for decision in progress.decisions for effect in decision.effects)
    replacements = [effect for effect in effects if isinstance(effect, SendReplacement)]
    if not replacements:
        return
    order_id, tracking = progress.facts.order.order_id, replacements[0].tracking
    shipped_at = replacements[0].shipped_at or progress.facts.now
    lines = tuple((effect.line_id, effect.quantity) for effect in replacements)
    parcel = await shipments.load(tx, merchant_id, order_id, tracking.carrier, tracking.number)
    if parcel is not None:
        parcel = replace(parcel, lines=(*parcel.lines, *lines), shipped_at=parcel.shipped_at or shipped_at)
        await shipments.save(tx, merchant_id, order_id, parcel)
        return
    parcel = Shipment(
        carrier=tracking.carrier,
        tracking_number=tracking.number,
        lines=lines,
        shipped_at=shipped_at,
        delivered_at=None,
    )
    await shipments.add(tx, merchant_id, order_id, parcel)


async def _append(tx: Tx, chain: Iterable[ClaimEvent]) -> None:
    for event in chain:
        await events.append(tx, event)
        _events(event.type).inc()


@cache
def _events(name: str) -> Counter:
    """A cache. There are few types."""
    return EVENTS.labels(name)


def drafts_of(
    progress: Progress, standing: Standing, owed: Sequence[Refund], before: Claim | None = None
) -> list[EventDraft]:
    """One event for each decision, with the claim at that time. Then one event for each refund of the decision."""
    drafts: list[EventDraft] = []
    waiting = [refund_values(refund, progress.facts.now) for refund in owed]
    for decision in progress.decisions:
        drafts.append((decision.event.type, _data(decision, standing, before)))
        created = sum(isinstance(effect, CreateRefund) for effect in decision.effects)
        drafts += [("refund.created", {"refund": waiting.pop(0)}) for _ in range(created)]
    return drafts


def _data(decision: Decision, standing: Standing, before: Claim | None) -> dict[str, Any]:
    """An edit tells what the claim asked for before, too."""
    event = decision.event
    was_asked = {"before": asked_values(before)} if before and isinstance(event.command, Edit) else {}
    return {
        "by": event.by,
        "from": event.source,
        "to": event.target,
        "command": {"command": command_name(type(event.command)), **_arguments(event.command)},
        "effects": json_text.effects(decision.effects),
        **was_asked,
        "claim": decision.claim,
        **beside(decision.claim, standing),
    }


def _arguments(command: Any) -> dict[str, Any]:
    tagged = json_text.tagged("command", command)
    return {name: value for name, value in tagged.items() if name not in ("command", "by")}


def new_refunds(progress: Progress) -> list[Refund]:
    now, order = progress.facts.now, progress.facts.order
    return [
        Refund(
            refund_id=new_id(now),
            claim_id=progress.claim.claim_id,
            order_id=order.order_id,
            payment_id=effect.share.payment_id,
            method=effect.share.method,
            amount=effect.share.amount,
            tax_free=effect.share.tax_free,
            currency=order.currency,
            idempotency_key=new_id(now),
            created_at=now,
            due_on=progress.claim.deadlines.refund_due_on,
            due_by=progress.claim.deadlines.refund_due_by,
            late_interest_rule=late_interest_rule(progress.claim, progress.facts.policy),
            time_zone=progress.facts.calendar.zone.key,
            claim_version=decision.claim.version,
            refund_to=_refund_to(order, effect),
        )
        for decision in progress.decisions
        for effect in decision.effects
        if isinstance(effect, CreateRefund)
    ]


def _refund_to(order: Order, effect: CreateRefund) -> RefundTo:
    payment = order.payment(effect.share.payment_id)
    return payment.refund_to if payment else refund_to_of(effect.share.method)


def _chain(
    tx: Tx, merchant_id: str, stored: StoredClaim, drafts: Sequence[EventDraft], now: datetime
) -> list[ClaimEvent]:  # fmt: skip
    """The events with their numbers and hashes. Each hash covers the hash of the event before."""
    chain: list[ClaimEvent] = []
    previous = stored.head
    for seq, (name, data) in enumerate(drafts, start=stored.events + 1):
        quiet = Quiet.REQUESTED if tx.is_quiet else of_claim_event(name, data, now)
        event = seal(
            ClaimEvent(
                merchant_id=merchant_id,
                claim_id=stored.claim.claim_id,
                seq=seq,
                event_id=new_id(now),
                type=name,
                at=now,
                data=json_text.dump({**data, "quiet": quiet} if quiet else data),
                previous=previous,
            )
        )
        chain.append(event)
        previous = event.hash
    return chain


def _at_end_of(stored: StoredClaim, chain: Sequence[ClaimEvent]) -> StoredClaim:
    return replace(stored, events=chain[-1].seq, head=chain[-1].hash) if chain else stored
