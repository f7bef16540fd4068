"""Turns the clocks of test merchants: what is due by a merchant's clock is done in the order of its instants, each at
its own instant, until the clock is where it should be.

One timer is one transaction under the clock's lock. So no two workers turn a clock, and no command falls in between.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from app.records.merchant_clock import MerchantClock
from app.records.timer import Timer, TimerSubject
from app.service.deadlines import fire_one
from app.service.privacy import erasing
from app.service.withdrawal_matching import match_one
from app.store import deadlines, merchant_clocks, merchant_timers, withdrawals
from app.store.database import Database, Tx
from app.telemetry import DEADLINES_FAILED

logger = logging.getLogger(__name__)

_CLOCKS_AT_ONCE = 10
_TIMERS_AT_ONCE = 100
"""So many timers of a merchant fire before the other merchants have their turn."""
_RETRY_AFTER = timedelta(minutes=15)
"""By the merchant's clock, after the clock has arrived: an error does not stop the clock."""


@dataclass(slots=True)
class _Attempt:
    """The timer that fires, and where the clock goes."""

    timer: Timer | None = None
    goal: datetime | None = None


async def turn_clocks(database: Database, now: datetime) -> int:
    """Fire what is due by the clocks of test merchants at an instant of the system clock. Returns how many timers were
    handled. A timer that fails is logged and postponed. Raises the errors of `Database`."""
    async with database.read() as tx:
        merchant_ids = await merchant_clocks.due(tx, now, limit=_CLOCKS_AT_ONCE)
    return sum([await _turn(database, merchant_id, now) for merchant_id in merchant_ids])


async def _turn(database: Database, merchant_id: str, now: datetime) -> int:
    for number in range(_TIMERS_AT_ONCE):
        if not await _turn_once(database, merchant_id, now):
            return number
    return _TIMERS_AT_ONCE


async def _turn_once(database: Database, merchant_id: str, now: datetime) -> bool:
    """Whether there is more to do."""
    attempt = _Attempt()
    try:
        return await database.write(lambda tx: _step(tx, merchant_id, now, attempt))
    except Exception as error:
        timer, goal = attempt.timer, attempt.goal
        if timer is None or goal is None or isinstance(error, OSError):
            raise
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        logger.exception("deadline of %s %s in test mode could not be kept", timer.subject, timer.subject_id)
        DEADLINES_FAILED.labels(timer.subject).inc()
        await database.write(lambda tx: _postpone(tx, timer, goal + _RETRY_AFTER))
        return True


async def _step(tx: Tx, merchant_id: str, now: datetime, attempt: _Attempt) -> bool:
    clock = await merchant_clocks.take(tx, merchant_id, now)
    if clock is None:
        return False
    goal = clock.target_at or clock.at(now)
    timer = await merchant_timers.first(tx, merchant_id, goal)
    if timer is None:
        await _rest(tx, clock, goal, now)
        return False
    attempt.timer, attempt.goal = timer, goal
    at = max(timer.wakes_at, clock.position_at) if clock.position_at else goal
    if clock.is_advancing:
        await merchant_clocks.stand(tx, merchant_id, at)
    return await _fire(tx, timer, at)


async def _rest(tx: Tx, clock: MerchantClock, at: datetime, now: datetime) -> None:
    """The clock runs on from where it is. A worker looks at the merchant again when the next timer is due."""
    ahead = max(at - now, timedelta())
    await merchant_timers.pull_files_forward(tx, clock.merchant_id, at, now)
    following = await merchant_timers.next_instant(tx, clock.merchant_id, at)
    await merchant_clocks.rest(tx, clock.merchant_id, ahead, following and following - ahead)


async def _fire(tx: Tx, timer: Timer, at: datetime) -> bool:
    """False if another transaction has the lock of the order."""
    if timer.subject is TimerSubject.WITHDRAWAL:
        return await match_one(tx, timer.merchant_id, timer.subject_id, at)
    if timer.subject is TimerSubject.ERASURE:
        return await erasing.erase_one(tx, timer.merchant_id, timer.order_id, at)
    is_free, _ = await fire_one(tx, timer, at)
    return is_free


async def _postpone(tx: Tx, timer: Timer, until: datetime) -> None:
    if timer.subject is TimerSubject.WITHDRAWAL:
        await withdrawals.postpone(tx, timer.merchant_id, timer.subject_id, until)
    elif timer.subject is TimerSubject.ERASURE:
        await erasing.postpone(tx, timer.merchant_id, timer.order_id, until)
    else:
        await deadlines.wake(tx, timer, until)
