"""The answers of /healthz and /readyz, with a database and without a database."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.service.callers import Callers
from app.store.database import Database
from app.store.migrate import head
from tests.storefront import Storefront


async def test_healthz_says_alive_and_reads_nothing(shop: Storefront) -> None:
    answer = await shop.http.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_readyz_says_ready_and_names_the_migration_of_its_schema(shop: Storefront) -> None:
    answer = await shop.http.get("/readyz")
    no_worker = {"at_work": 0, "lost": 0, "last_turn_age_seconds": None}
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "migration": head(), "worker": no_worker})


GONE = {
    "no such host": "postgresql+asyncpg://u:p@nowhere.invalid/d",
    "nothing listens": "postgresql+asyncpg://u:p@127.0.0.1:1/d",
    "no such socket": "postgresql+asyncpg://u@/d?host=/nowhere",
    "no such directory": "sqlite+aiosqlite:////nowhere/recourse.db",
}


@pytest.mark.parametrize("url", GONE.values(), ids=GONE.keys())
async def test_without_its_database_the_service_is_alive_and_not_ready(
    service: FastAPI, sqlite_shop: Storefront, url: str
) -> None:
    app_state, database = service.state.app_state, Database(url)
    service.state.app_state = replace(app_state, database=database, callers=Callers(database, remember_seconds=0))
    assert (await sqlite_shop.http.get("/healthz")).status_code == 200
    for path in ("/readyz", "/v1/claims"):
        answer = await sqlite_shop.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
        assert "nowhere" not in answer.text
        assert ("retry-after" in answer.headers) == (path != "/readyz")
    await database.close()


async def test_with_a_schema_that_is_behind_the_service_is_not_ready(
    service: FastAPI, sqlite_shop: Storefront, tmp_path: Path
) -> None:
    blank = tmp_path / "blank.db"
    sqlite3.connect(blank).close()
    app_state, database = service.state.app_state, Database(f"sqlite+aiosqlite:///{blank}")
    service.state.app_state = replace(app_state, database=database)
    answer = await sqlite_shop.http.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "schema_behind")
    assert head() in answer.json()["detail"]
    await database.close()


async def test_with_a_schema_that_is_ahead_the_service_is_ready(service: FastAPI, sqlite_shop: Storefront) -> None:
    """During a rollout the new release migrates while the old one still serves."""
    database: Database = service.state.app_state.database
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    answer = await sqlite_shop.http.get("/readyz")
    assert (answer.status_code, answer.json()["migration"]) == (200, "later")
