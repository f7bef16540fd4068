"""Where races are run: many callers, several doors to one database, and an audit after the last of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from app import clock
from app.main import create_app
from app.settings import Settings
from app.store.database import Database
from tests import databases
from tests.audit import audit
from tests.serving import services
from tests.storefront import ORDER, Storefront, TurnableClock, new_key

T = TypeVar("T")
Act = Callable[[Storefront, T], Awaitable[httpx.Response]]

CALLERS = 32
CONNECTIONS = {"sqlite": 4, "postgresql": 12}
"""Fewer than there are callers: they wait for connections as well as for each other."""
PAIRS = 8


@dataclass
class Arena:
    """One merchant, and one storefront of it for each door."""

    doors: list[Storefront]
    database_url: str

    @property
    def shop(self) -> Storefront:
        """For what happens before and after the race."""
        return self.doors[0]

    async def rush(self, act: Act[T], things: Iterable[T]) -> list[httpx.Response]:
        """Do all of it at the same moment; afterwards all that is on record must be true together."""
        answers = await self.together(act, things)
        assert not [answer.text for answer in answers if answer.status_code >= 500]
        assert await audit(self.database_url) == []
        return answers

    async def together(self, act: Act[T], things: Iterable[T]) -> list[httpx.Response]:
        """Each through the next door."""
        starts = zip(cycle(self.doors), things, strict=False)
        return await asyncio.gather(*(act(door, thing) for door, thing in starts))

    async def duel(self, one: Act[T], other: Act[T], things: Sequence[T]) -> list[tuple[str, str]]:
        """Both acts on each thing at the same moment, now this one first and now the other; what each was told."""
        calls: list[tuple[Act[T], T]] = []
        for number, thing in enumerate(things):
            calls += [(one, thing), (other, thing)][:: 1 if number % 2 else -1]
        answers = await self.rush(lambda shop, call: call[0](shop, call[1]), calls)
        ends = dict(zip(calls, map(summary_of, answers), strict=True))
        return [(ends[one, thing], ends[other, thing]) for thing in things]

    async def orders(self, **changes: Any) -> None:
        """One order for each pair of rivals."""
        answers = await self.together(lambda shop, order: shop.put(f"/v1/orders/{order}", {**ORDER, **changes}), ORDERS)
        assert tally(answers) == {"201": len(ORDERS)}

    async def cancellations(self, **changes: Any) -> dict[str, str]:
        """Such orders, and the claim on each that asked an hour ago to cancel both its units."""
        await self.orders(**changes)
        fields: dict[str, Any] = {"lines": BOTH, "requested_at": self.shop.clock().isoformat()}
        self.shop.clock.turn(hours=1)
        answers = await self.together(lambda shop, order: shop.ask("cancel", order_id=order, **fields), ORDERS)
        return {order: answer.json()["claim_id"] for order, answer in zip(ORDERS, answers, strict=True)}


BOTH = [{"line_id": "1", "quantity": 2}]
ORDERS = [f"order-{number}" for number in range(PAIRS)]


def tally(answers: Iterable[httpx.Response]) -> dict[str, int]:
    """How often each answer was given: `{"200": 1, "409 illegal_transition": 31}`."""
    return dict(Counter(summary_of(answer) for answer in answers))


def summary_of(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.json()['code']}" if answer.is_error else str(answer.status_code)


EVERYWHERE = [
    "one app on sqlite",
    "two processes on sqlite",
    pytest.param("one app on postgres", marks=pytest.mark.postgres),
    pytest.param("two processes on postgres", marks=pytest.mark.postgres),
]
everywhere = pytest.mark.parametrize("place", EVERYWHERE, indirect=True)
"""Most races do without two processes on one SQLite file: whoever writes there has locked all of it."""


@dataclass(frozen=True)
class Place:
    """A migrated database and the services on it; without any, the arena makes an app of its own."""

    database_url: str
    urls: tuple[str, ...] = ()


@pytest.fixture(params=[EVERYWHERE[0], *EVERYWHERE[2:]])
def place(request: pytest.FixtureRequest) -> Place:
    """Every race is run within one process and between two, and on each kind of database."""
    who, _, kind = request.param.partition(" on ")
    if who == "one app":
        return Place(request.getfixturevalue(f"{kind}_url"))
    pair: Place = request.getfixturevalue(f"pair_on_{kind}")
    return pair


@pytest.fixture
async def arena(place: Place) -> AsyncIterator[Arena]:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(_connect(url)) for url in place.urls]
        clients = clients or [await stack.enter_async_context(_app(place.database_url))]
        merchant_id, token = await _new_key(place.database_url)
        yesterday = TurnableClock(clock.now() - timedelta(days=1))
        yield Arena([Storefront(http, token, merchant_id, yesterday) for http in clients], place.database_url)


@pytest.fixture
def pair_on_postgres(postgres_url: str, _pair_on_postgres: Place) -> Place:
    """Takes `postgres_url` as well, which wipes what a race leaves behind."""
    return _pair_on_postgres


@pytest.fixture(scope="session")
def _pair_on_postgres(worker_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with _pair(worker_database, tmp_path_factory.mktemp("pair")) as pair:
        yield pair


@pytest.fixture(scope="session")
def pair_on_sqlite(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Races leave their rows behind; the next one has a merchant of its own."""
    folder = tmp_path_factory.mktemp("pair")
    with _pair(databases.copy_sqlite(home, folder / "recourse.db"), folder) as pair:
        yield pair


@contextmanager
def _pair(database_url: str, folder: Path) -> Iterator[Place]:
    logs = (folder / "one.log", folder / "other.log")
    with services(database_url, *logs, **_settings(database_url)) as pair:
        yield Place(database_url, tuple(service.url for service in pair))


def _settings(database_url: str) -> dict[str, Any]:
    return {"pool_size": CONNECTIONS[database_url.partition("+")[0]], "key_cache_seconds": 60}


@asynccontextmanager
async def _app(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        database_url=database_url, log_level="warning", embedded_worker=False, **_settings(database_url)
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://shop") as http,
    ):
        yield http


def _connect(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=30)


async def _new_key(database_url: str) -> tuple[str, str]:
    database = Database(database_url, pool_size=1)
    try:
        return await new_key(database, clock.now())
    finally:
        await database.close()
