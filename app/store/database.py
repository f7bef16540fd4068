"""Connections and transactions: one write is one transaction, run again when it loses a race."""

import asyncio
import logging
import math
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import TypeVar

import asyncpg
from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError

from app import tracing
from app.encryption import Encryption
from app.records.authority import Authority
from app.store.connections import WAIT_MAX, Connections, Synchronous, make_engine
from app.store.constraints import violated_constraint
from app.store.drivers import ERRORS, Driver, is_full, sqlite_code, translate_error
from app.store.memo import Memo
from app.store.statements import Row, Statement, Values
from app.telemetry import DB_RETRIES

logger = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 8
FULL_FOR = 30.0
"""Seconds."""
_LOST_RACES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_INSERTED_TWICE = frozenset({"pk_orders", "pk_policies", "pk_message_templates", "pk_faq_entries", "pk_shops"}) | {
    "pk_lookup_counts",
    "pk_import_matchings",
    "pk_rule_sets",
}
"""Two transactions inserted the same row. The one that lost finds the row when it runs again."""
_NOTHING: Values = {}
_SECONDS_PER_ROW = 0.01
"""How much longer a batch may take for each of its rows."""
_NO_TURN = nullcontext()


class Tx:
    """A connection in use. Its errors are those of SQLAlchemy: IntegrityError, DataError, and DBAPIError for the
    rest."""

    __slots__ = (
        "_dialect",
        "_driver",
        "_is_lost",
        "_is_open",
        "_patience",
        "authority",
        "encryption",
        "is_quiet",
        "is_unanswered",
        "memo",
    )

    def __init__(
        self, driver: Driver, dialect: Dialect, memo: Memo, *, patience: float | None, encryption: Encryption
    ) -> None:
        """`memo` outlives the transaction: it holds committed values that never change. `patience` is how many seconds
        to wait for the answer to a statement. `encryption` is for secrets. `is_quiet`: the events of the transaction
        make no messages. `authority` is of the caller, and None for buyers
        and for the worker."""
        self.authority: Authority | None = None
        self.encryption = encryption
        self.is_quiet = False
        self.memo = memo
        self.is_unanswered = False
        self._driver = driver
        self._dialect = dialect
        self._patience = patience
        self._is_lost = False
        self._is_open = False

    @property
    def is_sqlite(self) -> bool:
        return self._dialect.name == "sqlite"

    async def fetch(self, statement: Statement, values: Values = _NOTHING) -> list[Row]:
        """Run a statement and return its rows, if any."""
        compiled = statement.compiled(self._dialect)
        async with self._answered(compiled.sql):
            records = await self._driver.fetch(compiled.sql, compiled.bind(values))
        return compiled.rows(records)

    async def first(self, statement: Statement, values: Values = _NOTHING) -> Row | None:
        """The row of a statement that returns at most one."""
        rows = await self.fetch(statement, values)
        return rows[0] if rows else None

    async def run_all(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Run a statement once for each row of values, as one batch."""
        if not rows:
            return
        if len(rows) == 1:
            await self.fetch(statement, rows[0])
            return
        compiled = statement.compiled(self._dialect)
        async with self._answered(compiled.sql, count=len(rows)):
            await self._driver.run_many(compiled.sql, [compiled.bind(row) for row in rows])

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """If the work inside raises, what it has written is undone, and the transaction goes on."""
        await self._run("SAVEPOINT apart")
        try:
            yield
        except Exception:
            if not self.is_lost:
                await self._run("ROLLBACK TO SAVEPOINT apart")
                await self._run("RELEASE SAVEPOINT apart")
            raise
        await self._run("RELEASE SAVEPOINT apart")

    async def begin(self, sql: str) -> None:
        self._is_open = True
        await self._run(sql)

    async def end(self, sql: str) -> None:
        """COMMIT or ROLLBACK."""
        await self._run(sql)
        self._is_open = False

    @property
    def is_unusable(self) -> bool:
        """The connection is lost, or has a transaction that could not be ended."""
        return self.is_lost or self._is_open or self._driver.is_closed()

    @property
    def is_lost(self) -> bool:
        """The connection answers no more, or nobody waits for its answer."""
        return self._is_lost

    def discard(self) -> None:
        """The caller does not wait for the answer to the last statement, so the connection cannot be used again."""
        self._is_lost = True

    async def _run(self, sql: str) -> None:
        async with self._answered(sql):
            await self._driver.run(sql)

    @asynccontextmanager
    async def _answered(self, sql: str, *, count: int = 1) -> AsyncIterator[None]:
        """Wait for the answer to `count` statements. A server that does not answer has not cancelled the statement
        either, so the connection is lost."""
        seconds = None if self._patience is None else self._patience + (count - 1) * _SECONDS_PER_ROW
        waiting = asyncio.timeout(seconds)
        try:
            with tracing.statement(sql, self._dialect.name):
                async with waiting:
                    yield
        except ERRORS as error:
            raise self._translate(error, sql) from error
        except TimeoutError as error:
            if not waiting.expired():
                raise
            self._is_lost = self.is_unanswered = True
            raise DBAPIError(sql, None, error, connection_invalidated=True) from error

    def _translate(self, error: Exception, sql: str) -> DBAPIError:
        translated = translate_error(error, sql, closed=self._driver.is_closed())
        self._is_lost |= translated.connection_invalidated
        return translated


class Database:
    """A pool of connections: `write` for transactions, `read` for single statements.

    On PostgreSQL rows are locked one by one, under READ COMMITTED. On SQLite a writer takes the only write lock of
    the database at BEGIN, so that its reads stay true. The writers of this process queue for the lock here, first
    come first served. Only writers of different processes wait for each other inside SQLite.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        statement_timeout_ms: int = 0,
        synchronous: Synchronous = "full",
        encryption: Encryption | None = None,
    ) -> None:
        """Without `encryption`, secrets are stored in clear text."""
        self.engine = make_engine(url, statement_timeout_ms=statement_timeout_ms, synchronous=synchronous)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._patience = _patience(statement_timeout_ms) if not self.is_sqlite else None
        self._connections = Connections(self.engine, pool_size)
        self._writing = asyncio.Lock()
        self._full_at: float | None = None
        self._written_at = -math.inf
        self.memo = Memo()
        self._encryption = encryption or Encryption()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A connection for one statement, or for several that need not see the same state."""
        connection = await self._connections.take()
        tx = Tx(connection.driver, self.engine.dialect, self.memo, patience=self._patience, encryption=self._encryption)
        try:
            yield tx
        except asyncio.CancelledError:
            tx.discard()
            raise
        finally:
            if tx.is_unanswered:
                self._connections.discard_idle()
            if tx.is_unusable:
                self._connections.discard(connection)
            else:
                self._connections.give_back(connection)

    def snapshot(self) -> AbstractAsyncContextManager[Tx]:
        """A connection whose statements all see the state of the database at the first statement."""
        return self._transaction("BEGIN" if self.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ")

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` in a transaction and commit the transaction before returning.

        After a deadlock, a serialization failure or a busy SQLite, roll back and run `work` again, at most ATTEMPTS
        times. Any other exception rolls back and goes to the caller.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._turn(), self._transaction("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN") as tx:
                    result = await work(tx)
            except DBAPIError as error:
                self._full_at = time.monotonic() if is_full(error) else self._full_at
                if attempt == ATTEMPTS or not lost_a_race(error):
                    raise
                DB_RETRIES.inc()
                logger.debug("transaction lost a race, attempt %d", attempt)
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads retries
            else:
                self._full_at, self._written_at = None, time.monotonic()
                return result
        raise AssertionError("the last attempt returns or raises")

    @property
    def is_full(self) -> bool:
        """The disk had no room for a write lately, and no write has succeeded since. After FULL_FOR the next write may
        try: otherwise nobody would find out that there is room again."""
        return self._full_at is not None and time.monotonic() < self._full_at + FULL_FOR

    @property
    def has_just_written(self) -> bool:
        """A write has succeeded in the last second."""
        return time.monotonic() < self._written_at + 1

    async def close(self) -> None:
        await self._connections.close()

    def _turn(self) -> AbstractAsyncContextManager[None]:
        return self._only_writer() if self.is_sqlite else _NO_TURN

    @asynccontextmanager
    async def _only_writer(self) -> AsyncIterator[None]:
        """One writer of this process at a time. Raises TimeoutError after WAIT_MAX seconds."""
        async with asyncio.timeout(WAIT_MAX):
            await self._writing.acquire()
        try:
            yield
        finally:
            self._writing.release()

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[Tx]:
        async with self.read() as tx:
            await tx.begin(begin)
            try:
                yield tx
                await tx.end("COMMIT")
            except Exception:
                if not tx.is_lost:
                    with suppress(DBAPIError, OSError):  # the connection is then discarded
                        await tx.end("ROLLBACK")
                raise


def _patience(statement_timeout_ms: int) -> float | None:
    """Seconds after which a statement is given up that the server has not cancelled by itself."""
    return statement_timeout_ms / 1000 * 1.2 + 0.5 if statement_timeout_ms else None


def lost_a_race(error: DBAPIError) -> bool:
    """The same transaction may succeed when it runs again. That is so too after a migration has changed the result of a
    prepared statement: the driver prepares it again."""
    if isinstance(error.orig, asyncpg.InvalidCachedStatementError):
        return True
    if getattr(error.orig, "sqlstate", None) in _LOST_RACES or sqlite_code(error) == sqlite3.SQLITE_BUSY:
        return True
    return violated_constraint(error) in _INSERTED_TWICE
