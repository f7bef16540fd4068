"""Files that are sent to a real server: slowly, without an end, to a full disk, and while the service dies."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from app import clock
from app.files.store import LocalDisk
from app.service.file_keeping import sweep
from app.store.database import Database
from tests.faults.test_disk_full import mounted
from tests.files import MP4, PDF, add_file, bytes_of, photo, send_file
from tests.serving import Service, serving
from tests.storefront import Storefront, new_key

MIB = 1024 * 1024
BOUNDARY = "b"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


@asynccontextmanager
async def shop_at(service: Service, database_url: str) -> AsyncIterator[tuple[Storefront, str]]:
    """A shop that talks to the service over the network, and a claim."""
    database = Database(database_url)
    merchant_id, token = await new_key(database, clock.now())
    await database.close()
    async with httpx.AsyncClient(base_url=service.url, timeout=60) as http:
        shop = Storefront(http, token, merchant_id)
        await shop.push_order()
        yield shop, str((await shop.claim("cancel"))["claim_id"])


async def stream(shop: Storefront, claim_id: str, blocks: AsyncIterator[bytes]) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {shop.token}",
        "Idempotency-Key": str(uuid4()),
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    return await shop.http.post(f"/v1/claims/{claim_id}/files", content=blocks, headers=headers)


async def video(blocks: int, pause: float = 0) -> AsyncIterator[bytes]:
    """A form with a video, a mebibyte at a time."""
    yield HEAD + MP4
    for _ in range(blocks):
        await asyncio.sleep(pause)
        yield bytes(MIB)
    yield TAIL


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def listed(shop: Storefront, claim_id: str) -> list[Any]:
    return list((await shop.get(f"/v1/claims/{claim_id}/files")).json()["data"])


def peak_of(service: Service) -> int:
    """The most bytes of memory that the process has had so far."""
    status = Path(f"/proc/{service._running.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def test_thirty_megabytes_pass_through_a_bounded_memory(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    with serving(sqlite_url, tmp_path / "log", files_folder=folder) as service:
        async with shop_at(service, sqlite_url) as (shop, claim_id):
            await add_file(shop, claim_id, MP4)
            before = peak_of(service)
            answers = await asyncio.gather(*(stream(shop, claim_id, video(30)) for _ in range(3)))
            assert [answer.status_code for answer in answers] == [201] * 3
            assert answers[0].json()["size"] == 30 * MIB + len(MP4)
            assert peak_of(service) - before < 25 * MIB
            read = await bytes_of(shop, answers[0].json())
            assert len(read.content) == 30 * MIB + len(MP4)
            assert peak_of(service) - before < 25 * MIB


async def test_a_body_without_an_end_is_refused_and_nothing_is_kept(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    with serving(sqlite_url, tmp_path / "log", files_folder=folder) as service:
        async with shop_at(service, sqlite_url) as (shop, claim_id):
            answer = await stream(shop, claim_id, video(52))
            assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
            assert await listed(shop, claim_id) == []
            assert files_in(folder) == []


async def test_a_stranger_cannot_make_the_service_write(sqlite_url: str, tmp_path: Path) -> None:
    """The body is not read before the caller is known."""
    with serving(sqlite_url, tmp_path / "log", files_folder=tmp_path / "files") as service:
        async with shop_at(service, sqlite_url) as (shop, claim_id):
            shop.token = "rk_nobody"
            before = peak_of(service)
            answer = await stream(shop, claim_id, video(1))
            assert (answer.status_code, answer.json()["code"]) == (401, "invalid_api_key")
            assert peak_of(service) - before < 5 * MIB


async def test_an_upload_has_more_time_than_another_request(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path / "log", files_folder=tmp_path / "files", request_seconds=1) as service:
        async with shop_at(service, sqlite_url) as (shop, claim_id):
            assert (await stream(shop, claim_id, video(3, pause=0.6))).status_code == 201
    with serving(sqlite_url, tmp_path / "log2", files_folder=tmp_path / "files", upload_seconds=1) as service:
        async with shop_at(service, sqlite_url) as (shop, claim_id):
            with pytest.raises(httpx.TransportError):
                (await stream(shop, claim_id, video(4, pause=0.6))).raise_for_status()


@pytest.mark.postgres
async def test_a_service_that_dies_between_bytes_and_record_leaves_nothing_to_see(
    postgres_url: str, tmp_path: Path
) -> None:
    folder, database = tmp_path / "files", Database(postgres_url)
    with serving(postgres_url, tmp_path / "log", files_folder=folder) as service:
        async with shop_at(service, postgres_url) as (shop, claim_id):
            async with database.engine.begin() as rival:
                await rival.execute(text("SELECT 1 FROM orders FOR UPDATE"))
                sending = asyncio.ensure_future(send_file(shop, claim_id, photo()))
                while not files_in(folder):  # noqa: ASYNC110 - the service makes the file
                    await asyncio.sleep(0.01)
                service.kill()
                with pytest.raises(httpx.TransportError):
                    await sending
            service.start()
            assert await listed(shop, claim_id) == []
            store = LocalDisk(folder)
            assert await sweep(database, store, clock.now() + timedelta(minutes=59)) == 0
            assert len(files_in(folder)) == 1
            assert await sweep(database, store, clock.now() + timedelta(minutes=61)) == 1
            assert files_in(folder) == []
    await database.close()


async def test_a_full_disk_is_told_and_nothing_half_written_stays(sqlite_url: str, tmp_path: Path) -> None:
    with (
        mounted("1m") as folder,
        serving(sqlite_url, tmp_path / "log", files_folder=folder / "files") as service,
    ):
        async with shop_at(service, sqlite_url) as (shop, claim_id):
            answer = await stream(shop, claim_id, video(2))
            assert (answer.status_code, answer.json()["code"]) == (507, "file_store_full")
            assert files_in(folder) == []
            assert await listed(shop, claim_id) == []
            await add_file(shop, claim_id, PDF)


async def test_a_folder_that_cannot_be_written_is_told(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "a file"
    folder.write_text("no folder")
    with serving(sqlite_url, tmp_path / "log", files_folder=folder / "files") as service:
        async with shop_at(service, sqlite_url) as (shop, claim_id):
            answer = await send_file(shop, claim_id, PDF)
            assert (answer.status_code, answer.json()["code"]) == (503, "file_store_unavailable")
            assert answer.headers["retry-after"] == "5"


def log_with(log: Path, line: str) -> str:
    """The log, once it has `line`: the service logs a request after its answer has been sent."""
    deadline = time.monotonic() + 30
    while line not in (written := log.read_text()):
        assert time.monotonic() < deadline, written
        time.sleep(0.02)
    return written


async def test_only_the_service_can_read_the_bytes(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    with serving(sqlite_url, tmp_path / "log", files_folder=folder) as service:
        async with shop_at(service, sqlite_url) as (shop, claim_id):
            file = await add_file(shop, claim_id, PDF)
            (path,) = files_in(folder)
            assert path.relative_to(folder).parts == (shop.merchant_id, file["file_id"][-2:], file["file_id"])
            assert path.stat().st_mode & 0o777 == 0o600
            url = (await shop.get(f"/v1/claims/{claim_id}/files/{file['file_id']}")).json()["url"]
            assert (await shop.http.get(url)).status_code == 200
            log = await asyncio.to_thread(log_with, tmp_path / "log", "/files/{token}")
            assert url not in log
            path.unlink()
            gone = await shop.http.get(url)
            assert (gone.status_code, gone.json()["code"]) == (404, "invalid_file_link")
