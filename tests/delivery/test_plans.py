"""The worker's statements find their rows by an index, on tables that were empty when the worker started and that were
never analyzed. (The planner keeps a plan that it made for an empty table.)"""

import asyncio
from typing import Any

from sqlalchemy import text

from app.service.events.fanout import fan_out
from app.service.webhook_delivery import WebhookDispatcher
from app.store.database import Database
from app.store.migrate import upgrade
from app.webhooks.sender import Sender
from tests.delivery.conftest import open_desk
from tests.delivery.receiver import Receiver

EVENTS = 1500
BUSY = ("outbox", "feed", "deliveries", "attempts")


async def rows(database: Database, sql: str) -> list[Any]:
    async with database.engine.begin() as connection:
        result = await connection.execute(text(sql))
        return list(result) if result.returns_rows else []


async def read(database: Database) -> dict[str, int]:
    """Rows that were read from each table by a scan of the whole table, or by an index from the wrong end."""
    sql = "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_user_tables"
    return {row.relname: row.rows for row in await rows(database, sql) if row.relname in BUSY}


async def test_each_event_of_a_long_backlog_takes_few_reads(blank_postgres_url: str, receiver: Receiver) -> None:
    """The test has its own database: rows of other tests in the indexes change the planner's estimates."""
    await asyncio.to_thread(upgrade, blank_postgres_url)
    async with open_desk(blank_postgres_url) as desk:
        await desk.register(receiver)
        ids = "'0198c1f2-7d1c-7c3e-9a51-' || lpad(n::text, 12, '0')"
        values = f"'{desk.shop.merchant_id}', {ids}, 'order', 'o', 'order.delayed', now(), '{{}}'"
        await rows(desk.database, f"INSERT INTO notices SELECT {values} FROM generate_series(1, {EVENTS}) n")
        before = await read(desk.database)
        worker = Database(blank_postgres_url, pool_size=2)
        while await fan_out(worker, desk.shop.clock()):
            pass
        async with Sender(allow_private=True) as sender:
            courier = WebhookDispatcher(worker, sender, desk.shop.clock, concurrency=64)
            while await courier.run():
                pass
        await worker.close()
        assert len(receiver.received) == EVENTS
        after = await read(desk.database)  # the worker's connections have ended and sent their statistics
        per_event = {table: (after[table] - before[table]) / EVENTS for table in BUSY}
    assert {table: number for table, number in per_event.items() if number > 20} == {}
