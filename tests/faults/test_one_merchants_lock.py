"""A merchant whose requests wait for a lock: the waits end, and other merchants do not notice."""

import asyncio
from collections import Counter

from sqlalchemy import text

from app import clock
from app.store.database import Database
from tests.races.conftest import summary_of
from tests.storefront import Storefront, new_key, storefront


async def test_twelve_writers_on_one_locked_order_do_not_hold_up_another_merchant(postgres_url: str) -> None:
    rival = Database(postgres_url, pool_size=1)
    async with storefront(postgres_url, pool_size=5, statement_timeout_ms=5_000) as shop:
        await shop.push_order()
        merchant_id, token = await new_key(rival, clock.now())
        other = Storefront(shop.http, token, merchant_id)
        async with rival.engine.begin() as locking:
            await locking.execute(text("SELECT 1 FROM orders FOR UPDATE"))
            waiting = [asyncio.create_task(shop.ask("cancel")) for _ in range(12)]
            await asyncio.sleep(0.5)
            assert (await other.get("/v1/claims")).status_code == 200
            assert (await other.push_order())["order_id"] == "order-1"
            assert not [task for task in waiting if task.done()]
            answers = Counter(summary_of(answer) for answer in await asyncio.gather(*waiting))
        assert answers == {"503 database_unavailable": 12}
        assert (await shop.ask("cancel")).status_code == 201
    await rival.close()
