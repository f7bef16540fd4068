"""Stores what the engine decided: claim, history, ledger, refunds and parcels, all in the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from prometheus_client import Counter

from app import json_text
from app.engine import Decision, Progress, Standing, command_name, due_at, next_timeout, standing_of
from app.engine.model.claim import Claim
from app.engine.model.effects import CreateRefund, SendReplacement
from app.engine.model.order import Order
from app.engine.model.refund import Refund, late_interest_at
from app.records.claim import ClaimTimes, StoredClaim
from app.records.claim_event import GENESIS, ClaimEvent, seal
from app.records.shipment import Shipment
from app.service.errors import StaleVersionError
from app.service.ids import new_id
from app.service.standing import beside
from app.store import claims, events, orders, refunds, shipments
from app.store.database import Tx
from app.telemetry import EVENTS

EventDraft = tuple[str, dict[str, Any]]
"""The type of an event, and its data."""


async def record_new(
    tx: Tx, merchant_id: str, progress: Progress, standing: Standing, before: Order
) -> StoredClaim:  # fmt: skip
    """Store a new claim. `before` is the order before the request."""
    now = progress.facts.now
    stored = StoredClaim(
        claim=progress.claim,
        order=progress.facts.order,
        created_at=now,
        updated_at=now,
        events=0,
        head=GENESIS,
        refunds_outstanding=progress.facts.refunds_outstanding,
    )
    owed = _new_refunds(progress)
    chain = _chain(merchant_id, stored, _drafts(progress.decisions, standing, owed), now)
    stored = _at_end_of(stored, chain)
    await claims.add(tx, merchant_id, stored, _times(stored.claim))
    await _write_effects(tx, merchant_id, progress, before, owed, chain)
    return stored


async def record(
    tx: Tx, merchant_id: str, stored: StoredClaim, progress: Progress, standing: Standing
) -> StoredClaim:  # fmt: skip
    """Store the next steps of a claim. Raises StaleVersionError if another transaction has changed the claim."""
    owed = _new_refunds(progress)
    moved = replace(
        stored,
        claim=progress.claim,
        order=progress.facts.order,
        updated_at=progress.facts.now,
        refunds_outstanding=progress.facts.refunds_outstanding,
    )
    chain = _chain(merchant_id, moved, _drafts(progress.decisions, standing, owed), progress.facts.now)
    moved = _at_end_of(moved, chain)
    await _save_claim(tx, merchant_id, moved, seen=stored.claim.version)
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


async def record_overdue(tx: Tx, merchant_id: str, stored: StoredClaim, refund: Refund, now: datetime) -> StoredClaim:
    """Add to the history of its claim that a refund is overdue."""
    return await _record_refund(tx, merchant_id, stored, "refund.overdue", refund, now)


async def _record_refund(
    tx: Tx, merchant_id: str, stored: StoredClaim, name: str, refund: Refund, now: datetime
) -> StoredClaim:  # fmt: skip
    """The refund has the late interest until now, as in the answers."""
    owed = replace(refund, late_interest=late_interest_at(refund, now))
    return await record_aside(tx, merchant_id, stored, name, {"refund": owed}, now)


async def record_aside(
    tx: Tx, merchant_id: str, stored: StoredClaim, name: str, data: dict[str, Any], now: datetime
) -> StoredClaim:  # fmt: skip
    """Add an event to the history of the claim. The claim does not change."""
    chain = _chain(merchant_id, stored, [(name, data)], now)
    moved = _at_end_of(replace(stored, updated_at=now), chain)
    await _save_claim(tx, merchant_id, moved, seen=stored.claim.version)
    await _append(tx, chain)
    return moved


async def _save_claim(tx: Tx, merchant_id: str, stored: StoredClaim, *, seen: int) -> None:
    if not await claims.save(tx, merchant_id, stored, _times(stored.claim), seen=seen):
        raise StaleVersionError(resource="claim", id=stored.claim.claim_id)


def _times(claim: Claim) -> ClaimTimes:
    timeout = next_timeout(claim)
    return ClaimTimes(due_at=due_at(claim), wakes_at=timeout.at if timeout else None)


async def _write_effects(
    tx: Tx, merchant_id: str, progress: Progress, before: Order, owed: list[Refund], chain: list[ClaimEvent]
) -> None:  # fmt: skip
    await orders.save_progress(tx, merchant_id, before, progress.facts.order, progress.facts.now)
    await refunds.add(tx, merchant_id, owed)
    await _add_parcel(tx, merchant_id, progress)
    await _append(tx, chain)


async def _add_parcel(tx: Tx, merchant_id: str, progress: Progress) -> None:
    """Store a replacement as a parcel of the order, so that the storefront reports its delivery as usual."""
    effects = (effect for decision in progress.decisions for effect in decision.effects)
    replacements = [effect for effect in effects if isinstance(effect, SendReplacement)]
    if not replacements:
        return
    order_id, tracking = progress.facts.order.order_id, replacements[0].tracking
    lines = tuple((effect.line_id, effect.quantity) for effect in replacements)
    parcel = await shipments.load(tx, merchant_id, order_id, tracking.carrier, tracking.number)
    if parcel is not None:
        parcel = replace(parcel, lines=(*parcel.lines, *lines), shipped_at=parcel.shipped_at or progress.facts.now)
        await shipments.save(tx, merchant_id, order_id, parcel)
        return
    parcel = Shipment(
        carrier=tracking.carrier,
        tracking_number=tracking.number,
        lines=lines,
        shipped_at=progress.facts.now,
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


def _drafts(decisions: Sequence[Decision], standing: Standing, owed: Sequence[Refund]) -> list[EventDraft]:
    """One event for each decision, with the claim at that time. Then one event for each refund of the decision."""
    drafts: list[EventDraft] = []
    waiting = list(owed)
    for decision in decisions:
        drafts.append((decision.event.type, _data(decision, standing)))
        created = sum(isinstance(effect, CreateRefund) for effect in decision.effects)
        drafts += [("refund.created", {"refund": waiting.pop(0)}) for _ in range(created)]
    return drafts


def _data(decision: Decision, standing: Standing) -> dict[str, Any]:
    event = decision.event
    return {
        "by": event.by,
        "from": event.source,
        "to": event.target,
        "command": {"command": command_name(type(event.command)), **_arguments(event.command)},
        "effects": json_text.effects(decision.effects),
        "claim": decision.claim,
        **beside(decision.claim, standing),
    }


def _arguments(command: Any) -> dict[str, Any]:
    tagged = json_text.tagged("command", command)
    return {name: value for name, value in tagged.items() if name not in ("command", "by")}


def _new_refunds(progress: Progress) -> list[Refund]:
    now, order = progress.facts.now, progress.facts.order
    interest = progress.facts.policy.late_interest
    return [
        Refund(
            refund_id=new_id(now),
            claim_id=progress.claim.claim_id,
            order_id=order.order_id,
            payment_id=effect.share.payment_id,
            method=effect.share.method,
            amount=effect.share.amount,
            currency=order.currency,
            idempotency_key=new_id(now),
            created_at=now,
            due_on=progress.claim.deadlines.refund_due_on,
            due_by=progress.claim.deadlines.refund_due_by,
            late_interest_percent=interest.percent if interest else 0,
            time_zone=progress.facts.calendar.zone.key,
        )
        for decision in progress.decisions
        for effect in decision.effects
        if isinstance(effect, CreateRefund)
    ]


def _chain(merchant_id: str, stored: StoredClaim, drafts: Sequence[EventDraft], now: datetime) -> list[ClaimEvent]:
    """The events with their numbers and hashes. Each hash covers the hash of the event before."""
    chain: list[ClaimEvent] = []
    previous = stored.head
    for seq, (name, data) in enumerate(drafts, start=stored.events + 1):
        event = seal(
            ClaimEvent(
                merchant_id=merchant_id,
                claim_id=stored.claim.claim_id,
                seq=seq,
                event_id=new_id(now),
                type=name,
                at=now,
                data=json_text.dump(data),
                previous=previous,
            )
        )
        chain.append(event)
        previous = event.hash
    return chain


def _at_end_of(stored: StoredClaim, chain: Sequence[ClaimEvent]) -> StoredClaim:
    return replace(stored, events=chain[-1].seq, head=chain[-1].hash) if chain else stored
