"""One attempt to send one webhook: a WebhookRequest in, an Outcome out, for any behaviour of the server.

A name is looked up once, all of its addresses are checked, and the connection goes to a checked address. A second
look-up of the name could give another answer. The certificate is verified against the name. One deadline covers
everything from the look-up to the last byte that is read. Redirects are not followed, and proxies in the environment
are not used.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

import h11

from app.webhooks import signature
from app.webhooks.addresses import Target, is_allowed, read_url
from app.webhooks.connection_pool import IdleConnections
from app.webhooks.dns import Lookups, Resolve
from app.webhooks.headers import OURS, is_reserved
from app.webhooks.http_client import Answer, HttpConnection, InvalidHttpError
from app.webhooks.signature import Secret

DEADLINE = 15.0
"""Seconds for one attempt in all."""

_ADDRESSES_MAX = 4
"""How many addresses of one name are tried, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """`headers` are those of the endpoint; our own headers win. `at` is the instant of this attempt."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    secrets: Sequence[Secret]
    webhook_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of an attempt.

    `status` is None without an answer. `answer` is the first 1,000 bytes of its body, with undecodable bytes and NULs
    replaced. `error` is a code of ERRORS. `retry_after`, in seconds, is set for 429 and 503 only.
    """

    status: int | None
    latency_ms: int
    answer: str
    error: str | None
    retry_after: float | None

    @property
    def verdict(self) -> Literal["delivered", "failed", "gone"]:
        """`delivered` is a 2xx that was read to its end. `gone` is a 410: the endpoint wants no more events."""
        if self.status == 410:
            return "gone"
        return "delivered" if self.status in _SUCCESS and self.error is None else "failed"


_SUCCESS = range(200, 300)
_REDIRECT = range(300, 400)
_WITH_RETRY_AFTER = (429, 503)

ERRORS = {
    "refused_address": "The URL, or an address behind its name, is not allowed.",
    "unresolvable": "The name has no address.",
    "unreachable": "No connection could be made.",
    "tls": "The certificate or the encryption failed.",
    "timeout": "The answer was not complete when the deadline came.",
    "reset": "The connection broke before the end of the answer.",
    "invalid_http": "The answer was not HTTP, or its head too long.",
    "invalid_headers": "The endpoint's own headers cannot be sent.",
    "redirect": "The answer was a redirect, which is not followed.",
}


class _RefusedAddressError(Exception):
    pass


# The first match counts: most of these are subclasses of OSError.
_CODES: tuple[tuple[type[Exception], str], ...] = (
    (_RefusedAddressError, "refused_address"),
    (socket.gaierror, "unresolvable"),
    (TimeoutError, "timeout"),
    (ssl.SSLError, "tls"),
    (ConnectionRefusedError, "unreachable"),
    (ConnectionError, "reset"),
    (OSError, "unreachable"),
    (InvalidHttpError, "invalid_http"),
    (h11.LocalProtocolError, "invalid_headers"),
    (UnicodeEncodeError, "invalid_headers"),
)
_FAILURES = tuple(kind for kind, _ in _CODES)


async def resolve(host: str, port: int) -> list[str]:
    """The system's look-up of names."""
    addresses = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in addresses))


class Sender:
    """Sends for any number of tasks at once. Keeps at most `connections` idle connections open."""

    def __init__(
        self,
        *,
        allow_private: bool,
        ports: frozenset[int] | None = None,
        deadline: float = DEADLINE,
        connections: int = 100,
        resolve: Resolve = resolve,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._ports = ports
        self._deadline = deadline
        self._lookups = Lookups(resolve)
        self._context = context or ssl.create_default_context()
        self._idle = IdleConnections(size=connections)

    async def __aenter__(self) -> "Sender":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the idle connections. Attempts under way go on, so wait for them first."""
        self._idle.abort()
        await self._lookups.cancel()
        await asyncio.sleep(0)  # the loop closes the aborted connections

    async def send(self, request: WebhookRequest) -> Outcome:
        """One attempt. Failures are outcomes; cancellation passes through, and closes the connection."""
        loop = asyncio.get_running_loop()
        started_at = loop.time()
        answer = Answer()
        error = await self._attempt(request, answer)
        return Outcome(
            status=answer.status,
            latency_ms=round((loop.time() - started_at) * 1000),
            answer=answer.body.decode(errors="replace").replace("\0", "\ufffd"),
            error=error,
            retry_after=_retry_after(answer, request.at),
        )

    async def _attempt(self, request: WebhookRequest, answer: Answer) -> str | None:
        try:
            async with asyncio.timeout(self._deadline):
                await self._post(request, answer)
        except _FAILURES as failure:
            return next(code for kind, code in _CODES if isinstance(failure, kind))
        return "redirect" if answer.status in _REDIRECT else None

    async def _post(self, request: WebhookRequest, answer: Answer) -> None:
        target = read_url(request.url, allow_private=self._allow_private, ports=self._ports)
        if isinstance(target, str):
            raise _RefusedAddressError(target)
        now = asyncio.get_running_loop().time
        origin = (target.scheme, target.host, target.port)
        connection = self._idle.take(origin, now()) or await self._connect(target)
        try:
            await connection.post(target.path, _headers(request, target), request.body, answer)
        finally:
            self._idle.put(connection, now())

    async def _connect(self, target: Target) -> HttpConnection:
        addresses = (await self._addresses(target))[:_ADDRESSES_MAX]
        failure: OSError = socket.gaierror("a name without addresses")
        for address in addresses:
            try:
                async with asyncio.timeout(self._deadline / (len(addresses) + 1)):
                    return await self._open(target, address)
            except ssl.SSLError:
                raise
            except OSError as error:
                failure = error
        raise failure

    async def _open(self, target: Target, address: str) -> HttpConnection:
        secure = target.scheme == "https"
        reader, writer = await asyncio.open_connection(
            address,
            target.port,
            ssl=self._context if secure else None,
            server_hostname=target.host if secure else None,
        )
        return HttpConnection((target.scheme, target.host, target.port), reader, writer)

    async def _addresses(self, target: Target) -> Sequence[str]:
        """The addresses of a target, all checked. Raises _RefusedAddressError when one is not allowed: then the name
        cannot be trusted."""
        if target.address is not None:
            return [target.host]
        addresses = await self._lookups.find(target.host, target.port)
        if not all(is_allowed(address, allow_private=self._allow_private) for address in addresses):
            raise _RefusedAddressError(f"{target.host} leads to an address that is not allowed")
        return addresses


def _headers(request: WebhookRequest, target: Target) -> list[tuple[str, str]]:
    theirs = ((name, value) for name, value in request.headers.items() if not is_reserved(name))
    signed = signature.headers(request.secrets, webhook_id=request.webhook_id, at=request.at, body=request.body)
    length = str(len(request.body))
    return [("host", target.authority), *OURS.items(), ("content-length", length), *theirs, *signed.items()]


def _retry_after(answer: Answer, at: datetime) -> float | None:
    """The seconds from `at` that the answer asks to wait. None when the answer asks for none or cannot be read."""
    if answer.status not in _WITH_RETRY_AFTER or answer.retry_after is None:
        return None
    header = answer.retry_after.strip()
    if header.isascii() and header.isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until.replace(tzinfo=until.tzinfo or UTC)
    return max(0.0, (until - at).total_seconds())
