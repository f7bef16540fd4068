"""A real worker is killed in the middle of an import. The next worker goes on, and nothing is imported twice."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app import clock
from app.store.database import Database
from tests.faults.test_worker_killed import die, run_worker
from tests.sheets import plain_rows, text_of, upload
from tests.storefront import Storefront, storefront


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Storefront]:
    """The clock shows the real time, which the worker uses."""
    async with storefront(database_url, files_folder=str(tmp_path / "files")) as opened:
        opened.clock.instant = clock.now()
        yield opened


async def read(shop: Storefront, made: dict[str, Any]) -> dict[str, Any]:
    return dict((await shop.get(f"/v1/order-imports/{made['import_id']}")).json())


async def progress(shop: Storefront, made: dict[str, Any], done: int) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (now := await read(shop, made))["done"] < done:  # noqa: ASYNC110 - the worker is another process
            await asyncio.sleep(0.02)
    return now


async def end_leases(url: str) -> None:
    database = Database(url, pool_size=1)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE order_imports SET leased_until = NULL"))
    await database.close()


async def carried_out_by_killed_workers(shop: Storefront, url: str, tmp_path: Path, *, orders: int, kills: int) -> None:
    made = await upload(shop, text_of(plain_rows(orders, qty=1)))
    await shop.post(f"/v1/order-imports/{made['import_id']}/start")
    folder = {"RECOURSE_FILES_FOLDER": str(tmp_path / "files")}
    done = 0
    for kill in range(kills):
        with run_worker(url, tmp_path / f"worker-{kill}.log", **folder) as worker:
            done = (await progress(shop, made, done + orders // (kills + 1)))["done"]
            await die(worker)
        assert (await read(shop, made))["state"] == "running"
        await end_leases(url)
    with run_worker(url, tmp_path / "last.log", **folder):
        ended = await progress(shop, made, orders)
        async with asyncio.timeout(30):
            while ended["state"] == "running":
                await asyncio.sleep(0.02)
                ended = await read(shop, made)
    assert (ended["state"], ended["new"], ended["refused"], ended["unchanged"]) == ("done", orders, 0, 0)
    listed = (await shop.get("/v1/orders", total=True, limit=1)).json()
    assert listed["total"]["count"] == orders
    database = Database(url, pool_size=1)
    async with database.engine.begin() as connection:
        twice = await connection.execute(
            text("SELECT order_id FROM payments GROUP BY order_id HAVING count(*) > 1 OR sum(captured) <> 12000")
        )
        assert list(twice) == []
    await database.close()
    assert not [file for file in (tmp_path / "files").rglob("*") if file.is_file()]


async def test_a_worker_is_killed_in_the_middle_of_an_import(
    shop: Storefront, database_url: str, tmp_path: Path
) -> None:
    await carried_out_by_killed_workers(shop, database_url, tmp_path, orders=300, kills=1)


@pytest.mark.soak
async def test_workers_are_killed_again_and_again_in_an_import_of_ten_thousand_orders(
    shop: Storefront, database_url: str, tmp_path: Path
) -> None:
    rounds = int(os.environ.get("ROUNDS", "30"))
    await carried_out_by_killed_workers(shop, database_url, tmp_path, orders=10_000, kills=min(rounds, 10))
