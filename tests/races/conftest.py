"""The place of the races: many callers, several services on one database, and an audit after the last caller."""

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
"""There are fewer connections than callers, so callers wait for connections too."""
PAIRS = 8


@dataclass
class Arena:
    """One merchant, and one storefront of the merchant for each service."""

    doors: list[Storefront]
    database_url: str

    @property
    def shop(self) -> Storefront:
        """The storefront for the steps before and after the race."""
        return self.doors[0]

    async def rush(self, act: Act[T], things: Iterable[T]) -> list[httpx.Response]:
        """Run all calls at the same moment, and audit the database afterwards."""
        answers = await self.together(act, things)
        assert not [answer.text for answer in answers if answer.status_code >= 500]
        assert await audit(self.database_url) == []
        return answers

    async def together(self, act: Act[T], things: Iterable[T]) -> list[httpx.Response]:
        """Each call goes to the next service in turn."""
        starts = zip(cycle(self.doors), things, strict=False)
        return await asyncio.gather(*(act(door, thing) for door, thing in starts))

    async def duel(self, one: Act[T], other: Act[T], things: Sequence[T]) -> list[tuple[str, str]]:
        """Run both acts on each thing at the same moment, in alternating order; return the answers of each act."""
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
        """Orders as in `orders`, each with a claim that asked an hour ago to cancel both its units."""
        await self.orders(**changes)
        fields: dict[str, Any] = {"lines": BOTH, "requested_at": self.shop.clock().isoformat()}
        self.shop.clock.turn(hours=1)
        answers = await self.together(lambda shop, order: shop.ask("cancel", order_id=order, **fields), ORDERS)
        return {order: answer.json()["claim_id"] for order, answer in zip(ORDERS, answers, strict=True)}


BOTH = [{"line_id": "1", "quantity": 2}]
ORDERS = [f"order-{number}" for number in range(PAIRS)]


def tally(answers: Iterable[httpx.Response]) -> dict[str, int]:
    """The number of each answer: `{"200": 1, "409 illegal_transition": 31}`."""
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
"""Most races omit two processes on one SQLite file: a writer locks the whole file."""


@dataclass(frozen=True)
class Place:
    """A migrated database and the services on it. Without services the arena makes its own app."""

    database_url: str
    urls: tuple[str, ...] = ()


@pytest.fixture(params=[EVERYWHERE[0], *EVERYWHERE[2:]])
def place(request: pytest.FixtureRequest) -> Place:
    """Every race runs within one process and between two processes, on each kind of database."""
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
    """Uses `postgres_url` too, which deletes the rows of a race."""
    return _pair_on_postgres


@pytest.fixture(scope="session")
def _pair_on_postgres(worker_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with _pair(worker_database, tmp_path_factory.mktemp("pair")) as pair:
        yield pair


@pytest.fixture(scope="session")
def pair_on_sqlite(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Rows of earlier races stay. Each race has its own merchant."""
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
