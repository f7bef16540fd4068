"""Real servers on loopback that receive webhooks and misbehave as a test wants."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.webhooks.payload import body
from app.webhooks.sender import WebhookRequest
from app.webhooks.signature import new_secret

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRET = new_secret()
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@dataclass
class Received:
    line: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def by_name(self) -> dict[str, str]:
        return dict(self.headers)


Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Receiver:
    port: int = 0
    scheme: str = "http"
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    closed: int = 0

    def url(self, host: str = "127.0.0.1", path: str = "/hook") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"


def answering(raw: bytes) -> Answer:
    """Send the same bytes to every client."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return answer


def status(code: int, *headers: str) -> Answer:
    lines = "".join(f"{header}\r\n" for header in headers)
    return answering(f"HTTP/1.1 {code} Words\r\n{lines}content-length: 0\r\n\r\n".encode())


def then_closing(answer: Answer) -> Answer:
    async def closing(writer: asyncio.StreamWriter) -> None:
        await answer(writer)
        writer.close()

    return closing


def then_reset(raw: bytes) -> Answer:
    """Break the connection after some bytes, with an RST."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        await asyncio.sleep(0.02)
        at_once = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        writer.transport.abort()

    return answer


def dripping(first: bytes, drop: bytes) -> Answer:
    """Send `first`, and then `drop` at short intervals, without an end."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.02)

    return answer


def flooding(first: bytes, wave: bytes) -> Answer:
    """Send `first`, and then `wave` as fast as the connection takes it, without an end."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(wave)
            await writer.drain()

    return answer


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """Run the conversation on every connection, and close the connection after it."""
    receiver = Receiver(scheme="https" if tls else "http")
    tasks: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        receiver.connections += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await talk(reader, writer)
        receiver.closed += 1
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


@asynccontextmanager
async def receiving(answer: Answer, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """Answer every request of every connection."""
    received: list[Received] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            received.append(await _read(reader))
            await answer(writer)

    async with listening(talk, tls=tls) as receiver:
        receiver.received = received
        yield receiver


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    line, *rest = head.strip().split("\r\n")
    headers = [(name.lower(), value) for name, _, value in (each.partition(": ") for each in rest)]
    return Received(line, headers, await reader.readexactly(int(dict(headers)["content-length"])))


def parcel(url: str, **changes: Any) -> WebhookRequest:
    payload = body(
        type="claim.requested", at=AT, mode="live", data={"claim_id": "claim-1", "order_id": "order-1", "version": 1}
    )
    usual: dict[str, Any] = {
        "url": url,
        "headers": {},
        "body": payload,
        "secrets": [SECRET],
        "webhook_id": "evt-1",
        "at": AT,
    }
    return WebhookRequest(**{**usual, **changes})
