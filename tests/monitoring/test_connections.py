"""The metrics of the connections to the database, in one process and in several."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from prometheus_client import REGISTRY

from app.store.database import Database
from tests.monitoring.rules import samples

ROOT = Path(__file__).parents[2]


def value_of(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0


async def test_connections_in_use_and_waits_for_one_are_counted(sqlite_url: str) -> None:
    names = ("in_use", "max", "wait_seconds_count")
    before = {name: value_of(f"recourse_db_connection{'' if 'wait' in name else 's'}_{name}") for name in names}

    def more(name: str) -> float:
        return value_of(f"recourse_db_connection{'' if 'wait' in name else 's'}_{name}") - before[name]

    database = Database(sqlite_url, pool_size=2)
    assert (more("max"), more("in_use")) == (2, 0)
    async with database.read(), database.read():
        assert (more("in_use"), more("wait_seconds_count")) == (2, 0)
        third = asyncio.create_task(_use(database))
        await asyncio.sleep(0.05)
        assert not third.done()
    await third
    assert (more("in_use"), more("wait_seconds_count")) == (0, 1)
    await database.close()
    assert more("max") == 0


async def _use(database: Database) -> None:
    async with database.read():
        pass


async def test_no_connection_that_cannot_be_made_counts_as_in_use() -> None:
    before = value_of("recourse_db_connections_in_use")
    database = Database("postgresql+asyncpg://u:p@127.0.0.1:1/d")
    try:
        await _use(database)
    except OSError:
        assert value_of("recourse_db_connections_in_use") == before
    else:
        raise AssertionError("nothing listens there")
    finally:
        await database.close()


HOLDS = """
import os, signal, sys
from app.telemetry import DB_CONNECTIONS
DB_CONNECTIONS.inc(7)
print("held", flush=True)
sys.stdin.read()
"""
SHOWS = "import sys; from app.telemetry import render_metrics; sys.stdout.write(render_metrics().decode())"


def test_connections_of_a_killed_process_are_not_counted(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    assert _shown(environment) == 7
    holder.kill()
    holder.communicate()
    assert _shown(environment) == 0


def _shown(environment: dict[str, str]) -> float:
    shown = subprocess.run(
        [sys.executable, "-c", SHOWS], env=environment, capture_output=True, text=True, check=True
    )  # fmt: skip
    return sum(value for name, _, value in samples(shown.stdout) if name == "recourse_db_connections_in_use")
