"""`make bench-deliveries`: one worker's deliveries a second to a local receiver, next to a bare loop of httpx that
posts the same signed bodies to it, and how much memory the worker takes while a backlog drains.

The receiver is a process of its own and answers 204. The worker takes the events out of the outbox first, while
the endpoint is paused, and then delivers all of them; the bare loop goes before and after. Everything shares the
cores.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import httpx
import uvicorn
from sqlalchemy import text

from app import clock
from app.records.endpoint import Endpoint
from app.service import endpoints
from app.service.callers import Caller
from app.service.endpoints import NewEndpoint, signing_secrets
from app.store import feed
from app.store.database import Database
from app.store.migrate import upgrade
from app.store.tables import claim_events, claims
from app.webhooks import signature
from app.webhooks.addresses import Reach
from tests.postgres import Server, running_postgres
from tests.storefront import storefront

CONCURRENCY = 64
BARE = 8
"""Where httpx is fastest: with 64 connections its pool takes three times as long for each post."""
_ANSWER = b"HTTP/1.1 204 so\r\ncontent-length: 0\r\n\r\n"


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.deliveries", description=__doc__)
    options.add_argument("--events", type=int, default=100_000, help="how large the backlog is")
    options.add_argument("--bare", type=int, default=10_000, help="posts of each turn of the bare loop")
    options.add_argument("--receive", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.receive:
        asyncio.run(_receive())
        return
    factory = uvicorn.Config("").get_loop_factory()  # as the worker's
    with (
        tempfile.TemporaryDirectory(prefix="recourse-bench-") as folder,
        _receiver() as url,
        running_postgres(shared_buffers="512MB") as server,
        asyncio.Runner(loop_factory=factory) as runner,
    ):
        server.sql("CREATE DATABASE bench")
        upgrade(server.url_of("bench"))
        runner.run(_measure(server, url, Path(folder), chosen.events, chosen.bare))


@dataclass
class Bench:
    database: Database
    caller: Caller
    endpoint: Endpoint
    url: str

    async def count(self, sql: str) -> int:
        async with self.database.engine.begin() as connection:
            return int((await connection.execute(text(sql))).scalar_one())

    async def pause(self, *, paused: bool) -> None:
        async with self.database.engine.begin() as connection:
            await connection.execute(text("UPDATE endpoints SET paused = :paused"), {"paused": paused})

    async def bare(self, posts: int) -> float:
        """Posts a second of a loop without database, leases and retries."""
        async with self.database.read() as tx:
            page = await feed.page(tx, self.caller.merchant_id, limit=1000)
        bodies = [(event.event_id, event.body.encode()) for event in page]
        secrets, at = signing_secrets(self.endpoint, clock.now()), clock.now()
        signed = [
            (
                body,
                {
                    **signature.headers(secrets, webhook_id=name, at=at, body=body),
                    "content-type": "application/json",
                },
            )
            for name, body in bodies
        ]
        waiting = iter(range(posts))
        limits = httpx.Limits(max_connections=BARE, max_keepalive_connections=BARE)
        async with httpx.AsyncClient(limits=limits, trust_env=False) as http:

            async def post() -> None:
                for number in waiting:
                    body, headers = signed[number % len(signed)]
                    (await http.post(self.url, content=body, headers=headers)).raise_for_status()

            began = time.perf_counter()
            await asyncio.gather(*(post() for _ in range(BARE)))
            return posts / (time.perf_counter() - began)


async def _measure(server: Server, url: str, folder: Path, events: int, posts: int) -> None:
    bench = await _prepared(server, url, events)
    size = await bench.count("SELECT avg(length(data))::int FROM claim_events")
    print(f"... {events:,} events of {size:,} bytes wait; a worker starts", flush=True)
    await bench.pause(paused=True)
    with _worker(server.url_of("bench"), folder / "worker.log") as worker:
        published_rate = await _rate(events, lambda: bench.count("SELECT count(*) FROM feed"), worker)
        before = await bench.bare(posts)
        await bench.pause(paused=False)
        delivered_sql = "SELECT count(*) FROM deliveries WHERE status = 'delivered'"
        delivered_rate = await _rate(events, lambda: bench.count(delivered_sql), worker)
        after = await bench.bare(posts)
        tries = await bench.count("SELECT sum(attempts) FROM deliveries")
    bare = mean((before, after))
    print(f"  fan-out     {published_rate:8.0f} events/s")
    print(f"  worker      {delivered_rate:8.0f} deliveries/s, {tries:,} attempts at {events:,}")
    print(f"  bare httpx  {bare:8.0f} posts/s      (before {before:.0f}, after {after:.0f})")
    print(f"  ratio       {delivered_rate / bare:8.2f}")
    print(f"  memory      {worker.memory[0]} MB at the start, {max(worker.memory)} MB at most", flush=True)
    await bench.database.close()


@dataclass
class Worker:
    process: subprocess.Popen[bytes]
    memory: list[int]

    def look(self) -> None:
        """Note the resident memory, in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        self.memory.append(round(int(kilobytes) / 1024))


