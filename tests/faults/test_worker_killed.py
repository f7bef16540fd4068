"""A real worker process is killed at each point between a commit and the record of its delivery. The committed event
still arrives, under the same id."""

import asyncio
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app import clock
from tests.delivery.conftest import Desk, open_desk, path_of
from tests.delivery.receiver import Received, Receiver, Reply, open_receiver
from tests.serving import recourse

WORKER = {
    "RECOURSE_WEBHOOK_ALLOW_PRIVATE": "true",
    "RECOURSE_WORKER_POLL_SECONDS": "0.05",
    "RECOURSE_LOG_LEVEL": "debug",
}


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """The desk starts no worker, and its clock shows the real time, which the processes use."""
    async with open_desk(database_url) as desk:
        desk.shop.clock.instant = clock.now()
        yield desk


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as receiver:
        yield receiver


@contextmanager
def run_worker(database_url: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """One worker process. It is killed at the end if it still runs."""
    process = recourse("worker", database_url, log, **WORKER, **environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


async def die(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    await asyncio.to_thread(process.wait, 30)


async def rows(desk: Desk, sql: str) -> list[Any]:
    async with desk.database.engine.begin() as connection:
        return list(await connection.execute(text(sql)))


async def wait_until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await look():  # noqa: ASYNC110 - what is waited for is in another process
            await asyncio.sleep(0.02)


async def a_minute_later(desk: Desk) -> None:
    """End the leases of the killed worker."""
    async with desk.database.engine.begin() as connection:
        await connection.execute(text("UPDATE deliveries SET leased_until = '2026-01-01T00:00:00.000000+00:00'"))


@asynccontextmanager
async def fan_out_held_in_the_middle(desk: Desk) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """While the block runs, a worker that publishes stops after its write to the feed. Yields a function that
    returns whether a worker has stopped there."""
    hold = _hold_on_sqlite if desk.database.is_sqlite else _hold_on_postgres
    async with hold(desk) as somebody_has:
        yield somebody_has


@asynccontextmanager
async def _hold_on_postgres(desk: Desk) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'deliveries'::regclass"

    async def somebody_waits() -> bool:
        return bool(await rows(desk, waits))

    async with desk.database.engine.begin() as connection:
        await connection.execute(text("LOCK TABLE deliveries IN EXCLUSIVE MODE"))
        yield somebody_waits


@asynccontextmanager
async def _hold_on_sqlite(desk: Desk) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """A trigger that counts for a minute holds the writer in its transaction."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)"
    async with desk.database.engine.begin() as connection:
        await connection.execute(
            text(f"CREATE TRIGGER slow AFTER INSERT ON feed BEGIN {numbers} SELECT count(*) FROM n; END")
        )

    file = sqlite3.connect(desk.database.engine.url.database or "", timeout=0, isolation_level=None)

    async def somebody_writes() -> bool:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        file.execute("ROLLBACK")
        return False

    yield somebody_writes
    file.close()
    async with desk.database.engine.begin() as connection:
        await connection.execute(text("DROP TRIGGER slow"))


async def test_a_worker_is_killed_before_the_commit_of_the_events_that_it_publishes(
    desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    await desk.register(receiver)
    await desk.happen(3)
    async with fan_out_held_in_the_middle(desk) as somebody_is_there:
        with run_worker(database_url, tmp_path / "log") as process:
            await wait_until(somebody_is_there)
            await die(process)
    assert receiver.received == []
    with run_worker(database_url, tmp_path / "log"):
        await receiver.until(3)
    assert sorted(receiver.ids) == sorted(event["event_id"] for event in await desk.feed())
    assert [event["position"] for event in await desk.feed()] == [1, 2, 3]


async def test_a_worker_is_killed_after_the_commit_and_before_it_sends(
    desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    """Two are leased at once, and the second waits for its turn under a rate of one a second."""
    endpoint = await desk.register(receiver, rate_limit=1)
    await desk.happen(2)

    async def answer(_: Received) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError("nobody answers")

    receiver.answer = answer
    with run_worker(database_url, tmp_path / "log") as process:
        await receiver.until(1)
        await die(process)
    (before,) = receiver.ids
    receiver.always(204)
    await a_minute_later(desk)
    with run_worker(database_url, tmp_path / "log"):
        await receiver.until(3)
        await wait_until(lambda: is_delivered(desk, endpoint, 2))
    assert receiver.ids.count(before) == 2
    assert set(receiver.ids) == {event["event_id"] for event in await desk.feed()}


async def is_delivered(desk: Desk, endpoint: dict[str, Any], count: int) -> bool:
    deliveries = await desk.deliveries(endpoint, status="delivered")
    return len(deliveries) == count


async def test_a_worker_is_killed_after_the_commit_and_before_it_leases(
    desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    endpoint = await desk.register(receiver, paused=True)
    await desk.happen(2)

    async def both_delivered() -> bool:
        return len(await desk.deliveries(endpoint)) == 2

    with run_worker(database_url, tmp_path / "log") as process:
        await wait_until(both_delivered)
        await die(process)
    await desk.shop.patch(path_of(endpoint), {"paused": False})
    assert receiver.received == []
    with run_worker(database_url, tmp_path / "log"):
        await receiver.until(2)


async def test_a_worker_is_killed_after_it_has_sent_and_before_the_answer(
    desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    """The consumer has the event, and its answer is lost. The consumer receives the same event again, under the same
    id, after the lease of the killed worker has ended."""
    endpoint = await desk.register(receiver)
    await desk.happen()
    release = asyncio.Event()

    async def answer(_: Received) -> Reply:
        await release.wait()
        return Reply()

    receiver.answer = answer
    with run_worker(database_url, tmp_path / "log") as process:
        await receiver.until(1)
        await die(process)
    release.set()
    with run_worker(database_url, tmp_path / "log"):
        await asyncio.sleep(1)
        assert len(receiver.received) == 1
        await a_minute_later(desk)
        await receiver.until(2)
        await wait_until(lambda: is_delivered(desk, endpoint, 1))
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    (delivery,) = await desk.deliveries(endpoint)
    assert delivery["attempts"] == 1


async def test_a_worker_that_gets_sigterm_finishes_the_deliveries_that_it_sends(
    desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    endpoint = await desk.register(receiver)
    await desk.happen()

    async def answer(_: Received) -> Reply:
        process.terminate()
        await asyncio.sleep(0.5)
        return Reply()

    receiver.answer = answer
    with run_worker(database_url, tmp_path / "log") as process:
        assert await asyncio.to_thread(process.wait, 30) == 0
    assert await is_delivered(desk, endpoint, 1)


async def test_a_worker_that_gets_sigterm_returns_the_deliveries_without_an_answer(
    desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    endpoint = await desk.register(receiver)
    await desk.happen()

    async def answer(_: Received) -> Reply:
        process.terminate()
        await asyncio.Event().wait()
        raise AssertionError("nobody answers")

    receiver.answer = answer
    with run_worker(database_url, tmp_path / "log") as process:
        assert await asyncio.to_thread(process.wait, 30) == 0
    receiver.always(204)
    with run_worker(database_url, tmp_path / "log"):  # at once: there is no lease to wait for
        await receiver.until(2, within=10)
        await wait_until(lambda: is_delivered(desk, endpoint, 1))


async def test_two_workers_send_each_event_once(
    desk: Desk, receiver: Receiver, database_url: str, tmp_path: Path
) -> None:
    endpoint = await desk.register(receiver)
    with run_worker(database_url, tmp_path / "one"), run_worker(database_url, tmp_path / "other"):
        for _ in range(6):
            await desk.happen(10)
            desk.shop.clock.turn(seconds=0.1)
        await receiver.until(60)
        await wait_until(lambda: is_delivered(desk, endpoint, 60))
    assert len(receiver.ids) == len(set(receiver.ids)) == 60
