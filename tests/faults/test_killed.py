"""The service itself is killed or ended while it works."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.store.database import Database
from tests.audit import audit
from tests.faults.load import BOTH, load_on
from tests.serving import Service, serving


@pytest.mark.parametrize("end", [Service.kill, Service.terminate], ids=["killed", "terminated"])
async def test_an_answered_write_is_stored_and_an_unanswered_one_is_stored_whole_or_not_at_all(
    database_url: str, tmp_path: Path, end: Callable[[Service], None]
) -> None:
    with serving(database_url, tmp_path / "log") as service:
        async with load_on(service.url, database_url) as load:
            async with load.running():
                await load.promises(40)
                end(service)
                await asyncio.to_thread(service.wait)
            assert await audit(database_url) == []
            await asyncio.to_thread(service.start)
            assert await load.broken_promises() == []
            assert await load.unsettled() == []
            assert await audit(database_url) == []


async def test_a_service_that_gets_sigterm_finishes_the_requests_that_it_has_begun(
    database_url: str, tmp_path: Path
) -> None:
    database = Database(database_url)
    with serving(database_url, tmp_path / "log") as service:
        async with load_on(service.url, database_url) as load:
            await load.shop.push_order()
            async with database.engine.begin() as rival:
                if not database.is_sqlite:  # that is locked by the beginning alone
                    await rival.execute(text("SELECT * FROM orders FOR UPDATE"))
                asking = asyncio.create_task(load.shop.ask("cancel", lines=BOTH))
                await asyncio.sleep(0.3)
                service.terminate()
                await asyncio.sleep(0.3)
                assert not asking.done()
            answer = await asking
            await asyncio.to_thread(service.wait)
    await database.close()
    assert answer.status_code == 201
    assert await audit(database_url) == []
