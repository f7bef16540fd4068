"""Error codes, and not texts, separate a database that cannot be used now from a statement that is wrong."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.store.database import Database
from app.store.drivers import is_missing_table, is_temporary, translate_error
from app.store.migrate import upgrade
from app.store.statements import Statement


async def failure(url: str, sql: str) -> DBAPIError:
    database = Database(url, pool_size=1, statement_timeout_ms=50)
    try:
        with pytest.raises(DBAPIError) as failed:
            async with database.read() as tx:
                await tx.fetch(Statement(text(sql)))
    finally:
        await database.close()
    return failed.value


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_a_new_file_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    """The files beside it hold what was written last."""
    url = f"sqlite+aiosqlite:///{tmp_path}/new.db"
    await asyncio.to_thread(upgrade, url)
    database = Database(url)
    async with database.read():
        modes = modes_in(tmp_path)
    await database.close()
    assert modes == dict.fromkeys(("new.db", "new.db-shm", "new.db-wal"), 0o600)


async def test_a_statement_that_is_wrong_will_not_succeed_later(database_url: str) -> None:
    error = await failure(database_url, "SELECT 1 FROM no_such_table")
    assert is_missing_table(error)
    assert not is_temporary(error)


async def test_a_missing_column_is_not_a_missing_table(database_url: str) -> None:
    assert not is_missing_table(await failure(database_url, "SELECT no_such_column FROM merchants"))


async def test_a_statement_that_took_too_long_may_succeed_later(postgres_url: str) -> None:
    assert is_temporary(await failure(postgres_url, "SELECT pg_sleep(5)"))


async def test_a_file_that_cannot_be_opened_may_be_opened_later(tmp_path: Path) -> None:
    assert is_temporary(await failure(f"sqlite+aiosqlite:///{tmp_path}/none/recourse.db", "SELECT 1"))


def test_a_locked_file_may_be_free_later(tmp_path: Path) -> None:
    holder, waiter = (sqlite3.connect(tmp_path / "one.db", timeout=0, isolation_level=None) for _ in range(2))
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        waiter.execute("BEGIN IMMEDIATE")
    holder.close()
    waiter.close()
    assert is_temporary(translate_error(locked.value, "BEGIN IMMEDIATE"))
