"""One POST and the beginning of its answer, on a connection that the sender has opened and checked.

At most ANSWER_READ_MAX bytes of an answer are read, and at most ANSWER_KEPT_MAX bytes of its body are kept, for
any answer. Nothing is decompressed. A connection is used again only when its last answer ended as announced.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import h11

ANSWER_KEPT_MAX = 1_000
ANSWER_READ_MAX = 65_536
_CHUNK = 4_096

Origin = tuple[str, str, int]
"""Scheme, host and port."""


class InvalidHttpError(Exception):
    """The answer is not HTTP/1.1, or does not end within ANSWER_READ_MAX bytes."""


@dataclass(slots=True)
class Answer:
    """The received part of the answer. Bytes are added as they arrive, so a timeout keeps the received part."""

    status: int | None = None
    retry_after: str | None = None
    body: bytearray = field(default_factory=bytearray)

    def add(self, event: h11.Event) -> bool:
        """Add an event of the answer. Returns whether the answer is complete enough."""
        if isinstance(event, h11.Response):
            self.status = event.status_code
            self.retry_after = next((v.decode("latin-1") for k, v in event.headers if k == b"retry-after"), None)
        elif isinstance(event, h11.Data):
            self.body += event.data[: ANSWER_KEPT_MAX - len(self.body)]
            return len(self.body) == ANSWER_KEPT_MAX
        return isinstance(event, h11.EndOfMessage)


_EVENTS = (h11.InformationalResponse, h11.Response, h11.Data, h11.EndOfMessage)


class HttpConnection:
    """An open connection to one origin. `idle_until`, in the time of the loop, is set while the connection is idle."""

    def __init__(self, origin: Origin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.origin = origin
        self.idle_until = 0.0
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.CLIENT)
        self._ended = False

    async def post(self, path: str, headers: Iterable[tuple[str, str]], body: bytes, answer: Answer) -> None:
        """Raises OSError when the connection breaks, InvalidHttpError, and h11.LocalProtocolError for headers that
        cannot be sent."""
        request = h11.Request(method="POST", target=path, headers=list(headers))
        events = (request, h11.Data(data=body), h11.EndOfMessage())
        self._writer.write(b"".join(self._http.send(event) or b"" for event in events))
        bytes_left = ANSWER_READ_MAX
        is_enough = False
        while not is_enough:
            event = self._next_event()
            if event is h11.NEED_DATA:
                bytes_left -= await self._read()
                if bytes_left < 0:
                    raise InvalidHttpError("the answer does not end")
            elif isinstance(event, _EVENTS):
                is_enough = answer.add(event)
            else:
                raise InvalidHttpError("the answer changed to another protocol")

    async def _read(self) -> int:
        data = await self._reader.read(_CHUNK)
        self._ended = not data
        self._http.receive_data(data)
        return len(data)

    def _next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        try:
            return self._http.next_event()
        except h11.RemoteProtocolError as error:
            raise (ConnectionResetError if self._ended else InvalidHttpError)(str(error)) from error

    def make_ready(self) -> bool:
        """Prepare for another POST. False when this connection cannot be used again."""
        is_done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if not is_done or self._http.trailing_data[0] or not self.is_open:
            return False
        self._http.start_next_cycle()
        return True

    @property
    def is_open(self) -> bool:
        return not self._writer.is_closing() and not self._reader.at_eof()

    def abort(self) -> None:
        """Close at once. An orderly close could wait for the server."""
        self._writer.transport.abort()
