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

from sqlalchemy.exc import DBAPIError

from app.engine import ShipAlert, mark_of_past, next_reminder, next_timeout, next_warning
from app.engine.model import refund_ends
from app.engine.model.commands import Command
from app.records.claim import StoredClaim
from app.records.timer import Timer, TimerSubject
from app.service import reminders
from app.service.claim_followups import carry_on_cancellations, owe_late_money
from app.service.decisions import carry_on, carry_out
from app.service.events.publish import publish
from app.service.events.quiet import Quiet
from app.service.persistence import record_overdue, record_reminder, wakes_at
from app.service.policies import load_facts
from app.service.refund_breakers import RefundBreakerOpenError, hold_back
from app.service.ship_dates import arrival_of
from app.service.transactions import is_temporary
from app.service.transit import raise_due_alert
from app.store import claims, deadlines, orders, refund_breakers, refunds
from app.store.database import Database, Tx
from app.telemetry import DEADLINE_LAG, DEADLINES_FAILED, DEADLINES_FIRED

logger = logging.getLogger(__name__)

_RETRY_AFTER = timedelta(minutes=15)
"""A failed deadline is tried again after this time. Other deadlines do not wait."""
_RETRY_SOON_AFTER = timedelta(minutes=1)
"""The same after an error that may pass, such as a lock that was held for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A deadline that has fired. `at` is when it was due."""

    name: str
    at: datetime


async def fire_due(database: Database, now: datetime, *, limit: int = 100) -> int:
    """Fire the deadlines that are due at an instant, the oldest first. Returns the number of handled deadlines.

    A deadline that another worker has locked is skipped and not counted. A failed deadline is logged, counted
    and postponed, whatever its error, so that it does not hold up the others. Raises the errors of `Database`: at once
    if the database cannot be reached, after the others if a deadline cannot even be postponed.
    """
    async with database.read() as tx:
        timers = await deadlines.due(tx, now, limit=limit)
    fired, not_postponed = 0, None
    for due in timers:
        try:
            fired += await _fire(database, due, now)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            not_postponed = error
    if not_postponed is not None:
        raise not_postponed
    return fired


