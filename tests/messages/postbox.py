"""A real SMTP server on loopback. It keeps every letter, and a test chooses its answers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


async def at_once() -> None:
    """Wait for nothing before the answer."""


@dataclass
class Postbox:
    """`recipient` and `data` are the answers to RCPT and DATA; `before_answer` runs once a letter is in."""

    port: int = 0
    recipient: str = OK
    data: str = OK
    before_answer: Callable[[], Awaitable[None]] = at_once
    raw: list[bytes] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    senders: list[str | None] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for raw in self.raw]

    async def handle_RCPT(  # noqa: N802 - the names are aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.recipient == OK:
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data == OK:
            self.raw.append(cast("bytes", envelope.content))
            self.to.append(list(envelope.rcpt_tos))
            self.senders.append(envelope.mail_from)
        await self.before_answer()
        return self.data


@asynccontextmanager
async def open_postbox(box: Postbox, **options: Any) -> AsyncIterator[Postbox]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, **options), "127.0.0.1", box.port)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def mute() -> AsyncIterator[int]:
    """A port whose server sends lines of a greeting without an end."""

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                writer.write(b"220-wait\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def closed_port() -> int:
    """A port without a server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
