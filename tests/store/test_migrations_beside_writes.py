"""A service writes while a filled database is migrated. No write waits for long."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from app.store.migrate import head, upgrade
from app.store.online import LOCK_TIMEOUT_MS
from tests.store.rows import fill, run

FILLED_AT = "0008"
"""The first release is 0009, and so no database was filled before."""
ROWS = 20_000
MARGIN = 1.5
"""Seconds for the statements themselves, on a busy machine."""
READING = 4.0
"""Seconds that somebody reads every table: longer than a write may wait. A migration must not wait for that with a
lock, or let others wait."""

OWED = (
    '{"amounts":{"steps":[{"code":"not_captured","amount":-5},{"code":"return_fee","amount":-3000}],"buyer_owes":0},'
    '"buyer_payment":{"payment_id":"p"},"offers":[{"status":"open"}],"hold":null}'
)
COPIES = {
    "orders": "'order_id', 'o-' || n",
    "order_lines": "'order_id', 'o-' || n",
    "payments": "'order_id', 'o-' || n, 'method', CASE WHEN n % 5 = 0 THEN 'konbini' ELSE 'card' END",
    "claims": f"'order_id', 'o-' || n, 'claim_id', 'c-' || n, 'document', CASE WHEN n % 20 = 0 THEN '{OWED}' END",
    "refunds": (
        "'order_id', 'o-' || n, 'claim_id', 'c-' || n, 'refund_id', 'r-' || n, 'idempotency_key', 'i-' || n,"
        " 'late_interest_percent', 15, 'status', CASE n % 3 WHEN 0 THEN 'failed' WHEN 1 THEN 'succeeded' END"
    ),
}
WRITES = (
    "UPDATE orders SET updated_at = now() WHERE merchant_id = 'm' AND order_id = 'o-{n}'",
    "UPDATE order_lines SET credited = credited + 1 WHERE merchant_id = 'm' AND order_id = 'o-{n}'",
    "UPDATE payments SET refunded = refunded WHERE merchant_id = 'm' AND order_id = 'o-{n}'",
    "UPDATE claims SET updated_at = now() WHERE merchant_id = 'm' AND claim_id = 'c-{n}'",
    "UPDATE refunds SET attempts = attempts + 1 WHERE merchant_id = 'm' AND refund_id = 'r-{n}'",
    (
        "INSERT INTO notices (merchant_id, event_id, subject, subject_id, type, at, data)"
        " VALUES ('m', 'n-{n}-{turn}', 'order', 'o-{n}', 'order.shipped', now(), '{{}}')"
    ),
)


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


async def put_rows(url: str) -> None:
    upgraded = asyncio.to_thread(upgrade, url, FILLED_AT)
    await upgraded
    await run(url, fill)
    async with connect(url) as connection:
        await connection.execute("SET session_replication_role = replica")
        for table, changes in COPIES.items():
            copy = f"jsonb_populate_record(row, jsonb_strip_nulls(jsonb_build_object({changes})))"
            await connection.execute(
                f"INSERT INTO {table} SELECT ({copy}).* FROM {table} row, generate_series(1, {ROWS}) n"
            )
        await connection.execute("ANALYZE")


async def write(url: str, template: str, stop: asyncio.Event) -> tuple[float, int]:
    """The longest write in seconds, and how many there were."""
    longest, turn = 0.0, 0
    async with connect(url) as connection:
        while not stop.is_set():
            turn += 1
            began = time.monotonic()
            await connection.execute(template.format(n=random.randint(1, ROWS), turn=turn))
            longest = max(longest, time.monotonic() - began)
            await asyncio.sleep(0.02)
    return longest, turn


async def read(url: str, stop: asyncio.Event) -> None:
    """Somebody reads every table in a long transaction, now and again."""
    async with connect(url) as connection:
        while not stop.is_set():
            async with connection.transaction():
                for table in COPIES:
                    await connection.execute(f"SELECT count(*) FROM {table}")
                await pause(READING, stop)
            await pause(2 * READING, stop)


async def pause(seconds: float, stop: asyncio.Event) -> None:
    """Seconds without work, or less at the end of the migration."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


@pytest.mark.postgres
async def test_no_write_waits_for_a_migration_longer_than_its_lock_timeout(blank_postgres_url: str) -> None:
    url = blank_postgres_url
    await put_rows(url)
    stop = asyncio.Event()
    writers = [asyncio.create_task(write(url, template, stop)) for template in WRITES]
    reader = asyncio.create_task(read(url, stop))
    await asyncio.sleep(0.5)
    await asyncio.to_thread(upgrade, url)
    stop.set()
    longest = dict(zip(WRITES, await asyncio.gather(*writers), strict=True))
    await reader
    bound = LOCK_TIMEOUT_MS / 1000 + MARGIN
    assert bound < READING
    assert {sql: seconds for sql, (seconds, _) in longest.items() if seconds > bound} == {}
    assert min(turns for _, turns in longest.values()) > 10
    async with connect(url) as connection:
        assert await connection.fetchval("SELECT version_num FROM alembic_version") == head()
        unchecked = "SELECT conname FROM pg_constraint WHERE NOT convalidated"
        unfinished = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
        assert await connection.fetch(unchecked) + await connection.fetch(unfinished) == []
