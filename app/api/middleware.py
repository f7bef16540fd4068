"""The outermost middleware of every request: an id, metrics and a line in the log."""

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Any
from uuid import uuid4

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import tracing
from app.api.language import language, preferred
from app.api.problems import unexpected
from app.logs import ACCESS, request_id
from app.service.callers import Caller
from app.telemetry import HTTP_DURATION, HTTP_REQUESTS

logger = logging.getLogger(ACCESS)

_VALID_ID = re.compile(rb"[\x21-\x7e]{1,128}")
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


ErrorAnswer = Callable[[Scope, Callable[[], Response]], Response]
"""Answers an error that no route answers: with the problem that the function makes, or with a page about the error."""


class RequestEnvelope:
    """ASGI middleware. Uses the caller's X-Request-Id if it is valid, and sends back the id in use.

    An unexpected error is answered here, because outer middleware does not know the id of the request.
    """

    def __init__(self, app: ASGIApp, *, answer_to_error: ErrorAnswer) -> None:
        self._app = app
        self._answer_to_error = answer_to_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        sent = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        identity = sent.decode() if _VALID_ID.fullmatch(sent) else str(uuid4())
        id_token = request_id.set(identity)
        wishes = b",".join(value for name, value in scope["headers"] if name == b"accept-language")
        language_token = language.set(preferred(wishes.decode("latin-1")))
        status, size = None, 0

        async def send_with_id(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                _describe(scope, identity)
                message["headers"] = [*_guarded(message["headers"]), (b"x-request-id", identity.encode())]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            if status is not None:
                raise
            answer = self._answer_to_error(scope, partial(unexpected, error))
            await answer(scope, receive, send_with_id)
        finally:
            _record(scope, status or 500, size, time.perf_counter() - began)
            request_id.reset(id_token)
            language.reset(language_token)


_GUARDS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}
"""Headers of every answer: no cache keeps it, no page shows it in a frame, and its media type counts."""


def _guarded(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The answer's own headers come first: the pages of the OpenAPI document load scripts."""
    own = list(headers)
    names = {name for name, _ in own}
    yield from own
    yield from ((name, value) for name, value in _GUARDS.items() if name not in names)


def _describe(scope: Scope, identity: str) -> None:
    """The span of the request ends with its answer."""
    caller: Caller | None = scope.get("caller")
    described = {"recourse.request_id": identity}
    if caller:
        described |= {"recourse.merchant": caller.merchant_id, "recourse.key": caller.key_id}
    tracing.describe(described)


def _record(scope: Scope, status: int, size: int, seconds: float) -> None:
    """The line names the template of the route: a path can hold a token, and the number of an order."""
    route = getattr(scope.get("route"), "path", "unmatched")
    method = scope["method"] if scope["method"] in _METHODS else "other"
    requests, duration = _series(method, route, status)
    requests.inc()
    duration.observe(seconds)
    if logger.isEnabledFor(logging.INFO):
        ms = round(seconds * 1000, 3)
        fields = {"method": method, "route": route, "status": status, "duration_ms": ms, "bytes": size}
        caller: Caller | None = scope.get("caller")
        if caller:
            fields |= {"merchant": caller.merchant_id, "key": caller.key_id}
        logger.info("%s %s %d %.1fms", method, route, status, ms, extra=fields)


@cache
def _series(method: str, route: str, status: int) -> tuple[Any, Any]:
    """A cache. The labels have few combinations."""
    return HTTP_REQUESTS.labels(method, route, str(status)), HTTP_DURATION.labels(method, route)
