"""The database stops while a worker works, and starts again."""

import asyncio
import signal
from pathlib import Path

import pytest

from app import clock
from tests.delivery.conftest import open_desk
from tests.delivery.receiver import open_receiver
from tests.faults.conftest import RestartableServer
from tests.faults.test_worker_killed import run_worker


@pytest.mark.postgres
async def test_a_worker_waits_for_its_database_and_goes_on(over_tcp: RestartableServer, tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with open_receiver() as receiver, open_desk(over_tcp.url) as desk:
        desk.shop.clock.instant = clock.now()
        await desk.register(receiver)
        with run_worker(over_tcp.url, log) as process:
            await desk.happen()
            await receiver.until(1)
            await asyncio.to_thread(over_tcp.stop, signal.SIGQUIT)
            while b"failed, will try again" not in log.read_bytes():  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)
            await asyncio.to_thread(over_tcp.start)
            await desk.happen(2)
            await receiver.until(3, within=60)
            assert process.poll() is None
    assert len(set(receiver.ids)) == 3
