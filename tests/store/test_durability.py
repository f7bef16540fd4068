"""What an answered write outlasts, on SQLite."""

from typing import Any

import pytest
from sqlalchemy import text

from app.main import create_app
from app.settings import Settings
from app.store.database import Database
from app.store.statements import Statement

NORMAL, FULL = 1, 2  # as SQLite numbers them


async def synchronous_of(database: Database) -> int:
    async with database.read() as tx:
        ((mode,),) = await tx.fetch(Statement(text("PRAGMA synchronous")))
        return int(mode)


@pytest.mark.parametrize(("given", "mode"), [({}, FULL), ({"sqlite_synchronous": "normal"}, NORMAL)])
async def test_a_commit_waits_for_the_disk_unless_the_settings_say_otherwise(
    sqlite_url: str, given: dict[str, Any], mode: int
) -> None:
    database: Database = create_app(Settings(database_url=sqlite_url, **given)).state.app_state.database
    assert await synchronous_of(database) == mode
    await database.close()


async def test_commands_that_are_run_by_hand_wait_for_the_disk(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    assert await synchronous_of(database) == FULL
    await database.close()
