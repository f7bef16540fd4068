"""Around every request: an id, a limit on its size, a place in the metrics, a line in the log.

FastAPI's own limit answers in plain text, outside of this envelope.
"""

import logging
import re
import time
from functools import cache
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import ProblemError, problem
from app.telemetry import HTTP_DURATION, HTTP_REQUESTS, request_id

logger = logging.getLogger("app.access")

_SOUND_ID = re.compile(rb"[\x21-\x7e]{1,128}")


class RequestEnvelope:
    """ASGI middleware. Takes the caller's X-Request-Id when it is sound, and sends back the one in use."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int) -> None:
        self._app = app
        self._max_body = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        identity = given.decode() if _SOUND_ID.fullmatch(given) else str(uuid4())
        token = request_id.set(identity)
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", identity.encode())]
            await send(message)

        try:
            await self._within_limit(scope, receive, send_with_id)
        finally:
            _note(scope, status, time.perf_counter() - began)
            request_id.reset(token)

    async def _within_limit(self, scope: Scope, receive: Receive, send: Send) -> None:
        too_large = ProblemError(413, "body_too_large", f"A request may have at most {self._max_body} bytes.")
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        if announced.isdigit() and int(announced) > self._max_body:
            await problem(413, too_large.code, too_large.detail)(scope, receive, send)
            return
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max_body:
                raise too_large
            return message

        await self._app(scope, receive_counted, send)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unmatched")
    requests, duration = _series(scope["method"], route, status)
    requests.inc()
    duration.observe(seconds)
    if logger.isEnabledFor(logging.INFO):
        logger.info("%s %s %d %.1fms", scope["method"], scope["path"], status, seconds * 1000)


@cache
def _series(method: str, route: str, status: int) -> tuple[Any, Any]:
    """Looked up once for each of the few combinations that there are."""
    return HTTP_REQUESTS.labels(method, route, str(status)), HTTP_DURATION.labels(method, route)
