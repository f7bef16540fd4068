"""One POST and the beginning of its answer, on a connection that somebody else has opened and checked.

Whatever the other side sends, at most MOST_READ bytes of an answer are read, and MOST_ANSWER bytes of its body
kept. Nothing is unpacked. A connection is used again only when its last answer ended where it said.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import h11

MOST_ANSWER = 1_000
MOST_READ = 65_536
_CHUNK = 4_096

Origin = tuple[str, str, int]
"""Scheme, host and port."""


class InvalidHttpError(Exception):
    """The answer is not HTTP/1.1, or does not come to the point within MOST_READ bytes."""


@dataclass(slots=True)
class Answer:
    """What has been read so far: it is filled while it arrives, so that what has come is known when time is up."""

    status: int | None = None
    retry_after: str | None = None
    body: bytearray = field(default_factory=bytearray)

    def add(self, event: h11.Event) -> bool:
        """Take in what was read; whether that is enough."""
        if isinstance(event, h11.Response):
            self.status = event.status_code
            self.retry_after = next((v.decode("latin-1") for k, v in event.headers if k == b"retry-after"), None)
        elif isinstance(event, h11.Data):
            self.body += event.data[: MOST_ANSWER - len(self.body)]
            return len(self.body) == MOST_ANSWER
        return isinstance(event, h11.EndOfMessage)


_EVENTS = (h11.InformationalResponse, h11.Response, h11.Data, h11.EndOfMessage)


class Line:
    """An open connection to one origin. `rests_until`, by the loop's clock, is set while nobody uses it."""

    def __init__(self, origin: Origin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.origin = origin
        self.rests_until = 0.0
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
        left = MOST_READ
        enough = False
        while not enough:
            event = self._next_event()
            if event is h11.NEED_DATA:
                left -= await self._read()
                if left < 0:
                    raise InvalidHttpError("the answer does not come to the point")
            elif isinstance(event, _EVENTS):
                enough = answer.add(event)
            else:
                raise InvalidHttpError("the answer went on in another protocol")

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

    def renew(self) -> bool:
        """Make ready for another POST, if this connection can carry one."""
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if not done or self._http.trailing_data[0] or not self.is_open:
            return False
        self._http.start_next_cycle()
        return True

    @property
    def is_open(self) -> bool:
        return not self._writer.is_closing() and not self._reader.at_eof()

    def abort(self) -> None:
        """Without a goodbye, which the other side could keep us waiting for."""
        self._writer.transport.abort()