async def _fire(database: Database, due: Timer, now: datetime) -> bool:
    try:
        is_free, fired = await database.write(lambda tx: fire_one(tx, due, now))
    except Exception as error:
        if isinstance(error, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise
        may_pass = isinstance(error, DBAPIError) and is_temporary(error)
        logger.exception("deadline of %s %s could not be kept", due.subject, due.subject_id)
        DEADLINES_FAILED.labels(due.subject).inc()
        again_at = now + (_RETRY_SOON_AFTER if may_pass else _RETRY_AFTER)
        await database.write(lambda tx: deadlines.wake(tx, due, again_at))
        return False
    if fired is not None:
        DEADLINES_FIRED.labels(fired.name).inc()
        DEADLINE_LAG.observe(max(0.0, (now - fired.at).total_seconds()))
    return is_free


async def fire_one(tx: Tx, due: Timer, now: datetime) -> tuple[bool, Fired | None]:
    """Whether the lock was free, and the deadline that has fired, if any."""
    is_free = await deadlines.take(tx, due)
    return is_free, await _FIRE[due.subject](tx, due, now) if is_free else None


async def _claim(tx: Tx, due: Timer, now: datetime) -> Fired | None:
    stored = await claims.load(tx, due.merchant_id, due.subject_id)
    timeout = next_timeout(stored.claim) if stored else None
    if stored is None or timeout is None or timeout.at > now:
        return await _remind(tx, due, stored, now)
    if not await _give(tx, due, stored, timeout.command, now):
        await deadlines.wake(tx, due, None)  # the claim has its turn with the others that the breaker holds back
    return Fired(name=timeout.name, at=timeout.at)


async def _give(tx: Tx, due: Timer, stored: StoredClaim, command: Command, now: datetime) -> bool:
    """Give the command of a timeout. False if a breaker of refunds holds the claim back: nothing is stored of it."""
    await orders.touch(tx, due.merchant_id, due.order_id, now)
    try:
        outcome = await carry_out(tx, due.merchant_id, stored, command, now)
    except RefundBreakerOpenError as stopped:
        await hold_back(tx, stopped.stop, now)
        return False
    await owe_late_money(tx, due.merchant_id, outcome.facts.order, now)
    return True


async def _held_back(tx: Tx, due: Timer, now: datetime) -> Fired | None:
    """Decide what a breaker of refunds has held back, if the breaker has room now. Otherwise the claim waits on, and
    its timer is another one."""
    stored = await claims.load(tx, due.merchant_id, due.subject_id)
    timeout = next_timeout(stored.claim) if stored else None
    if stored is not None and timeout is not None and timeout.at <= now:
        await _give(tx, due, stored, timeout.command, now)
    elif stored is not None:
        await carry_on(tx, due.merchant_id, stored, now)
    await refund_breakers.let_go(tx, due)
    return Fired(name="held_back", at=due.wakes_at)


async def _remind(tx: Tx, due: Timer, stored: StoredClaim | None, now: datetime) -> Fired | None:
    """Give the reminder that is due. No timeout is."""
    reminder = next_reminder(stored.claim, since=stored.updated_at) if stored else None
    if stored is None or reminder is None or reminder.at > now:
        await deadlines.wake(tx, due, wakes_at(stored) if stored else None)
        return None
    await reminders.remind(tx, due.merchant_id, stored, reminder, now)
    return Fired(name=f"{reminder.name}_reminder", at=reminder.at)


async def _refund(tx: Tx, due: Timer, now: datetime) -> Fired | None:
    stored_refund = await refunds.load(tx, due.merchant_id, due.subject_id)
    refund = stored_refund.refund if stored_refund else None
    at = refund_ends.wakes_at(refund) if refund else None
    if refund is None or at is None or at > now:
        await deadlines.wake(tx, due, at)
        return None
    stored = await claims.load(tx, due.merchant_id, refund.claim_id)
    if stored is None:
        raise LookupError(f"refund {refund.refund_id} has no claim")
    overdue_at = refund_ends.overdue_from(refund)
    if overdue_at is None or overdue_at > now:
        reminded = refund_ends.mark_refund_reminded(refund, now)
        await refunds.save(tx, due.merchant_id, refund, reminded)
        await record_reminder(tx, due.merchant_id, stored, reminded, now)
        return Fired(name="refund_reminder", at=at)
    overdue = refund_ends.mark_refund_overdue(refund, now)
    await refunds.save(tx, due.merchant_id, refund, overdue)
    await record_overdue(tx, due.merchant_id, stored, overdue, now)
    return Fired(name="refund_due", at=overdue_at)


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
    data: dict[str, Any] = {"expected_ship_on": warning.day, "due_at": warning.at, **arrival_of(stored.order)}
    if warning.alert is ShipAlert.MISSING:
        data |= {"paid_at": stored.order.paid_at, "citation": facts.policy.ship_date_within.citation}
    quiet = Quiet.PAST if warning.day and last_alert == mark_of_past(warning.day) else None
    await publish(tx, due.merchant_id, stored.order, f"order.{warning.alert}", now, quiet=quiet, **data)
    if warning.alert is ShipAlert.PASSED:
        await carry_on_cancellations(tx, due.merchant_id, due.order_id, now)
    return Fired(name=warning.alert, at=warning.at)


async def _shipment(tx: Tx, due: Timer, now: datetime) -> Fired | None:
    warning = await raise_due_alert(tx, due.merchant_id, due.order_id, now)
    return Fired(name=warning.alert, at=warning.at) if warning else None


_FIRE: Mapping[TimerSubject, Callable[[Tx, Timer, datetime], Awaitable[Fired | None]]] = {
    TimerSubject.CLAIM: _claim,
    TimerSubject.REFUND: _refund,
    TimerSubject.ORDER: _order,
    TimerSubject.SHIPMENT: _shipment,
    TimerSubject.HELD_BACK: _held_back,
}
