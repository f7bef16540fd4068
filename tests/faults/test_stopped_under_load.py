"""The service is asked to stop while clients with keep-alive connections send one request after another."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.faults.test_stopped import AT_ONCE, two_processes
from tests.serving import Service, serving

CLIENTS = 24
REQUEST = b"GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n"


async def ask_until_refused(service: Service, ends: Counter[str]) -> None:
    """Requests on one connection until the service closes it, and then on a new one, until no connection is taken."""
    address = httpx.URL(service.url)
    while True:
        try:
            reader, writer = await asyncio.open_connection(address.host, address.port)
        except ConnectionRefusedError:
            ends["refused"] += 1
            return
        try:
            while True:
                writer.write(REQUEST)
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
                ends[head.split()[1].decode()] += 1
                if b"connection: close" in head.lower():
                    ends["told"] += 1
                    assert await reader.read() == b""
                    break
        finally:
            writer.close()


async def stop_under_load(service: Service) -> Counter[str]:
    ends: Counter[str] = Counter()
    clients = [asyncio.create_task(ask_until_refused(service, ends)) for _ in range(CLIENTS)]
    await asyncio.sleep(1)
    service.terminate()
    await asyncio.gather(*clients)
    assert await asyncio.to_thread(service.wait) == 0
    return ends


@pytest.mark.parametrize("round_", range(2))
async def test_every_request_is_answered_or_its_connection_refused(
    sqlite_url: str, tmp_path: Path, round_: int
) -> None:
    with serving(sqlite_url, tmp_path / "log", **AT_ONCE) as service:
        ends = await stop_under_load(service)
    assert (set(ends), ends["refused"]) == ({"200", "told", "refused"}, CLIENTS)
    assert ends["told"] >= CLIENTS


async def test_two_processes_answer_every_request_too(sqlite_url: str, tmp_path: Path) -> None:
    with two_processes(sqlite_url, tmp_path / "log") as service:
        ends = await stop_under_load(service)
    assert (set(ends), ends["refused"]) == ({"200", "told", "refused"}, CLIENTS)


async def test_half_a_head_is_refused_and_not_cut_off(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path / "log", **AT_ONCE) as service:
        address = httpx.URL(service.url)
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(REQUEST[:20])
        await asyncio.sleep(0.2)
        service.terminate()
        answer = await reader.read()
        writer.close()
        assert await asyncio.to_thread(service.wait) == 0
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"connection: close" in answer


async def test_a_connection_that_is_idle_closes_in_order(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path / "log", **AT_ONCE) as service:
        address = httpx.URL(service.url)
        reader, writer = await asyncio.open_connection(address.host, address.port)
        await asyncio.sleep(0.2)
        service.terminate()
        assert await reader.read() == b""
        writer.close()
        assert await asyncio.to_thread(service.wait) == 0
