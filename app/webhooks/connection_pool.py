"""Open connections that are idle, the longest idle first. Their number and their idle time are limited."""

from app.webhooks.http_client import HttpConnection, Origin

IDLE_SECONDS_MAX = 4.0
"""Node and uvicorn close a connection after five seconds. That could happen while a request is on its way."""


class IdleConnections:
    def __init__(self, *, size: int) -> None:
        self._size = size
        self._connections: list[HttpConnection] = []

    def take(self, origin: Origin, now: float) -> HttpConnection | None:
        """Take the connection to this origin that was used last, if there is one. `now` is the time of the loop."""
        while self._connections and self._connections[0].idle_until < now:
            self._connections.pop(0).abort()
        for connection in [connection for connection in reversed(self._connections) if connection.origin == origin]:
            self._connections.remove(connection)
            if connection.is_open:
                return connection
            connection.abort()
        return None

    def put(self, connection: HttpConnection, now: float) -> None:
        """Keep a connection that can be used again, and close any other."""
        if not connection.make_ready():
            connection.abort()
            return
        connection.idle_until = now + IDLE_SECONDS_MAX
        self._connections.append(connection)
        if len(self._connections) > self._size:
            self._connections.pop(0).abort()

    def abort(self) -> None:
        while self._connections:
            self._connections.pop().abort()
