"""What an application says to its database, statement by statement."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from app.main import create_app
from app.settings import Settings
from tests.storefront import Storefront, TurnableClock, new_key


@dataclass
class Said:
    """The statements of one use case, with their values, without the beginning of its transaction."""

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join(" ".join(sql.split())[:160] for sql, _ in self.statements)


@dataclass
class Watched:
    """A storefront, and the database of its service overheard."""

    shop: Storefront
    app: FastAPI

    @contextmanager
    def listening(self) -> Iterator[Said]:
        said = Said()

        def hear(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool) -> None:
            if not sql.startswith("BEGIN"):
                said.statements.append((sql, values))

        engine = self.app.state.rooms.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", hear)
        try:
            yield said
        finally:
            event.remove(engine, "before_cursor_execute", hear)


@asynccontextmanager
async def watched(database_url: str, *, key_cache_seconds: float = 3600) -> AsyncIterator[Watched]:
    """Keys are remembered, as in production, unless their look-up is to be heard too."""
    clock = TurnableClock()
    settings = Settings(database_url=database_url, key_cache_seconds=key_cache_seconds, log_level="warning")
    app = create_app(settings, now=clock)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://shop") as http,
    ):
        merchant_id, token = await new_key(app.state.rooms.database, clock())
        shop = Storefront(http, token, merchant_id, clock)
        await shop.get("/v1/orders")  # the key is looked up
        yield Watched(shop, app)
