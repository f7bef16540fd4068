"""Connections and transactions: one write is one transaction, run again when it loses a race."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.telemetry import DB_RETRIES

logger = logging.getLogger(__name__)

Tx = AsyncConnection
T = TypeVar("T")

ATTEMPTS = 8
_LOST_RACES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_ORDER_MADE_TWICE = "pk_orders"  # two pushed it first; whoever comes second finds it there next time
_SQLITE_BUSY = ("database is locked", "database table is locked")


class Database:
    """One engine for all work; `write` for transactions, `read` for single statements.

    On SQLite a writer takes the database's only write lock at BEGIN, so that what it read stays true; on
    PostgreSQL rows are locked one by one, under READ COMMITTED.
    """

    def __init__(self, url: str, *, pool_size: int = 10, statement_timeout_ms: int = 0) -> None:
        self.engine: AsyncEngine = _engine(url, pool_size, statement_timeout_ms)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        options = {"recourse_begin": "BEGIN"} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._reader = self.engine.execution_options(**options)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A connection for one statement, or for several that need not agree with each other."""
        async with self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Tx]:
        """A connection whose statements all see the database as it was at the first of them."""
        reader = (
            self._reader if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        async with reader.connect() as connection:
            yield connection

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` in a transaction and commit it before anything is returned.

        Deadlocks, serialization failures and a busy SQLite roll back and run `work` again, a bounded number
        of times; every other exception rolls back and goes on to the caller.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self.engine.begin() as connection:
                    return await work(connection)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not lost_a_race(error):
                    raise
                DB_RETRIES.inc()
                logger.debug("transaction lost a race, attempt %d", attempt)
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads retries
        raise AssertionError("the last attempt returns or raises")

    async def ping(self) -> None:
        async with self.read() as connection:
            await connection.execute(_PING)

    async def close(self) -> None:
        await self.engine.dispose()


_PING = text("SELECT 1")


def lost_a_race(error: DBAPIError) -> bool:
    """Would the same transaction succeed if it ran again?"""
    said = str(error.orig)
    code = getattr(error.orig, "sqlstate", None)
    return code in _LOST_RACES or any(sign in said for sign in (*_SQLITE_BUSY, _ORDER_MADE_TWICE))


def _engine(url: str, pool_size: int, statement_timeout_ms: int) -> AsyncEngine:
    if url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=pool_size, connect_args={"timeout": 10})
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=False,
        connect_args={
            "prepared_statement_cache_size": 500,
            "server_settings": {
                "application_name": "recourse",
                "statement_timeout": str(statement_timeout_ms),
                "timezone": "UTC",
            },
        },
    )


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # so that REPLACE is seen by the triggers that refuse DELETE
    "busy_timeout=10000",
)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("recourse_begin", "BEGIN IMMEDIATE"))
