"""Around every request: an id, a limit on its size, a place in the metrics, a line in the log.

FastAPI's own limit answers in plain text, outside of this envelope.
"""

import logging
import re
import time
from functools import cache
from typing import Any
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.language import language, preferred
from app.api.problems import problem, unexpected
from app.telemetry import HTTP_DURATION, HTTP_REQUESTS, request_id

logger = logging.getLogger("app.access")

_SOUND_ID = re.compile(rb"[\x21-\x7e]{1,128}")
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class RequestEnvelope:
    """ASGI middleware. Takes the caller's X-Request-Id when it is sound, and sends back the one in use.

    What nobody foresaw is answered here and not further out, where the request's id is no longer known.
    """

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
        wishes = b",".join(value for name, value in scope["headers"] if name == b"accept-language")
        spoken = language.set(preferred(wishes.decode("latin-1")))
        status = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", identity.encode())]
            await send(message)

        try:
            await self._within_limit(scope, receive, send_with_id)
        except Exception as error:
            if status is not None:
                raise
            await unexpected(error)(scope, receive, send_with_id)
        finally:
            _note(scope, status or 500, time.perf_counter() - began)
            request_id.reset(token)
            language.reset(spoken)

    async def _within_limit(self, scope: Scope, receive: Receive, send: Send) -> None:
        too_large = HTTPException(413, str(self._max_body))
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        if announced.isdigit() and int(announced) > self._max_body:
            await problem(413, "body_too_large", limit=self._max_body)(scope, receive, send)
            return
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max_body:
                raise too_large  # FastAPI lets no other kind of exception through while it reads the body
            return message

        await self._app(scope, receive_counted, send)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unmatched")
    method = scope["method"] if scope["method"] in _METHODS else "other"
    requests, duration = _series(method, route, status)
    requests.inc()
    duration.observe(seconds)
    if logger.isEnabledFor(logging.INFO):
        logger.info("%s %s %d %.1fms", scope["method"], scope["path"], status, seconds * 1000)


@cache
def _series(method: str, route: str, status: int) -> tuple[Any, Any]:
    """Looked up once for each of the few combinations that there are."""
    return HTTP_REQUESTS.labels(method, route, str(status)), HTTP_DURATION.labels(method, route)
