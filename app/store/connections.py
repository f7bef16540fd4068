"""A pool of connections to a database, and how a connection is set up."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection

from app.store.drivers import ERRORS, Driver, driver_of, translate_error
from app.telemetry import DB_CONNECTION_WAIT, DB_CONNECTIONS, DB_CONNECTIONS_MAX

WAIT_MAX = 5
"""Seconds to wait for a free connection, or for a new one, before TimeoutError."""


class Connection(NamedTuple):
    pooled: PoolProxiedConnection
    driver: Driver


class Connections:
    """At most `size` connections at a time, first come first served.

    SQLAlchemy's own pool serves late callers first, so that some callers wait long. SQLAlchemy still makes and closes
    the connections; idle connections are kept here. Nothing is reset on return: the user of a connection ends its
    transaction, or discards the connection.
    """

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine
        self._places = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._is_closed = False
        self._size = size
        DB_CONNECTIONS_MAX.inc(size)

    async def take(self) -> Connection:
        """Raises TimeoutError when no connection comes free, OSError or DBAPIError when none can be made."""
        await self._wait_for_a_place()
        try:
            return self._idle_connection() or await self._new_connection()
        except BaseException:
            self._free_a_place()
            raise

    def give_back(self, connection: Connection) -> None:
        if self._is_closed:
            self.discard(connection)
            return
        self._idle.append(connection)
        self._free_a_place()

    def discard(self, connection: Connection) -> None:
        """Close a connection that is lost or in an open transaction."""
        _close(connection)
        self._free_a_place()

    def discard_idle(self) -> None:
        """The server has stopped answering: the connections that are idle would not be answered either."""
        while self._idle:
            _close(self._idle.pop())

    async def close(self) -> None:
        """Connections in use are closed when they are given back. A server that does not answer is not waited for."""
        if not self._is_closed:
            DB_CONNECTIONS_MAX.dec(self._size)
        self._is_closed = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.driver.close() for connection in idle))
        for connection in idle:
            connection.pooled.close()
        await self._engine.dispose()

    async def _wait_for_a_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
        else:
            with DB_CONNECTION_WAIT.time():
                async with asyncio.timeout(WAIT_MAX):
                    await self._places.acquire()
        DB_CONNECTIONS.inc()

    def _free_a_place(self) -> None:
        DB_CONNECTIONS.dec()
        self._places.release()

    def _idle_connection(self) -> Connection | None:
        """Connections that were lost while idle are closed here, so that no caller sees the loss."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.driver.is_closed():
                return connection
            _close(connection)
        return None

    async def _new_connection(self) -> Connection:
        try:
            pooled = await self._engine.raw_connection()
        except ERRORS as error:
            raise translate_error(error, "connect", closed=True) from error
        driver = driver_of(pooled)
        driver.keep_alive()
        return Connection(pooled, driver)


def _close(connection: Connection) -> None:
    connection.pooled.invalidate()


Synchronous = Literal["full", "normal"]
"""When SQLite waits for the disk. `full`: at each commit. `normal`: at checkpoints alone, so that a loss of power takes
the last commits, which were acknowledged. Neither damages the file."""


def make_engine(url: str, *, statement_timeout_ms: int, synchronous: Synchronous) -> AsyncEngine:
    """An engine that sets up all its connections alike, without a limit on their number. `statement_timeout_ms` is for
    PostgreSQL, 0 is no timeout. `synchronous` is for SQLite."""
    connect_args: dict[str, Any] = {}
    if not url.startswith("sqlite"):
        server_settings = {
            "application_name": "recourse",
            "statement_timeout": str(statement_timeout_ms),
            "lock_timeout": str(statement_timeout_ms * 3 // 5),
            "client_connection_check_interval": "2000",  # a statement whose client has gone ends
            "timezone": "UTC",
        }
        if statement_timeout_ms:  # otherwise a transaction whose client is frozen would keep its locks
            server_settings["idle_in_transaction_session_timeout"] = str(statement_timeout_ms * 6)
        connect_args = {"server_settings": server_settings, "timeout": WAIT_MAX}
    engine = create_async_engine(
        url, pool_size=0, max_overflow=-1, pool_reset_on_return=None, connect_args=connect_args
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "do_connect", _create_file)
        event.listen(engine.sync_engine, "connect", partial(_set_up_sqlite, synchronous))
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _create_file(_dialect: Any, _record: Any, arguments: Sequence[Any], _named: Any) -> None:
    """Create the file of SQLite so that only its owner reads it. SQLite gives the files beside it the same mode. The
    driver reports a path that cannot be created."""
    with suppress(OSError):
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


_PRAGMAS = (
    "busy_timeout=5000",  # comes first: the next pragma may wait for another process that has just opened the file
    "journal_mode=WAL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # so that REPLACE fires the triggers that refuse DELETE
)


def _set_up_sqlite(synchronous: Synchronous, connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions itself
    cursor = connection.cursor()
    for pragma in (*_PRAGMAS, f"synchronous={synchronous}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: SyncConnection) -> None:
    """For transactions that SQLAlchemy begins: the migrations."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
