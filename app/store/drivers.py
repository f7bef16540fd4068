"""The two drivers behind one interface, and their errors as errors of SQLAlchemy."""

import socket  # noqa: TID251 - the names of options; asyncpg opens the socket
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

import asyncpg
from sqlalchemy.exc import DataError, DBAPIError, EmulatedDBAPIException, IntegrityError
from sqlalchemy.pool import PoolProxiedConnection

Records = Sequence[Sequence[Any]]


class Driver(Protocol):
    """One connection. Its methods raise one of ERRORS."""

    async def run(self, sql: str) -> None:
        """Run a statement without values and rows, such as BEGIN."""

    async def fetch(self, sql: str, values: Sequence[Any]) -> Records:
        """Run a statement and return its rows, if any."""

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""

    def is_closed(self) -> bool:
        """The server has closed the connection."""

    async def close(self) -> None:
        """Say goodbye to the server, if the server listens."""

    def keep_alive(self) -> None:
        """Let the operating system find out when the server of an idle connection is gone."""


_KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""Seconds until the first probe, seconds between probes, and how many are sent before the connection is closed."""


_GOODBYE = 1.0
"""Seconds."""


class Asyncpg:
    """PostgreSQL: each statement is one round trip."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def run(self, sql: str) -> None:
        await self._connection.execute(sql)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Records:
        records: Records = await self._connection.fetch(sql, *values)
        return records

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._connection.executemany(sql, rows)

    def is_closed(self) -> bool:
        return bool(self._connection.is_closed())

    async def close(self) -> None:
        with suppress(TimeoutError, *ERRORS):
            await self._connection.close(timeout=_GOODBYE)

    def keep_alive(self) -> None:
        """asyncpg has no option for this. Without it an idle connection to a machine that vanished stays for hours."""
        connected = self._connection._transport.get_extra_info("socket")  # noqa: SLF001
        if connected is None or connected.family == getattr(socket, "AF_UNIX", None):
            return
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, seconds in _KEEPALIVE.items():
            if (option := getattr(socket, name, None)) is not None:  # not every system has all of them
                connected.setsockopt(socket.IPPROTO_TCP, option, seconds)


class Aiosqlite:
    """SQLite: each statement is one call into the connection's own thread."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def run(self, sql: str) -> None:
        await self._connection.execute_fetchall(sql)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Records:
        records: Records = await self._connection.execute_fetchall(sql, values)
        return records

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        cursor = await self._connection.executemany(sql, rows)
        await cursor.close()

    def is_closed(self) -> bool:
        return False

    async def close(self) -> None:
        """There is no server."""

    def keep_alive(self) -> None:
        """A file is not connected."""


def driver_of(pooled: PoolProxiedConnection) -> Driver:
    connection = pooled.driver_connection
    return Asyncpg(connection) if isinstance(connection, asyncpg.Connection) else Aiosqlite(connection)


_CLOSED = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""asyncpg raises these on its own side: the connection is closed, or is in a state that cannot be used."""
_UNUSABLE = (*_CLOSED, asyncpg.ReadOnlySQLTransactionError)
"""After a failover the connection may lead to a server that takes no writes any more."""
ERRORS = (asyncpg.PostgresError, *_CLOSED, sqlite3.Error, EmulatedDBAPIException)
_KINDS: tuple[tuple[tuple[type[Exception], ...], type[DBAPIError]], ...] = (
    ((asyncpg.IntegrityConstraintViolationError, sqlite3.IntegrityError), IntegrityError),
    ((asyncpg.DataError, sqlite3.DataError), DataError),
)


def translate_error(error: Exception, sql: str, *, closed: bool = False) -> DBAPIError:
    """SQLAlchemy's error for the driver's error, which stays in `orig`: IntegrityError for a constraint, DataError
    for a value that the database cannot store, DBAPIError for all else.

    The values are omitted: they may be personal data.
    """
    original = error.orig or error if isinstance(error, EmulatedDBAPIException) else error
    if isinstance(original, asyncpg.PostgresError):
        original.detail = None  # it may quote the row
    kind = next((kind for types, kind in _KINDS if isinstance(original, types)), DBAPIError)
    return kind(sql, None, original, connection_invalidated=closed or isinstance(original, _UNUSABLE))


_UNDEFINED_TABLE = "42P01"
_TEMPORARY = frozenset("57014 57P01 57P02 57P03 53100 53200 53300 55P03 25006 40001 40P01 08006 08001".split())
_TEMPORARY_ON_SQLITE = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
)
_FULL = "53100"
_UNDEFINED = frozenset({_UNDEFINED_TABLE, "42703", "42809"})  # a table, a column, a column with the name of a function
_UNDEFINED_ON_SQLITE = ("no such table", "no such column", "table ")  # "table claims has no column named ..."


def is_temporary(error: DBAPIError) -> bool:
    """The database cannot be used now: it is away, busy, full or too slow. The statement itself is not at fault."""
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _TEMPORARY:
        return True
    return sqlite_code(error) in _TEMPORARY_ON_SQLITE


def is_full(error: DBAPIError) -> bool:
    """There is no room on the database's disk."""
    return getattr(error.orig, "sqlstate", None) == _FULL or sqlite_code(error) == sqlite3.SQLITE_FULL


def is_unknown_to_schema(error: DBAPIError) -> bool:
    """The statement names a table or a column that the schema does not have. SQLite has only a text for this."""
    if getattr(error.orig, "sqlstate", None) in _UNDEFINED:
        return True
    return isinstance(error.orig, sqlite3.OperationalError) and str(error.orig).startswith(_UNDEFINED_ON_SQLITE)


def sqlite_code(error: DBAPIError) -> int:
    """SQLite's primary result code, which is the last byte of an extended code. SQLITE_OK for any other error."""
    code: int = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF


def is_missing_table(error: DBAPIError) -> bool:
    """The schema has not been made yet. SQLite has no code for a missing table, only a text."""
    if getattr(error.orig, "sqlstate", None) == _UNDEFINED_TABLE:
        return True
    return isinstance(error.orig, sqlite3.OperationalError) and str(error.orig).startswith("no such table")
