"""How the databases are connected to, and who is given which connection when."""

import asyncio
from typing import Any, NamedTuple

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection

from app.store.drivers import ERRORS, Driver, driver_of, translate_error

PATIENCE = 30  # seconds to wait for a connection; whoever waits longer is told that there is none


class Connection(NamedTuple):
    pooled: PoolProxiedConnection
    driver: Driver


class Connections:
    """At most `size` connections at a time, given out first come, first served.

    SQLAlchemy's own pool lets whoever comes late go first, so that some wait for long. It still makes the
    connections and closes them; those that are idle are kept here. Nothing is reset on return: whoever takes
    a connection ends what was begun on it, or gives it up.
    """

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine
        self._places = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._is_closed = False

    async def take(self) -> Connection:
        """Raises TimeoutError when none comes free, OSError or DBAPIError when none can be made."""
        await self._wait_for_a_place()
        try:
            return self._sound_one() or await self._new_one()
        except BaseException:
            self._places.release()
            raise

    def give_back(self, connection: Connection) -> None:
        if self._is_closed:
            self.give_up(connection)
            return
        self._idle.append(connection)
        self._places.release()

    def give_up(self, connection: Connection) -> None:
        """One that is lost, or in the middle of something."""
        _throw_away(connection)
        self._places.release()

    async def close(self) -> None:
        """Connections that are in use end when they are given back."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().pooled.close()
        await self._engine.dispose()

    async def _wait_for_a_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        async with asyncio.timeout(PATIENCE):
            await self._places.acquire()

    def _sound_one(self) -> Connection | None:
        """What was lost while nobody used it is thrown away, and costs nobody an answer."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.driver.is_closed():
                return connection
            _throw_away(connection)
        return None

    async def _new_one(self) -> Connection:
        try:
            pooled = await self._engine.raw_connection()
        except ERRORS as error:
            raise translate_error(error, "connect", closed=True) from error
        return Connection(pooled, driver_of(pooled))


def _throw_away(connection: Connection) -> None:
    connection.pooled.invalidate()


def make_engine(url: str, *, statement_timeout_ms: int) -> AsyncEngine:
    """What makes connections that are set up alike, as many as are asked for. `statement_timeout_ms` is for
    PostgreSQL; 0 is for ever."""
    connect_args: dict[str, Any] = {}
    if not url.startswith("sqlite"):
        server_settings = {
            "application_name": "recourse",
            "statement_timeout": str(statement_timeout_ms),
            "timezone": "UTC",
        }
        connect_args = {"server_settings": server_settings}
    engine = create_async_engine(
        url, pool_size=0, max_overflow=-1, pool_reset_on_return=None, connect_args=connect_args
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


_PRAGMAS = (
    "busy_timeout=10000",  # first of all, as the next one waits for whoever else has just opened the file
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # so that REPLACE is seen by the triggers that refuse DELETE
)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: SyncConnection) -> None:
    """For whoever begins through SQLAlchemy: the migrations."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
