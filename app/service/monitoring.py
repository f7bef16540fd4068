"""What monitoring asks the database for. The answers are kept for a moment, so that many scrapes and probes do not load
the database, and each question ends in time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from app.clock import Elapsed
from app.service import schema
from app.service.backlog import Backlog, measure
from app.service.worker_turns import Workers, see_workers
from app.store.database import Database
from app.telemetry import (
    DEADLINE_AGE,
    DELIVERIES_DUE,
    DELIVERY_AGE,
    ENDPOINTS,
    OUTBOX_AGE,
    OVERDUE,
    READY,
    TURN_AGE,
    TURN_MAX,
    WORKERS,
    Readings,
)

logger = logging.getLogger(__name__)

T = TypeVar("T")

KEPT_FOR = 2.0
"""Seconds."""
READ_WITHIN = 2.0
"""Seconds. Prometheus gives a scrape up after ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """None is what could not be read."""

    is_ready: bool
    workers: Workers | None
    backlog: Backlog | None

    def readings(self) -> Readings:
        """The gauges of what could be read."""
        return {
            READY: {"": float(self.is_ready)},
            **(_of_workers(self.workers) if self.workers else {}),
            **(_of_backlog(self.backlog) if self.backlog else {}),
        }


def _of_workers(workers: Workers) -> Readings:
    return {
        TURN_AGE: {loop: turn.age for loop, turn in workers.turns.items()},
        TURN_MAX: {loop: turn.seconds_max for loop, turn in workers.turns.items()},
        WORKERS: {"at_work": workers.at_work, "lost": workers.lost},
    }


def _of_backlog(backlog: Backlog) -> Readings:
    return {
        OUTBOX_AGE: {"": backlog.event_age},
        DEADLINE_AGE: {"": backlog.deadline_age},
        DELIVERY_AGE: {"": backlog.delivery_age},
        DELIVERIES_DUE: {"": backlog.deliveries_due},
        OVERDUE: {str(subject): count for subject, count in backlog.overdue.items()},
        ENDPOINTS: backlog.endpoints,
    }


class _Kept(Generic[T]):
    """An answer that is asked for again after KEPT_FOR seconds. Callers who come together wait for one answer."""

    def __init__(self, elapsed: Elapsed) -> None:
        self._elapsed = elapsed
        self._asking = asyncio.Lock()
        self._answer: tuple[float, T] | None = None

    async def get(self, ask: Callable[[], Awaitable[T]]) -> T:
        async with self._asking:
            if self._answer is None or self._elapsed() >= self._answer[0] + KEPT_FOR:
                answer = await ask()
                self._answer = self._elapsed(), answer
            return self._answer[1]


class Monitor:
    """Asks the database for one process."""

    def __init__(self, elapsed: Elapsed) -> None:
        self._workers: _Kept[Workers] = _Kept(elapsed)
        self._monitored: _Kept[Monitored] = _Kept(elapsed)

    async def workers(self, database: Database) -> Workers:
        """Raises the errors of `Database`."""
        return await self._workers.get(partial(_workers, database))

    async def monitored(self, database: Database, now: datetime) -> Monitored:
        """Never raises an error of the database. The workers are read apart from the backlog, so that a long backlog
        does not hide that they are dead."""
        return await self._monitored.get(partial(self._look, database, now))

    async def _look(self, database: Database, now: datetime) -> Monitored:
        return Monitored(
            is_ready=bool(await _or_none(partial(_is_ready, database))),
            workers=await _or_none(partial(self.workers, database)),
            backlog=await _or_none(partial(_backlog, database, now)),
        )


async def _workers(database: Database) -> Workers:
    async with database.read() as tx:
        return await see_workers(tx)


async def _backlog(database: Database, now: datetime) -> Backlog:
    async with database.read() as tx:
        return await measure(tx, now)


async def _is_ready(database: Database) -> bool:
    return not schema.is_behind(await schema.usable_revision(database))


async def _or_none(ask: Callable[[], Awaitable[T]]) -> T | None:
    try:
        async with asyncio.timeout(READ_WITHIN):
            return await ask()
    except (SQLAlchemyError, OSError, schema.DiskFullError) as error:
        logger.warning("monitoring could not read the database: %r", error)
        return None
