"""A worker that is dead is seen from outside: the ages are in the database, and the service reads them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app import clock
from app.records.api_key import Scope
from app.service.worker_turns import LOST_AFTER, WRITTEN_EVERY, WorkerTurns
from app.store.database import Database
from tests.faults.test_worker_killed import die, run_worker
from tests.monitoring.rules import fires, rules, samples, scrape_seconds, threshold
from tests.storefront import Storefront, storefront

DEAD, LOST = rules()["RecourseWorkerDead"], rules()["RecourseWorkerLost"]
AGE = "recourse_worker_last_turn_age_seconds"


@pytest.fixture
async def operations(database_url: str) -> AsyncIterator[Storefront]:
    async with storefront(database_url, scopes=frozenset({Scope.METRICS_READ})) as operations:
        yield operations


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


async def metrics(operations: Storefront) -> str:
    answer = await operations.get("/metrics")
    assert answer.status_code == 200
    return answer.text


async def ages(operations: Storefront) -> dict[str, float]:
    return {labels["loop"]: value for name, labels, value in samples(await metrics(operations)) if name == AGE}


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await look():  # noqa: ASYNC110 - what is waited for is in another process
            await asyncio.sleep(0.2)


async def seconds_pass(database: Database, seconds: float) -> None:
    """The stored turns are so much longer ago."""
    instant = "strftime('%Y-%m-%dT%H:%M:%f000+00:00', turned_at, '-{} seconds')"
    earlier = instant if database.is_sqlite else "turned_at - interval '{} seconds'"
    async with database.engine.begin() as connection:
        await connection.execute(text(f"UPDATE worker_turns SET turned_at = {earlier.format(seconds)}"))


async def test_a_killed_worker_is_seen_by_the_alert_and_a_new_one_ends_the_alert(
    operations: Storefront, database: Database, database_url: str, tmp_path: Path
) -> None:
    async def alarmed() -> bool:
        return fires(DEAD.expr, await metrics(operations))

    async def calm() -> bool:
        return not await alarmed()

    assert await alarmed()  # no worker has ever run
    with run_worker(database_url, tmp_path / "log") as process:
        await until(calm)
        await die(process)
    at_death = await ages(operations)
    assert {"deliver", "deadlines", "fan_out", "mail", "turns"} <= at_death.keys()

    async def all_have_grown() -> bool:
        later = await ages(operations)
        return all(later[loop] > age for loop, age in at_death.items())

    await until(all_have_grown)
    assert await calm()
    assert not fires(LOST.expr, await metrics(operations))
    await seconds_pass(database, threshold(DEAD.expr))
    await until(alarmed)
    assert fires(LOST.expr, await metrics(operations))
    ready = await operations.http.get("/readyz")
    assert ready.status_code == 200
    assert (ready.json()["worker"]["at_work"], ready.json()["worker"]["lost"]) == (0, 1)
    with run_worker(database_url, tmp_path / "log"):
        await until(calm)
        assert fires(LOST.expr, await metrics(operations))


def test_the_alert_fires_within_a_minute_of_the_kill() -> None:
    """The age is exact at each write, and the last write is before the kill."""
    assert threshold(DEAD.expr) + scrape_seconds() + DEAD.seconds < 60
    assert threshold(DEAD.expr) == LOST_AFTER >= 3 * WRITTEN_EVERY


async def test_a_worker_that_stops_in_order_is_not_missed(sqlite_url: str, tmp_path: Path) -> None:
    async with storefront(sqlite_url, scopes=frozenset({Scope.METRICS_READ})) as operations:
        await _stop_in_order(operations, sqlite_url, tmp_path)


async def _stop_in_order(operations: Storefront, database_url: str, tmp_path: Path) -> None:
    async def at_work() -> bool:
        return bool((await operations.http.get("/readyz")).json()["worker"]["at_work"])

    with run_worker(database_url, tmp_path / "log") as process:
        await until(at_work)
        process.terminate()
        assert await asyncio.to_thread(process.wait, 30) == 0

    async def none_is_known() -> bool:
        answer = await operations.http.get("/readyz")
        return bool(answer.json()["worker"] == {"at_work": 0, "lost": 0, "last_turn_age_seconds": None})

    await until(none_is_known)
    assert fires(DEAD.expr, await metrics(operations))
    assert not fires(LOST.expr, await metrics(operations))


async def test_turns_of_a_worker_that_is_long_gone_are_deleted_by_another(database: Database) -> None:
    async def known() -> set[str]:
        async with database.engine.begin() as connection:
            return set((await connection.execute(text("SELECT DISTINCT worker_id FROM worker_turns"))).scalars())

    gone, other = (WorkerTurns(database, clock.elapsed, worker_id) for worker_id in ("gone", "other"))
    gone.begin({"deliver": 61})
    other.begin({"deliver": 61, "mail": 301})
    await gone.write()
    await seconds_pass(database, 15 * 60 - 5)
    await other.write()
    assert await known() == {"gone", "other"}
    await seconds_pass(database, 5)
    await other.write()
    assert await known() == {"other"}
