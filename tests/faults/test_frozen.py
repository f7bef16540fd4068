"""The database's machine freezes or vanishes: its connections stay open, and nothing answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy.engine import make_url

from app import clock
from app.store.database import Database
from tests.delivery.conftest import open_desk
from tests.delivery.receiver import open_receiver
from tests.faults.test_database_gone import health, summary_of
from tests.faults.test_worker_killed import run_worker
from tests.postgres import Server
from tests.serving import serving
from tests.storefront import ORDER, Storefront, new_key

STATEMENT_MS = 1_000


@dataclass
class Wire:
    """A port in front of the server. Frozen, it takes connections and bytes, and passes nothing on. A connection that
    was open then never answers again, as after a failover."""

    target: str
    port: int = 0
    is_frozen: bool = False
    _frozen: set[asyncio.StreamWriter] = field(default_factory=set)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _passing: set[asyncio.Task[None]] = field(default_factory=set)
    _is_cut: asyncio.Event = field(default_factory=asyncio.Event)

    def freeze(self) -> None:
        self.is_frozen = True
        self._frozen |= self._open

    def thaw(self) -> None:
        self.is_frozen = False

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        if (task := asyncio.current_task()) is not None:
            self._passing.add(task)
        if self.is_frozen:
            self._frozen.add(writer)
            return
        far_reader, far_writer = await asyncio.open_unix_connection(self.target)
        self._open.add(far_writer)
        ways = self._pass(reader, far_writer, writer), self._pass(far_reader, writer, writer)
        with suppress(OSError):
            await asyncio.gather(*ways)
        for each in (writer, far_writer):
            each.close()

    async def _pass(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, client: asyncio.StreamWriter
    ) -> None:
        while data := await source.read(65_536):
            if client in self._frozen:
                await self._is_cut.wait()
                return
            target.write(data)
            await target.drain()
        target.close()

    async def cut(self) -> None:
        self._is_cut.set()
        for writer in self._open:
            writer.close()
        await asyncio.gather(*self._passing, return_exceptions=True)


@asynccontextmanager
async def wired(server: Server, url: str) -> AsyncIterator[tuple[Wire, str]]:
    """The wire, and the database's URL through the wire."""
    direct = make_url(url)
    wire = Wire(f"{server.url.query['host']}/.s.PGSQL.{server.url.query['port']}")
    listening = await asyncio.start_server(wire.accept, "127.0.0.1", 0)
    wire.port = listening.sockets[0].getsockname()[1]
    try:
        through = direct.set(host="127.0.0.1", port=wire.port, query={})
        yield wire, through.render_as_string(hide_password=False)
    finally:
        listening.close()
        await wire.cut()


async def test_while_the_database_is_frozen_every_request_is_answered_and_the_service_goes_on_by_itself(
    postgres_server: Server, postgres_url: str, tmp_path: Path
) -> None:
    async with wired(postgres_server, postgres_url) as (wire, url):
        with serving(url, tmp_path / "log", statement_timeout_ms=STATEMENT_MS, pool_size=4) as service:
            async with a_shop(service.url, postgres_url) as shop:

                async def push(number: int) -> httpx.Response:
                    return await shop.put(f"/v1/orders/order-{number}", ORDER)

                assert {(await push(number)).status_code for number in range(8)} == {201}
                wire.freeze()
                answers = await asyncio.gather(*map(push, range(24)))
                assert {summary_of(answer) for answer in answers} == {UNAVAILABLE}
                assert await health(service.url) == {"/healthz": 200, "/readyz": 503}
                wire.thaw()
                async with asyncio.timeout(30):
                    while (await push(0)).status_code == 503:
                        pass
                assert {answer.status_code for answer in await asyncio.gather(*map(push, range(24)))} <= {200, 201}
                assert await health(service.url) == {"/healthz": 200, "/readyz": 200}
            await asyncio.to_thread(service.stop)  # beside the wire


UNAVAILABLE = (503, "application/problem+json", "database_unavailable", "1")


@asynccontextmanager
async def a_shop(url: str, database_url: str) -> AsyncIterator[Storefront]:
    """A client that gives up after ten seconds."""
    database = Database(database_url, pool_size=1)
    merchant_id, token = await new_key(database, clock.now())
    await database.close()
    async with httpx.AsyncClient(base_url=url, timeout=10) as http:
        yield Storefront(http, token, merchant_id)


async def test_a_worker_goes_on_by_itself_after_its_database_was_frozen(
    postgres_server: Server, postgres_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    async with (
        wired(postgres_server, postgres_url) as (wire, url),
        open_receiver() as receiver,
        open_desk(postgres_url) as desk,
    ):
        desk.shop.clock.instant = clock.now()
        await desk.register(receiver)
        with run_worker(url, log, RECOURSE_STATEMENT_TIMEOUT_MS=str(STATEMENT_MS)) as process:
            await desk.happen()
            await receiver.until(1)
            wire.freeze()
            async with asyncio.timeout(40):
                while log.read_bytes().count(b"failed, will try again") < 4:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.05)
            wire.thaw()
            await desk.happen(2)
            await receiver.until(3, within=60)
            assert process.poll() is None
    assert len(set(receiver.ids)) == 3
