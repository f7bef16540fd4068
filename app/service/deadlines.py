"""Deadlines: the worker loads the due deadlines, and gives the system's command or publishes an event.

One deadline is one transaction under its order's lock. The transaction reads the claim, refund or order again, so
a deadline does not fire after a decision, a payment or a change. The transaction also writes the row of the deadline,
so no deadline fires twice, with any number of workers.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError

from app.engine import ShipAlert, next_timeout, next_warning
from app.engine.model.refund import mark_refund_overdue, overdue_from
from app.records.timer import Timer, TimerSubject
from app.service.claim_followups import carry_on_cancellations
from app.service.decisions import carry_out
from app.service.events.publish import publish
from app.service.persistence import record_overdue
from app.service.policies import load_facts
from app.store import claims, deadlines, orders, refunds
from app.store.database import Database, Tx
from app.telemetry import DEADLINE_LAG, DEADLINES_FAILED, DEADLINES_FIRED, OVERDUE

logger = logging.getLogger(__name__)

_RETRY_AFTER = timedelta(minutes=15)
"""A failed deadline is tried again after this time. Other deadlines do not wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A deadline that has fired. `at` is when it was due."""

    name: str
    at: datetime


async def fire_due(database: Database, now: datetime, *, limit: int = 100) -> int:
    """Fire the deadlines that are due at an instant, the oldest first. Returns the number of handled deadlines.

    A deadline that another worker has locked is skipped and not counted. A failed deadline is logged, counted
    and postponed. Raises the errors of `Database` if the database cannot be reached.
    """
    async with database.read() as tx:
        timers = await deadlines.due(tx, now, limit=limit)
    return sum([await _fire(database, due, now) for due in timers])


async def count_overdue(database: Database, now: datetime) -> int:
    """Set the gauges of overdue claims and refunds. Returns 0, so the worker waits for the next interval."""
    async with database.read() as tx:
        for subject, count in (await deadlines.count_late(tx, now)).items():
            OVERDUE.labels(subject).set(count)
    return 0


async def _fire(database: Database, due: Timer, now: datetime) -> bool:
    try:
        is_free, fired = await database.write(lambda tx: _fire_one(tx, due, now))
    except Exception as error:
        if isinstance(error, DBAPIError | OSError) and not isinstance(error, IntegrityError):
            raise
        logger.exception("deadline of %s %s could not be kept", due.subject, due.subject_id)
        DEADLINES_FAILED.labels(due.subject).inc()
        await database.write(lambda tx: deadlines.wake(tx, due, now + _RETRY_AFTER))
        return False
    if fired is not None:
        DEADLINES_FIRED.labels(fired.name).inc()
        DEADLINE_LAG.observe(max(0.0, (now - fired.at).total_seconds()))
    return is_free


async def _fire_one(tx: Tx, due: Timer, now: datetime) -> tuple[bool, Fired | None]:
    """Whether the lock was free, and the deadline that has fired, if any."""
    is_free = await deadlines.take(tx, due)
    return is_free, await _FIRE[due.subject](tx, due, now) if is_free else None


async def _claim(tx: Tx, due: Timer, now: datetime) -> Fired | None:
    stored = await claims.load(tx, due.merchant_id, due.subject_id)
    timeout = next_timeout(stored.claim) if stored else None
    if stored is None or timeout is None or timeout.at > now:
        await deadlines.wake(tx, due, timeout.at if timeout else None)
        return None
    await orders.touch(tx, due.merchant_id, due.order_id, now)
    await carry_out(tx, due.merchant_id, stored, timeout.command, now)
    return Fired(name=timeout.name, at=timeout.at)


async def _refund(tx: Tx, due: Timer, now: datetime) -> Fired | None:
    stored_refund = await refunds.load(tx, due.merchant_id, due.subject_id)
    refund = stored_refund.refund if stored_refund else None
    at = overdue_from(refund) if refund else None
    if refund is None or at is None or at > now:
        await deadlines.wake(tx, due, at)
        return None
    stored = await claims.load(tx, due.merchant_id, refund.claim_id)
    if stored is None:
        raise LookupError(f"refund {refund.refund_id} has no claim")
    overdue = mark_refund_overdue(refund, now)
    await refunds.save(tx, due.merchant_id, overdue, seen=refund.version)
    await record_overdue(tx, due.merchant_id, stored, overdue, now)
    return Fired(name="refund_due", at=at)


async def _order(tx: Tx, due: Timer, now: datetime) -> Fired | None:
    stored = await orders.load(tx, due.merchant_id, due.order_id)
    if stored is None:
        return None
    facts = await load_facts(tx, due.merchant_id, stored.order, now)
    last_alert = await deadlines.last_alert(tx, due.merchant_id, due.order_id)
    warning = next_warning(facts, since=stored.created_at, raised=last_alert)
    if warning is None or warning.at > now:
        await deadlines.wake(tx, due, warning.at if warning else None)
        return None
    following = next_warning(facts, since=stored.created_at, raised=warning.mark)
    await deadlines.note_alert(tx, due, warning.mark, following.at if following else None)
    data: dict[str, Any] = {"expected_ship_on": warning.day, "due_at": warning.at}
    if warning.alert is ShipAlert.MISSING:
        data |= {"paid_at": stored.order.paid_at, "citation": facts.policy.ship_date_within.citation}
    await publish(tx, due.merchant_id, stored.order, f"order.{warning.alert}", now, **data)
    if warning.alert is ShipAlert.PASSED:
        await carry_on_cancellations(tx, due.merchant_id, due.order_id, now)
    return Fired(name=warning.alert, at=warning.at)


_FIRE: Mapping[TimerSubject, Callable[[Tx, Timer, datetime], Awaitable[Fired | None]]] = {
    TimerSubject.CLAIM: _claim,
    TimerSubject.REFUND: _refund,
    TimerSubject.ORDER: _order,
}
