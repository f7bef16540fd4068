import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from app.records.claim import ClaimDues
from app.store import claims, refunds
from app.store.database import ATTEMPTS, Database, Tx
from app.store.statements import Statement
from app.store.tables import merchants
from app.telemetry import DB_RETRIES
from tests.store.rows import insert
from tests.storefront import Storefront

SAY = Statement(text("UPDATE merchants SET name = name || :suffix WHERE merchant_id = :merchant"))
NAMES = Statement(select(merchants.c.merchant_id, merchants.c.name))
RENAME = Statement(text("UPDATE merchants SET name = :name WHERE merchant_id = 'a'"))
SERIALIZABLE = Statement(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async for opened in _two_merchants(Database(database_url)):
        yield opened


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[Database]:
    async for opened in _two_merchants(Database(postgres_url)):
        yield opened


@pytest.fixture
async def impatient_sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """A database that waits for a lock for a hundredth of a second instead of ten seconds."""
    database = Database(sqlite_url)

    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 10")

    event.listen(database.engine.sync_engine, "connect", hurry)
    async for opened in _two_merchants(database):
        yield opened


async def _two_merchants(database: Database) -> AsyncIterator[Database]:
    async with database.engine.begin() as tx:
        for merchant in ("a", "b"):
            await tx.exec_driver_sql(insert("merchants", merchant_id=merchant, name=""))
    yield database
    await database.close()


async def say(tx: Tx, merchant: str, suffix: str) -> None:
    await tx.fetch(SAY, {"merchant": merchant, "suffix": suffix})


async def names(database: Database) -> dict[str, str]:
    async with database.read() as tx:
        return {row.merchant_id: row.name for row in await tx.fetch(NAMES)}


def raise_sqlstate(sqlstate: str) -> Statement:
    return Statement(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{sqlstate}'; END $$"))


def retries() -> float:
    return float(DB_RETRIES._value.get())


async def test_work_that_raises_leaves_nothing(database: Database) -> None:
    async def work(tx: Tx) -> None:
        await say(tx, "a", "x")
        raise KeyError("after the write")

    with pytest.raises(KeyError):
        await database.write(work)
    assert await names(database) == {"a": "", "b": ""}


async def test_work_that_is_cancelled_leaves_nothing_and_holds_nothing(database: Database) -> None:
    written = asyncio.Event()

    async def work(tx: Tx) -> None:
        await say(tx, "a", "x")
        written.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(database.write(work))
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(database.write(lambda tx: say(tx, "a", "y")), 5)
    assert await names(database) == {"a": "y", "b": ""}


async def test_two_transactions_that_wait_for_each_other_both_succeed(postgres: Database) -> None:
    """PostgreSQL ends one transaction after a second, and that work is run again."""
    both_hold_one = asyncio.Barrier(2)

    async def both(first: str, second: str, suffix: str) -> None:
        attempts = count()

        async def work(tx: Tx) -> None:
            await say(tx, first, suffix)
            if next(attempts) == 0:
                await both_hold_one.wait()
            await say(tx, second, suffix)

        await postgres.write(work)

    before = retries()
    await asyncio.gather(both("a", "b", "x"), both("b", "a", "y"))
    assert {merchant: sorted(name) for merchant, name in (await names(postgres)).items()} == {
        "a": ["x", "y"],
        "b": ["x", "y"],
    }
    assert retries() == before + 1


async def test_work_that_cannot_be_serialized_is_run_again(postgres: Database) -> None:
    attempts = count(1)

    async def work(tx: Tx) -> int:
        await tx.fetch(SERIALIZABLE)
        await tx.fetch(NAMES)
        attempt = next(attempts)
        if attempt == 1:
            await postgres.write(lambda rival: say(rival, "a", "first"))
        await say(tx, "a", "second")
        return attempt

    assert await postgres.write(work) == 2
    assert (await names(postgres))["a"] == "firstsecond"


async def test_a_database_that_is_busy_for_a_while_is_waited_for(impatient_sqlite: Database, sqlite_url: str) -> None:
    before = retries()
    rival = Database(sqlite_url)

    async def first(tx: Tx) -> asyncio.Task[None]:
        await say(tx, "a", "first")
        waiting = asyncio.create_task(impatient_sqlite.write(lambda tx: say(tx, "a", "second")))
        async with asyncio.timeout(5):
            while retries() == before:  # noqa: ASYNC110 - what is waited for is a number
                await asyncio.sleep(0.005)
        return waiting

    await (await rival.write(first))
    await rival.close()
    assert (await names(impatient_sqlite))["a"] == "firstsecond"


async def test_on_sqlite_a_writer_locks_the_file_from_its_beginning(sqlite_url: str) -> None:
    """The rows that the writer read do not change, and no work is run again."""
    runs = count()

    async def work(tx: Tx) -> None:
        next(runs)
        name = next(row.name for row in await tx.fetch(NAMES) if row.merchant_id == "a")
        await tx.fetch(RENAME, {"name": f"{name}x"})

    async for database in _two_merchants(Database(sqlite_url)):
        await asyncio.gather(*(database.write(work) for _ in range(8)))
        assert ((await names(database))["a"], next(runs)) == ("xxxxxxxx", 8)


async def test_a_race_that_is_lost_every_time_is_given_up(postgres: Database) -> None:
    attempts = count(1)

    async def work(tx: Tx) -> None:
        next(attempts)
        await tx.fetch(raise_sqlstate("40001"))

    with pytest.raises(DBAPIError) as caught:
        await postgres.write(work)
    assert (getattr(caught.value.orig, "sqlstate", None), next(attempts)) == ("40001", ATTEMPTS + 1)


@pytest.mark.parametrize("sqlstate", ["23505", "22012", "57014"])
async def test_what_would_fail_again_is_not_run_again(postgres: Database, sqlstate: str) -> None:
    attempts = count(1)

    async def work(tx: Tx) -> None:
        next(attempts)
        await tx.fetch(raise_sqlstate(sqlstate))

    with pytest.raises(DBAPIError):
        await postgres.write(work)
    assert next(attempts) == 2


async def test_a_statement_that_takes_too_long_is_ended(postgres_url: str) -> None:
    database = Database(postgres_url, statement_timeout_ms=50)
    with pytest.raises(DBAPIError, match="statement timeout"):
        await database.write(lambda tx: tx.fetch(Statement(text("SELECT pg_sleep(5)"))))
    await database.close()


async def test_a_snapshot_does_not_see_what_was_committed_after_it(database: Database) -> None:
    async with database.snapshot() as tx:
        seen = await tx.fetch(NAMES)
        await database.write(lambda rival: say(rival, "a", "x"))
        assert await tx.fetch(NAMES) == seen
    assert (await names(database))["a"] == "x"


async def test_a_claim_is_saved_only_over_the_version_that_was_seen(shop: Storefront, database_url: str) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    database = Database(database_url)

    async def save(tx: Tx, *, seen: int) -> bool:
        stored = await claims.load(tx, shop.merchant_id, claim["claim_id"])
        assert stored is not None
        moved = replace(stored, claim=replace(stored.claim, version=2))
        return await claims.save(tx, shop.merchant_id, moved, ClaimDues(due_at=None, wakes_at=None), seen=seen)

    assert not await database.write(lambda tx: save(tx, seen=0))
    assert await database.write(lambda tx: save(tx, seen=1))
    assert not await database.write(lambda tx: save(tx, seen=1))
    await database.close()


async def test_a_refund_is_saved_only_over_the_version_that_was_seen(shop: Storefront, database_url: str) -> None:
    await shop.push_order()
    claim = await shop.give(await shop.claim("cancel"), "approve")
    (refund,) = await shop.refunds_of(claim)
    database = Database(database_url)

    async def save(tx: Tx, *, seen: int) -> bool:
        stored = await refunds.load(tx, shop.merchant_id, refund["refund_id"])
        assert stored is not None
        before = replace(stored.refund, version=seen)
        return await refunds.save(tx, shop.merchant_id, before, replace(before, version=2))

    assert not await database.write(lambda tx: save(tx, seen=0))
    assert await database.write(lambda tx: save(tx, seen=1))
    assert not await database.write(lambda tx: save(tx, seen=1))
    await database.close()
