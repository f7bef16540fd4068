"""The service is asked to stop, or its parent process dies."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.serving import Service, serving

AT_ONCE = {"embedded_worker": False}


def test_a_service_that_is_asked_to_stop_ends_without_an_error(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path / "log", **AT_ONCE) as service:
        service.terminate()
        assert service.wait() == 0


@contextmanager
def two_processes(url: str, log: Path) -> Iterator[Service]:
    """The port is chosen here: with several processes nobody logs it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"RECOURSE_WORKERS": "2", "RECOURSE_EMBEDDED_WORKER": "false"}
    service = Service(url, log, settings, url=f"http://127.0.0.1:{port}")
    service.launch()
    try:
        deadline = time.monotonic() + 60
        while log.read_bytes().count(b"startup complete") < 2:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield service
    finally:
        service.stop()


def test_a_service_of_two_processes_that_is_asked_to_stop_ends_without_an_error(
    sqlite_url: str, tmp_path: Path
) -> None:
    with two_processes(sqlite_url, tmp_path / "log") as service:
        service.terminate()
        assert service.wait() == 0


def test_half_a_body_does_not_hold_the_stop(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path / "log", shutdown_seconds=1, request_seconds=300, **AT_ONCE) as service:
        asyncio.run(stop_during_a_request(service))


async def stop_during_a_request(service: Service) -> None:
    address = httpx.URL(service.url)
    _, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(
        b"PUT /v1/orders/o HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"
    )
    await writer.drain()
    await asyncio.sleep(0.2)
    service.terminate()
    assert await asyncio.to_thread(service.wait) == 0
    writer.close()


async def test_the_processes_of_a_service_end_with_their_parent(sqlite_url: str, tmp_path: Path) -> None:
    with two_processes(sqlite_url, tmp_path / "log") as service:
        children = children_of(service)
        assert len(children) >= 2
        service.kill()
        try:
            async with asyncio.timeout(30):
                while any(is_running(child) for child in children):  # noqa: ASYNC110 - other processes
                    await asyncio.sleep(0.05)
        finally:
            for child in filter(is_running, children):
                os.kill(child, signal.SIGKILL)


def children_of(service: Service) -> list[int]:
    """The processes that serve, and multiprocessing's own."""
    pid = service._running.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
