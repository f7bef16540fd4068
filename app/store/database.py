"""Connections and transactions: one write is one transaction, run again when it loses a race."""

import asyncio
import logging
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import TypeVar

import asyncpg
from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError

from app.store.connections import PATIENCE, Connections, make_engine
from app.store.constraints import violated_constraint
from app.store.drivers import ERRORS, Driver, translate_error
from app.store.memo import Memo
from app.store.statements import Row, Statement, Values
from app.telemetry import DB_RETRIES

logger = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 8
_LOST_RACES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_INSERTED_TWICE = frozenset({"pk_orders", "pk_policies", "pk_message_templates", "pk_shops"})
"""Two transactions inserted the same row. The one that lost finds the row when it runs again."""
_NOTHING: Values = {}
_NO_TURN = nullcontext()


class Tx:
    """A connection that is in use. Its errors are SQLAlchemy's: IntegrityError, and DBAPIError for the rest."""

    __slots__ = ("_dialect", "_driver", "_is_lost", "_is_open", "memo")

    def __init__(self, driver: Driver, dialect: Dialect, memo: Memo) -> None:
        """`memo` outlives the transaction: it holds committed values that never change."""
        self.memo = memo
        self._driver = driver
        self._dialect = dialect
        self._is_lost = False
        self._is_open = False

    @property
    def is_sqlite(self) -> bool:
        return self._dialect.name == "sqlite"

    async def fetch(self, statement: Statement, values: Values = _NOTHING) -> list[Row]:
        """Run a statement; its rows, if it gives any."""
        compiled = statement.compiled(self._dialect)
        try:
            found = await self._driver.fetch(compiled.sql, compiled.bind(values))
        except ERRORS as error:
            raise self._told(error, compiled.sql) from error
        return compiled.rows(found)

    async def first(self, statement: Statement, values: Values = _NOTHING) -> Row | None:
        """The only row of a statement that gives one at most."""
        found = await self.fetch(statement, values)
        return found[0] if found else None

    async def run_all(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Run a statement for each of these rows of values, in one go."""
        if not rows:
            return
        if len(rows) == 1:
            await self.fetch(statement, rows[0])
            return
        compiled = statement.compiled(self._dialect)
        try:
            await self._driver.run_many(compiled.sql, [compiled.bind(row) for row in rows])
        except ERRORS as error:
            raise self._told(error, compiled.sql) from error

    async def begin(self, sql: str) -> None:
        self._is_open = True
        await self._say(sql)

    async def end(self, sql: str) -> None:
        """COMMIT or ROLLBACK."""
        await self._say(sql)
        self._is_open = False

    @property
    def is_spoilt(self) -> bool:
        """Is the connection lost, or a transaction left open that could not be ended?"""
        return self._is_lost or self._is_open or self._driver.is_closed()

    def give_up(self) -> None:
        """Nobody waits for the answer to what was sent last: who knows what it will be."""
        self._is_lost = True

    async def _say(self, sql: str) -> None:
        try:
            await self._driver.say(sql)
        except ERRORS as error:
            raise self._told(error, sql) from error

    def _told(self, error: Exception, sql: str) -> DBAPIError:
        told = translate_error(error, sql, closed=self._driver.is_closed())
        self._is_lost |= told.connection_invalidated
        return told


class Database:
    """A pool of connections: `write` for transactions, `read` for single statements.

    On PostgreSQL rows are locked one by one, under READ COMMITTED. On SQLite a writer takes the database's only
    write lock at BEGIN, so that what it read stays true; the writers of this process queue for it here, first
    come first served, and only those of different processes wait for each other inside SQLite.
    """

    def __init__(self, url: str, *, pool_size: int = 10, statement_timeout_ms: int = 0) -> None:
        self.engine = make_engine(url, statement_timeout_ms=statement_timeout_ms)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._connections = Connections(self.engine, pool_size)
        self._writing = asyncio.Lock()
        self._memo = Memo()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A connection for one statement, or for several that need not agree with each other."""
        connection = await self._connections.take()
        tx = Tx(connection.driver, self.engine.dialect, self._memo)
        try:
            yield tx
        except asyncio.CancelledError:
            tx.give_up()
            raise
        finally:
            if tx.is_spoilt:
                self._connections.give_up(connection)
            else:
                self._connections.give_back(connection)

    def snapshot(self) -> AbstractAsyncContextManager[Tx]:
        """A connection whose statements all see the database as it was at the first of them."""
        return self._transaction("BEGIN" if self.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ")

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` in a transaction and commit it before anything is returned.

        Deadlocks, serialization failures and a busy SQLite roll back and run `work` again, a bounded number
        of times; every other exception rolls back and goes on to the caller.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._turn(), self._transaction("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN") as tx:
                    return await work(tx)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not lost_a_race(error):
                    raise
                DB_RETRIES.inc()
                logger.debug("transaction lost a race, attempt %d", attempt)
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads retries
        raise AssertionError("the last attempt returns or raises")

    async def close(self) -> None:
        await self._connections.close()

    def _turn(self) -> AbstractAsyncContextManager[None]:
        return self._only_writer() if self.is_sqlite else _NO_TURN

    @asynccontextmanager
    async def _only_writer(self) -> AsyncIterator[None]:
        """One writer of this process at a time. Raises TimeoutError, as waiting for a connection does."""
        async with asyncio.timeout(PATIENCE):
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
            except BaseException:
                with suppress(DBAPIError, OSError):  # it counts as open then, and the connection is given up
                    await tx.end("ROLLBACK")
                raise


def lost_a_race(error: DBAPIError) -> bool:
    """Would the same transaction succeed if it ran again? After a migration has changed what a prepared statement
    gives, it would: the driver prepares it anew."""
    if isinstance(error.orig, asyncpg.InvalidCachedStatementError):
        return True
    if getattr(error.orig, "sqlstate", None) in _LOST_RACES or _is_sqlite_busy(error):
        return True
    return violated_constraint(error) in _INSERTED_TWICE


def _is_sqlite_busy(error: DBAPIError) -> bool:
    """The primary code is the last byte of an extended one."""
    code: int = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF == sqlite3.SQLITE_BUSY
