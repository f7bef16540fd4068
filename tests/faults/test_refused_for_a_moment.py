"""The database refuses for a moment while a worker works: nothing is told by less, and nothing is held up for good."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.service.deadlines import fire_due
from app.service.events.event import PublishedEvent
from app.service.events.fanout import fan_out
from app.service.messages import compose
from app.service.schema import NewerSchemaError
from app.store.database import Database, Tx
from app.store.documents import CLAIMS
from app.store.statements import Statement
from tests.messages.claim_messages import MUGS, SHOP
from tests.storefront import Storefront, storefront


@asynccontextmanager
async def worker_on(url: str, *, patience_ms: int = 0) -> AsyncIterator[Database]:
    """The database of a worker, whose statements may wait so long."""
    database = Database(url, pool_size=1, statement_timeout_ms=patience_ms)
    try:
        yield database
    finally:
        await database.close()


def hasty_worker_on(url: str) -> AbstractAsyncContextManager[Database]:
    return worker_on(url, patience_ms=300)


@asynccontextmanager
async def rival(url: str, locking: str) -> AsyncIterator[None]:
    """Somebody else's transaction, which holds locks."""
    database = Database(url, pool_size=1)
    async with database.engine.begin() as connection:
        await connection.execute(text(locking))
        yield
    await database.close()


async def feed(shop: Storefront) -> list[dict[str, Any]]:
    return list((await shop.get("/v1/events")).json()["data"])


async def messages_of(shop: Storefront) -> int:
    return sum(len(event["body"]["data"]["messages"]) for event in await feed(shop))


async def happen(shop: Storefront) -> None:
    """A claim whose event has a message for the buyer and one for the seller."""
    await shop.put("/v1/shop", SHOP)
    await shop.push_order(**MUGS)
    await shop.claim("cancel")


@pytest.mark.parametrize("table", ["messages", "shops", "buyers", "message_templates", "orders", "claims"])
async def test_a_lock_that_outlasts_a_statement_delays_an_event_and_costs_no_message(
    postgres_url: str, table: str
) -> None:
    async with storefront(postgres_url) as shop:
        await happen(shop)
        async with hasty_worker_on(postgres_url) as worker, rival(postgres_url, f"LOCK TABLE {table}"):
            with pytest.raises(DBAPIError):
                await fan_out(worker, shop.clock(), compose=compose)
        async with worker_on(postgres_url) as worker:
            assert await fan_out(worker, shop.clock(), compose=compose) == 1
        assert await messages_of(shop) == 2


async def test_a_full_database_delays_an_event_and_costs_no_message(sqlite_url: str) -> None:
    async with storefront(sqlite_url) as shop:
        await happen(shop)
        with closing(sqlite3.connect(sqlite_url.partition(":///")[2])) as file:
            file.execute("VACUUM")  # the file keeps no free pages
        async with worker_on(sqlite_url) as worker:
            await pragma(worker, "max_page_count = 1")  # as many as there are
            with pytest.raises(DBAPIError, match="full"):
                await fan_out(worker, shop.clock(), compose=compose)
            await pragma(worker, "max_page_count = 1000000")
            assert await fan_out(worker, shop.clock(), compose=compose) == 1
        assert await messages_of(shop) == 2


async def pragma(database: Database, assignment: str) -> None:
    async with database.read() as tx:
        await tx.fetch(Statement(text(f"PRAGMA {assignment}")))


def too_many_files() -> None:
    raise OSError(24, "Too many open files")


def no_memory() -> None:
    raise MemoryError


@pytest.mark.parametrize("refuse", [too_many_files, no_memory])
async def test_a_machine_that_is_short_of_something_delays_an_event(
    shop: Storefront, database_url: str, refuse: Callable[[], None]
) -> None:
    is_short = True

    async def compose_on_that_machine(tx: Tx, event: PublishedEvent) -> list[dict[str, Any]]:
        if is_short:
            refuse()
        return await compose(tx, event)

    await happen(shop)
    async with worker_on(database_url) as worker:
        with pytest.raises((OSError, MemoryError)):
            await fan_out(worker, shop.clock(), compose=compose_on_that_machine)
        is_short = False
        assert await fan_out(worker, shop.clock(), compose=compose_on_that_machine) == 1
    assert await messages_of(shop) == 2


async def test_an_old_worker_leaves_what_it_cannot_read_to_a_newer_release(shop: Storefront, database_url: str) -> None:
    """In a rollout the new service writes, and an old worker does not know all that is written."""
    await happen(shop)
    async with worker_on(database_url) as worker:
        async with as_a_newer_release_writes(worker):
            with pytest.raises(NewerSchemaError):
                await fan_out(worker, shop.clock(), compose=compose)
            assert await feed(shop) == []
        assert await fan_out(worker, shop.clock(), compose=compose) == 1
    assert await messages_of(shop) == 2


@asynccontextmanager
async def as_a_newer_release_writes(database: Database) -> AsyncIterator[None]:
    """A migration that this code does not know, and claims in a version that it does not know."""
    today, later = f'{{"v":{CLAIMS.newest},', '{"v":99,'
    async with database.engine.begin() as connection:
        (revision,) = (await connection.execute(text("SELECT version_num FROM alembic_version"))).one()
        await connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        await connection.execute(REWRITE, {"old": today, "new": later})
    yield
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :old"), {"old": revision})
        await connection.execute(REWRITE, {"old": later, "new": today})


REWRITE = text("UPDATE claims SET document = replace(document, :old, :new)")


async def test_a_deadline_that_meets_a_lock_delays_no_other(postgres_url: str) -> None:
    """The rival holds the claim alone, as an operator may who looks at a row. It cannot even be postponed."""
    async with storefront(postgres_url) as shop:
        for number in range(2):
            await shop.push_order(f"order-{number}")
        locked, free = [await shop.claim("cancel", order_id=f"order-{number}") for number in range(2)]
        shop.clock.turn(days=10)
        locking = f"SELECT 1 FROM claims WHERE claim_id = '{locked['claim_id']}' FOR UPDATE"
        async with hasty_worker_on(postgres_url) as worker, rival(postgres_url, locking):
            with pytest.raises(DBAPIError):
                await fire_due(worker, shop.clock())
        assert [await is_escalated(shop, claim) for claim in (locked, free)] == [False, True]
        async with worker_on(postgres_url) as worker:
            assert await fire_due(worker, shop.clock()) >= 1
        assert await is_escalated(shop, locked)


async def is_escalated(shop: Storefront, claim: dict[str, Any]) -> bool:
    return (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["escalated_at"] is not None
