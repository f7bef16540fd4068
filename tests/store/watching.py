"""The statements that an application sends to its database, one by one."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from app.store import database
from app.store.database import Tx
from app.store.drivers import Driver, Records
from tests.storefront import Storefront, TurnableClock, new_key

RecordedStatement = tuple[str, tuple[Any, ...]]
"""SQL and its values; for many rows, the values of the first row."""


class RecordingDriver:
    """A driver that passes each statement to `record` before it sends the statement."""

    def __init__(self, driver: Driver, record: Callable[[RecordedStatement], object]) -> None:
        self._driver = driver
        self._record = record
        self.run, self.is_closed = driver.run, driver.is_closed
        self.close, self.keep_alive = driver.close, driver.keep_alive

    async def fetch(self, sql: str, values: Sequence[Any]) -> Records:
        self._record((sql, tuple(values)))
        return await self._driver.fetch(sql, values)

    async def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self._record((sql, tuple(rows[0])))
        await self._driver.run_many(sql, rows)


@contextmanager
def record_statements(record: Callable[[RecordedStatement], object]) -> Iterator[None]:
    """Record every statement of this process with its values, but not the begin and end of transactions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            database,
            "Tx",
            lambda driver, dialect, memo, **options: Tx(RecordingDriver(driver, record), dialect, memo, **options),
        )
        yield


@dataclass
class Statements:
    """The statements of one use case, with their values, without the beginning of its transaction."""

    entries: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.entries)

    def __str__(self) -> str:
        return "\n".join(" ".join(sql.split())[:160] for sql, _ in self.entries)


@dataclass
class WatchedShop:
    """A storefront whose service records its statements."""

    shop: Storefront
    app: FastAPI

    @contextmanager
    def record_statements(self) -> Iterator[Statements]:
        statements = Statements()
        with record_statements(statements.entries.append):
            yield statements


@asynccontextmanager
async def watch(database_url: str, *, key_cache_seconds: float = 3600) -> AsyncIterator[WatchedShop]:
    """The service caches keys, as in production, unless a test wants to record their look-up too."""
    clock = TurnableClock()
    settings = Settings(
        database_url=database_url,
        key_cache_seconds=key_cache_seconds,
        log_level="warning",
        embedded_worker=False,  # its statements belong to no request
    )
    app = create_app(settings, now=clock)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://shop") as http,
    ):
        merchant_id, token = await new_key(app.state.app_state.database, clock())
        shop = Storefront(http, token, merchant_id, clock)
        await shop.get("/v1/orders")  # the key is looked up
        yield WatchedShop(shop, app)
