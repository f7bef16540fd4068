"""The bounds of each HTTP connection: unread bytes, times and the number of connections.

uvicorn parses with httptools, which has no limit on the head of a request, and uvicorn closes a connection by itself
only after an answer. h11 has a limit on the head, but takes a quarter of a second for 64 KiB of one-byte chunks.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.api.connection_limits import LIMITS, ConnectionLimits
from app.api.uploads import is_upload
from app.telemetry import HTTP_CONNECTIONS_CLOSED

UNREAD_BYTES_MAX = 32 * 1024
"""The largest head of a request, and the most bytes around the data of a body: sizes of chunks and trailers."""
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_STOPPING = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


TOLD_AFTER_SECONDS, CLOSED_AFTER_SECONDS = 0.5, 1.0
"""After the service was asked to stop. An open connection may still send requests: the client may have sent one before
it could know, and a connection that is closed at once would answer it with a reset. An answer has `Connection: close`
only after all processes have closed the port: a new connection of the client is then refused, and not reset."""
_IS_STOPPING = "is_stopping"
"""In the state of the application's lifespan: connections that begin now are the last."""


class Connection(HttpToolsProtocol):
    """One connection within ConnectionLimits. uvicorn makes one for each client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits: ConnectionLimits = self.app_state[LIMITS]
        self._unread = 0
        self._request_timer: asyncio.TimerHandle | None = None
        self._reader_timer: asyncio.TimerHandle | None = None
        self._heard_at = self.loop.time()
        self._is_told = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        self._request_timer = self._timer(self._too_slow)
        if self.app_state.get(_IS_STOPPING):
            self.shutdown()
        if len(self.connections) > self._limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # uvicorn leaves it set after an error
        self._end_request_timer()
        self._end_reader_timer()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._heard_at = self.loop.time()
        self._request_timer = self._request_timer or self._timer(self._too_slow)
        self._unread += len(data)
        super().data_received(data)
        self._unread = max(0, self._unread)  # a head and a body in one read
        if self._unread > UNREAD_BYTES_MAX:
            self._refuse(_TOO_LARGE, "too_large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._request_timer = self._request_timer or self._timer(self._too_slow)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._unread = 0
        self.cycle.keep_alive &= not self._is_told
        if is_upload(self.scope):
            self._end_request_timer()
            self._request_timer = self.loop.call_later(self._limits.upload_seconds, self._too_slow)

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._unread -= len(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._unread = 0
        self._end_request_timer()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reader_timer = self._reader_timer or self._timer(lambda: self._close("not_reading"))

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end_reader_timer()

    def shutdown(self) -> None:
        """The service stops."""
        self.app_state[_IS_STOPPING] = True
        self.loop.call_later(TOLD_AFTER_SECONDS, self._tell)
        self.loop.call_later(CLOSED_AFTER_SECONDS, self._close_if_it_waits)

    def _tell(self) -> None:
        """From now on an answer has `Connection: close`."""
        self._is_told = True
        latest = self._latest()
        if latest is not None:
            latest.keep_alive = False

    def _close_if_it_waits(self) -> None:
        latest = self._latest()
        if latest is not None and not latest.response_complete:
            return
        if self._unread:
            self._refuse(_STOPPING, "stopping")
        else:
            self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        """A client that has not taken its answer until now would keep a closing connection open."""
        if self.transport.get_write_buffer_size():
            self._close("not_reading")
        else:
            super().timeout_keep_alive_handler()

    @property
    def waits(self) -> bool:
        """The client has not sent a whole request, or has its answer."""
        latest = self._latest()
        return latest is None or latest.response_complete or latest.more_body

    def _latest(self) -> RequestResponseCycle | None:
        """The latest request whose head is complete. uvicorn declares it without None."""
        return self.cycle

    def _make_room(self) -> None:
        """Close the connection that has been silent for the longest time, among those that wait for a request."""
        waiting = [each for each in self.connections if isinstance(each, Connection) and each.waits]
        min(waiting, key=lambda each: each._heard_at, default=self)._close("no_room")  # noqa: SLF001 - of this class

    def _too_slow(self) -> None:
        self._request_timer = None
        latest = self._latest()
        if self._unread if latest is None else not latest.response_started:
            self._refuse(_TOO_SLOW, "too_slow")
        else:
            self._close("too_slow")

    def _refuse(self, answer: bytes, reason: str) -> None:
        if not self.transport.is_closing():
            HTTP_CONNECTIONS_CLOSED.labels(reason).inc()
            self.transport.write(answer)
            self.transport.close()
            self._reader_timer = self._reader_timer or self._timer(self.transport.abort)

    def _close(self, reason: str) -> None:
        """Close at once. What the client has not taken is lost."""
        HTTP_CONNECTIONS_CLOSED.labels(reason).inc()
        self.transport.abort()

    def _timer(self, when_over: Callable[[], None]) -> asyncio.TimerHandle:
        return self.loop.call_later(self._limits.request_seconds, when_over)

    def _end_request_timer(self) -> None:
        if self._request_timer is not None:
            self._request_timer.cancel()
            self._request_timer = None

    def _end_reader_timer(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None
