"""A database that answers reads and takes no writes: /readyz says so, and a write is answered with what is wrong."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.service.callers import Callers
from app.store.database import Database
from app.store.migrate import downgrade, upgrade
from app.store.statements import Statement
from tests.postgres import Server
from tests.storefront import ORDER, Storefront, storefront

UNAVAILABLE, READY = (503, "database_unavailable"), (200, "")
OLD = "0011"


def summary_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def readiness(shop: Storefront) -> tuple[int, str]:
    await asyncio.sleep(1.1)  # after a write the service is ready for a second without another one
    return summary_of(await shop.http.get("/readyz"))


async def push(shop: Storefront, order_id: str = "order-1") -> tuple[int, str]:
    return summary_of(await shop.put(f"/v1/orders/{order_id}", ORDER))


@pytest.fixture
async def one_connection(service: FastAPI, sqlite_shop: Storefront, sqlite_url: str) -> AsyncIterator[Database]:
    """The database of the storefront's service, which has one connection, so that a pragma is for all statements."""
    state, database = service.state.app_state, Database(sqlite_url, pool_size=1)
    callers = Callers(database, remember_seconds=0)
    service.state.app_state = replace(state, database=database, callers=callers)
    yield database
    await database.close()


async def pragma(database: Database, assignment: str) -> None:
    async with database.read() as tx:
        await tx.fetch(Statement(text(f"PRAGMA {assignment}")))


@contextmanager
def read_only(server: Server, url: str) -> Iterator[None]:
    """After a failover the address may lead to a server that takes no writes."""
    name = make_url(url).database
    ends = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    server.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on", ends)
    try:
        yield
    finally:
        server.sql(f"ALTER DATABASE {name} RESET default_transaction_read_only", ends)


async def test_with_a_read_only_server_the_service_is_not_ready(
    postgres_server: Server, postgres_url: str, postgres_shop: Storefront
) -> None:
    with read_only(postgres_server, postgres_url):
        assert await readiness(postgres_shop) == UNAVAILABLE
        assert await push(postgres_shop) == UNAVAILABLE
        assert summary_of(await postgres_shop.get("/v1/claims")) == READY
    assert await readiness(postgres_shop) == READY


async def test_with_a_read_only_file_the_service_is_not_ready(
    one_connection: Database, sqlite_shop: Storefront
) -> None:  # fmt: skip
    await pragma(one_connection, "query_only = on")
    assert await readiness(sqlite_shop) == UNAVAILABLE
    await pragma(one_connection, "query_only = on")  # a connection that cannot begin is replaced
    assert await push(sqlite_shop) == UNAVAILABLE
    assert await readiness(sqlite_shop) == READY


async def test_with_a_full_disk_the_service_is_not_ready_until_a_write_succeeds(
    one_connection: Database, sqlite_shop: Storefront
) -> None:
    await pragma(one_connection, "max_page_count = 1")  # as many as there are
    number = 0
    while (answer := await push(sqlite_shop, f"order-{number}")) == (201, ""):
        number += 1
    assert answer == UNAVAILABLE
    assert await readiness(sqlite_shop) == UNAVAILABLE
    await pragma(one_connection, "max_page_count = 1000000")
    assert await push(sqlite_shop, f"order-{number}") == (201, "")
    assert await readiness(sqlite_shop) == READY


@asynccontextmanager
async def behind(url: str) -> AsyncIterator[Storefront]:
    """New code on an old schema."""
    await asyncio.to_thread(upgrade, url)
    async with storefront(url) as shop:
        await asyncio.to_thread(downgrade, url, OLD)
        yield shop


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_with_a_schema_that_is_behind_a_write_says_so(request: pytest.FixtureRequest, kind: str) -> None:
    url: str = request.getfixturevalue(f"blank_{kind}_url")
    async with behind(url) as shop:
        assert await readiness(shop) == (503, "schema_behind")
        answer = await shop.put("/v1/orders/order-1", ORDER)
        assert summary_of(answer) == (503, "schema_behind")
        assert answer.json()["params"]["revision"] == OLD
        await asyncio.to_thread(upgrade, url)
        assert await push(shop) == (201, "")


async def test_a_migration_under_way_does_not_make_the_service_unready(
    postgres_url: str, postgres_shop: Storefront
) -> None:
    rival = Database(postgres_url, pool_size=1)
    async with rival.engine.begin() as migration:
        await migration.execute(text("SELECT 1 FROM alembic_version FOR UPDATE"))
        assert await readiness(postgres_shop) == READY
    await rival.close()
