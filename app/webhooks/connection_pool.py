"""Connections that are open and unused, the one that rested longest first: so many at most, and for so long."""

from app.webhooks.http_client import Line, Origin

LONGEST_REST = 4.0
"""Seconds: below the five after which Node and uvicorn hang up, which could cross with a request of ours."""


class Resting:
    def __init__(self, *, most: int) -> None:
        self._most = most
        self._lines: list[Line] = []

    def take(self, origin: Origin, now: float) -> Line | None:
        """The connection to this origin that was used last, if there is one. `now` is of the loop's clock."""
        while self._lines and self._lines[0].rests_until < now:
            self._lines.pop(0).abort()
        for line in [line for line in reversed(self._lines) if line.origin == origin]:
            self._lines.remove(line)
            if line.is_open:
                return line
            line.abort()
        return None

    def put(self, line: Line, now: float) -> None:
        """Keep it if it can be used again."""
        if not line.renew():
            line.abort()
            return
        line.rests_until = now + LONGEST_REST
        self._lines.append(line)
        if len(self._lines) > self._most:
            self._lines.pop(0).abort()

    def abort(self) -> None:
        while self._lines:
            self._lines.pop().abort()