async def _rate(events: int, count: Callable[[], Awaitable[int]], worker: Worker) -> float:
    """The number a second, from the first counted one to the last."""
    while not (first := await count()):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.02)
    began, shown = time.perf_counter(), time.perf_counter()
    worker.look()
    while (count_now := await count()) < events:
        if worker.process.poll() is not None:
            sys.exit("error: the worker has ended")
        worker.look()
        if time.perf_counter() - shown > 10:
            shown = time.perf_counter()
            print(f"... {count_now:,} of {events:,}, {worker.memory[-1]} MB", flush=True)
        await asyncio.sleep(0.25)
    return (events - first) / (time.perf_counter() - began)


async def _prepared(server: Server, url: str, events: int) -> Bench:
    """A merchant with one endpoint and `events` claims, whose request events are not published yet."""
    async with storefront(server.url_of("bench"), log_level="warning") as shop:
        await shop.push_order()
        await shop.claim("cancel")
    database = Database(server.url_of("bench"), pool_size=4)
    caller = Caller(merchant_id=shop.merchant_id, key_id="", name="", scopes=frozenset())
    new_endpoint = NewEndpoint(
        url=url, description=None, types=(), headers={}, rate_limit=None, paused=True, ed25519=False
    )
    now = clock.now()
    reach = Reach(allow_private=True)
    endpoint, _ = await database.write(lambda tx: endpoints.create(tx, caller, new_endpoint, now, reach=reach))
    server.sql(
        _copies("claims", [column.name for column in claims.c], events - 1),
        _copies("claim_events", [column.name for column in claim_events.c], events - 1),
        "VACUUM ANALYZE",
        database="bench",
    )
    return Bench(database, caller, endpoint, url)


def _copies(table: str, columns: list[str], count: int) -> str:
    """SQL that adds as many rows like the first one, with ids of their own."""
    ids = "'0198c1f2-7d1c-7c3e-{}-' || lpad(to_hex(n), 12, '0')"
    fresh_ids = {"claim_id": ids.format("8a51"), "event_id": ids.format("9a51")}
    values = ", ".join(fresh_ids.get(name, f"one.{name}") for name in columns)
    model = f"(SELECT * FROM {table} LIMIT 1) one"
    return f"INSERT INTO {table} SELECT {values} FROM {model}, generate_series(1, {count}) n"


@contextmanager
def _worker(database_url: str, log: Path) -> Iterator[Worker]:
    settings = {
        "RECOURSE_DATABASE_URL": database_url,
        "RECOURSE_WEBHOOK_ALLOW_PRIVATE": "true",
        "RECOURSE_DELIVERY_CONCURRENCY": str(CONCURRENCY * 4),  # one endpoint has a quarter
        "RECOURSE_LOG_LEVEL": "warning",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "worker"], env={**os.environ, **settings}, stdout=output, stderr=output
        )
    try:
        yield Worker(process, [])
    finally:
        process.terminate()
        process.wait(30)
        print(log.read_text(), end="")


@contextmanager
def _receiver() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.deliveries", "--receive"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
    finally:
        process.terminate()
        process.wait(30)


async def _receive() -> None:
    """Answer 204 to every request; read only where the request ends."""
    server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class _Answering(asyncio.Protocol):
    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, end, body = self._held.partition(b"\r\n\r\n")
        if end:
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            if len(body) >= length:
                self._held = body[length:]
                self._transport.write(_ANSWER)


if __name__ == "__main__":
    main()
