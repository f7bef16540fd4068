"""Kills, restores and jumps of the clock, again and again under load (`make soak`), audited from outside."""

import asyncio
import random
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.engine import make_url

from app import clock
from app.settings import Settings
from app.worker import at_work
from tests import databases
from tests.audit import audit
from tests.delivery.conftest import open_desk
from tests.faults.load import load_on
from tests.faults.test_clock import Wall, failures_of
from tests.postgres import Server, program
from tests.rounds import ROUNDS, Promise
from tests.serving import serving

pytestmark = pytest.mark.soak


async def test_no_answered_write_is_lost_or_doubled_by_any_kill(database_url: str, tmp_path: Path) -> None:
    chance = random.Random(ROUNDS)
    with serving(database_url, tmp_path / "log") as service:
        async with load_on(service.url, database_url) as load:
            for round_ in range(ROUNDS):
                async with load.running():
                    await load.promises(chance.randrange(1, 60))
                    await asyncio.sleep(chance.random() / 20)
                    service.kill()
                assert await Promise(load).findings(database_url) == [], round_
                await asyncio.to_thread(service.start)
            assert await load.broken_promises() == []
            assert await load.unsettled() == []
            assert await Promise(load).findings(database_url) == []


async def test_every_backup_under_load_has_what_was_answered_before_it(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(ROUNDS)
    with serving(database_url, tmp_path / "log") as service:
        async with load_on(service.url, database_url) as load:
            for round_ in range(ROUNDS):
                async with load.running():
                    await load.promises(chance.randrange(1, 60))
                    promise = Promise(load)
                    if database_url.startswith("sqlite"):
                        restored = await asyncio.to_thread(sqlite_restored, database_url, tmp_path / f"{round_}.db")
                    else:
                        server: Server = request.getfixturevalue("postgres_server")
                        restored = await asyncio.to_thread(postgres_restored, server, database_url, tmp_path / "dump")
                assert await promise.findings(restored) == [], round_
            assert await load.broken_promises() == []


def sqlite_restored(url: str, copy: Path) -> str:
    with closing(sqlite3.connect(make_url(url).database or "")) as source, closing(sqlite3.connect(copy)) as to:
        source.backup(to)
    return databases.sqlite_url_of(copy)


def postgres_restored(server: Server, url: str, dump: Path) -> str:
    """A dump while others write. The copy of the round before is dropped."""
    database = str(make_url(url).database)
    copy = f"{database}_restored"
    source = server.libpq_url_of(database)
    subprocess.run([program("pg_dump"), "--format=custom", "--file", dump, source], check=True)
    server.sql(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)", f"CREATE DATABASE {copy} TEMPLATE template0")
    subprocess.run([program("pg_restore"), "--dbname", server.libpq_url_of(copy), dump], check=True)
    return server.url_of(copy)


async def test_no_jump_of_the_clock_ends_a_claim(database_url: str) -> None:
    """The clock jumps far ahead, and is then set back to an earlier time than it had before."""
    chance, wall, behind = random.Random(ROUNDS), Wall(), timedelta()
    settings = Settings(database_url=database_url, worker_poll_seconds=0.02)
    async with open_desk(database_url) as desk:
        desk.shop.clock.instant = clock.now()
        async with at_work(desk.database, settings, wall):
            for round_ in range(ROUNDS):
                await desk.shop.push_order(f"order-{round_}")
                claim = await desk.shop.claim("cancel", order_id=f"order-{round_}")
                before = failures_of("deadlines")
                wall.off = timedelta(days=chance.randrange(30, 400)) + behind
                async with asyncio.timeout(20):
                    while failures_of("deadlines") == before:  # noqa: ASYNC110 - a number is waited for
                        await asyncio.sleep(0.02)
                wall.off = behind = behind - timedelta(hours=chance.randrange(5))
                async with asyncio.timeout(60):  # each failure makes the worker wait longer, until one job succeeds
                    while REGISTRY.get_sample_value("recourse_clock_jump_seconds"):  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
                after = (await desk.shop.get(f"/v1/claims/{claim['claim_id']}")).json()
                assert (after["state"], after["escalated_at"]) == ("requested", None), round_
                await desk.shop.give(claim, "approve")
        assert await audit(database_url) == []
