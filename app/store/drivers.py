"""The two drivers behind one face, and their errors in SQLAlchemy's words."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

import asyncpg
from sqlalchemy.exc import DBAPIError, EmulatedDBAPIException, IntegrityError
from sqlalchemy.pool import PoolProxiedConnection

Records = Sequence[Sequence[Any]]


class Driver(Protocol):
    """One connection. Its methods raise one of ERRORS."""

    async def say(self, sql: str) -> None:
        """Something without values or rows, such as BEGIN."""

    async def fetch(self, sql: str, values: Sequence[Any]) -> Records:
        """The rows that a statement gives, if it gives any."""

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same statement for each of these rows of values."""

    def is_closed(self) -> bool:
        """Has the other end gone away?"""


class Asyncpg:
    """PostgreSQL: each statement is one round trip."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def say(self, sql: str) -> None:
        await self._connection.execute(sql)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Records:
        found: Records = await self._connection.fetch(sql, *values)
        return found

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._connection.executemany(sql, rows)

    def is_closed(self) -> bool:
        return bool(self._connection.is_closed())


class Aiosqlite:
    """SQLite: each statement is one visit to the connection's own thread."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def say(self, sql: str) -> None:
        await self._connection.execute_fetchall(sql)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Records:
        found: Records = await self._connection.execute_fetchall(sql, values)
        return found

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        cursor = await self._connection.executemany(sql, rows)
        await cursor.close()

    def is_closed(self) -> bool:
        return False


def driver_of(pooled: PoolProxiedConnection) -> Driver:
    connection = pooled.driver_connection
    return Asyncpg(connection) if isinstance(connection, asyncpg.Connection) else Aiosqlite(connection)


_LOST = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg says of its own side: the connection is closed, or is in a state that it cannot be used in."""
_UNUSABLE = (*_LOST, asyncpg.ReadOnlySQLTransactionError)
"""After a failover the connection may be to a server that takes no writes any more."""
ERRORS = (asyncpg.PostgresError, *_LOST, sqlite3.Error, EmulatedDBAPIException)
_CONSTRAINTS = (asyncpg.IntegrityConstraintViolationError, sqlite3.IntegrityError)


def in_sqlalchemys_words(error: Exception, sql: str, *, closed: bool = False) -> DBAPIError:
    """IntegrityError where a constraint said no, DBAPIError for all else; the driver's own error is its `orig`.

    The values are left out: they may be anybody's.
    """
    original = error.orig or error if isinstance(error, EmulatedDBAPIException) else error
    if isinstance(original, asyncpg.PostgresError):
        original.detail = None  # it may quote the row
    kind = IntegrityError if isinstance(original, _CONSTRAINTS) else DBAPIError
    return kind(sql, None, original, connection_invalidated=closed or isinstance(original, _UNUSABLE))
