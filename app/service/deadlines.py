"""Deadlines that keep themselves: what is due is found, and done as the system's own command or told as an event.

One deadline is one transaction under its order's lock. There the thing is read again and judged as it then stands,
so that what has been decided, paid or changed meanwhile does not fire; and what fires writes the row that made it
due, so that it does not fire twice, however many workers there are.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError

from app.engine.model.refund import found_overdue, overdue_from
from app.engine.ship_dates import ShipAlert, next_warning
from app.engine.timeouts import next_timeout
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

_PUT_OFF = timedelta(minutes=15)
"""What could not be done is tried again so much later, and does not keep others waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """Which deadline it was, and since when it had been due."""

    name: str
    at: datetime


async def fire_due(database: Database, now: datetime, *, limit: int = 100) -> int:
    """Do what is due at an instant, the longest due first; how many of them have been dealt with.

    What somebody else is working on is left for the next time, and not counted. Raises what `Database` does when
    it cannot be reached; what goes wrong with one deadline is logged, counted, and put off.
    """
    async with database.read() as tx:
        found = await deadlines.due(tx, now, limit=limit)
    return sum([await _fire(database, due, now) for due in found])


async def count_overdue(database: Database, now: datetime) -> int:
    """Tell the metrics how many claims and refunds are late; always 0, as there is nothing to go on with."""
    async with database.read() as tx:
        for subject, count in (await deadlines.late(tx, now)).items():
            OVERDUE.labels(subject).set(count)
    return 0


async def _fire(database: Database, due: Timer, now: datetime) -> bool:
    try:
        taken, fired = await database.write(lambda tx: _fire_one(tx, due, now))
    except Exception as error:
        if isinstance(error, DBAPIError | OSError) and not isinstance(error, IntegrityError):
            raise
        logger.exception("deadline of %s %s could not be kept", due.subject, due.subject_id)
        DEADLINES_FAILED.labels(due.subject).inc()
        await database.write(lambda tx: deadlines.wake(tx, due, now + _PUT_OFF))
        return False
    if fired is not None:
        DEADLINES_FIRED.labels(fired.name).inc()
        DEADLINE_LAG.observe(max(0.0, (now - fired.at).total_seconds()))
    return taken


async def _fire_one(tx: Tx, due: Timer, now: datetime) -> tuple[bool, Fired | None]:
    """Was there nobody in the way, and what has fired?"""
    taken = await deadlines.take(tx, due)
    return taken, await _FIRE[due.subject](tx, due, now) if taken else None


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
    refund = await refunds.load(tx, due.merchant_id, due.subject_id)
    at = overdue_from(refund) if refund else None
    if refund is None or at is None or at > now:
        await deadlines.wake(tx, due, at)
        return None
    stored = await claims.load(tx, due.merchant_id, refund.claim_id)
    if stored is None:
        raise LookupError(f"refund {refund.refund_id} has no claim")
    found = found_overdue(refund, now)
    await refunds.save(tx, due.merchant_id, found, seen=refund.version)
    await record_overdue(tx, due.merchant_id, stored, found, now)
    return Fired(name="refund_due", at=at)


async def _order(tx: Tx, due: Timer, now: datetime) -> Fired | None:
    stored = await orders.load(tx, due.merchant_id, due.order_id)
    if stored is None:
        return None
    facts = await load_facts(tx, due.merchant_id, stored.order, now)
    raised = await deadlines.alerted(tx, due.merchant_id, due.order_id)
    warning = next_warning(facts, since=stored.created_at, raised=raised)
    if warning is None or warning.at > now:
        await deadlines.wake(tx, due, warning.at if warning else None)
        return None
    following = next_warning(facts, since=stored.created_at, raised=warning.mark)
    await deadlines.note_alert(tx, due, warning.mark, following.at if following else None)
    said: dict[str, Any] = {"expected_ship_on": warning.day, "due_at": warning.at}
    if warning.alert is ShipAlert.MISSING:
        said |= {"paid_at": stored.order.paid_at, "citation": facts.policy.ship_date_within.citation}
    await publish(tx, due.merchant_id, stored.order, f"order.{warning.alert}", now, **said)
    if warning.alert is ShipAlert.PASSED:
        await carry_on_cancellations(tx, due.merchant_id, due.order_id, now)
    return Fired(name=warning.alert, at=warning.at)


_FIRE: Mapping[TimerSubject, Callable[[Tx, Timer, datetime], Awaitable[Fired | None]]] = {
    TimerSubject.CLAIM: _claim,
    TimerSubject.REFUND: _refund,
    TimerSubject.ORDER: _order,
}
