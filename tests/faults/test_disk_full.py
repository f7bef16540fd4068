"""The disk of PostgreSQL is full while the service works, and has room again."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.store.migrate import upgrade
from tests import postgres
from tests.audit import audit
from tests.faults.load import load_on
from tests.faults.test_database_gone import health, summary_of
from tests.postgres import RACE_BUT_DO_NOT_LAST, server_home, start
from tests.serving import serving

_SIZE = "64m"


@dataclass
class SmallDisk:
    """`url` leads to a migrated database whose tables are on the disk. Its log of writes has room elsewhere."""

    place: Path
    url: str

    def fill(self) -> None:
        with (self.place / "ballast").open("wb", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12):
                _write_until_full(ballast.fileno(), bytes(size))

    def make_room(self) -> None:
        (self.place / "ballast").unlink()


def _write_until_full(file: int, block: bytes) -> None:
    try:
        while os.write(file, block):
            pass
    except OSError as error:
        assert error.strerror == "No space left on device"  # noqa: PT017 - the only way to fill a disk


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    with mounted(_SIZE) as place, server_home() as home:
        server = start(home, RACE_BUT_DO_NOT_LAST)
        account = postgres._service_account()
        assert account is not None
        os.chown(place, account.pw_uid, account.pw_gid)
        tables = place / "tables"
        tables.mkdir()
        os.chown(tables, account.pw_uid, account.pw_gid)
        server.sql(f"CREATE TABLESPACE small LOCATION '{tables}'", "CREATE DATABASE shop TABLESPACE small")
        upgrade(server.url_of("shop"))
        yield SmallDisk(place, server.url_of("shop"))


@contextmanager
def mounted(size: str) -> Iterator[Path]:
    """A disk of its own in memory. Only root may mount it, and not in every container."""
    place = Path(tempfile.mkdtemp(prefix="recourse-disk-"))
    try:
        if os.geteuid() != 0:
            pytest.skip("only root can mount a small disk")
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode:
            pytest.skip(f"this machine mounts no small disk: {mounted.stderr.strip()}")
        try:
            yield place
        finally:
            subprocess.run(["umount", str(place)], check=True)
    finally:
        shutil.rmtree(place)


@pytest.mark.postgres
async def test_while_the_disk_is_full_the_service_says_so_and_recovers_by_itself(
    small_disk: SmallDisk, tmp_path: Path
) -> None:
    with serving(small_disk.url, tmp_path / "log") as service:
        async with load_on(service.url, small_disk.url) as load:
            async with load.running():
                await load.promises(40)
                await asyncio.to_thread(small_disk.fill)
                async with asyncio.timeout(60):
                    while len(load.unwell) < 20:  # noqa: ASYNC110 - what is waited for is a number
                        await asyncio.sleep(0.01)
                assert (await health(service.url))["/healthz"] == 200
                await asyncio.to_thread(small_disk.make_room)
                await load.promises(40)
            assert {summary_of(answer) for answer in load.unwell} == {
                (503, "application/problem+json", "database_unavailable", "1")
            }
            assert load.lost == 0
            assert await health(service.url) == {"/healthz": 200, "/readyz": 200}
            assert await load.broken_promises() == []
            assert await load.unsettled() == []
            assert await audit(small_disk.url) == []
