"""Around every request: an id, a place in the metrics, a line in the log."""

import logging
import re
import time
from functools import cache
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.telemetry import HTTP_DURATION, HTTP_REQUESTS, request_id

logger = logging.getLogger("app.access")

_SOUND_ID = re.compile(rb"[\x21-\x7e]{1,128}")


class RequestEnvelope:
    """ASGI middleware. Takes the caller's X-Request-Id when it is sound, and sends back the one in use."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
            await self._app(scope, receive, send_with_id)
        finally:
            _note(scope, status, time.perf_counter() - began)
            request_id.reset(token)


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
