"""Refuses a request that is too large, or whose address is not UTF-8, before any other work is done.

The limit of FastAPI answers in plain text and without an id, so this module has its own limit.
"""

from urllib.parse import unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.middleware import ErrorAnswer
from app.api.problems import problem
from app.api.uploads import FORM_BYTES, is_upload


class RequestLimits:
    """ASGI middleware, inside the rate limit: a refusal counts as a request of its key."""

    def __init__(
        self, app: ASGIApp, *, max_body_bytes: int, max_upload_bytes: int, answer_to_error: ErrorAnswer
    ) -> None:
        self._app = app
        self._answer_to_error = answer_to_error
        self._max_body = max_body_bytes
        self._max_upload = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _is_utf8(scope.get("raw_path") or b"") and _is_utf8(scope["query_string"]):
            await self._within_limit(scope, receive, send)
        else:
            await self._answer_to_error(scope, lambda: problem(422, "not_utf8"))(scope, receive, send)

    async def _within_limit(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._limit_of(scope)
        too_large = HTTPException(413, str(limit))
        stated = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        if stated.isdigit() and int(stated) > limit:
            answer = self._answer_to_error(scope, lambda: problem(413, "body_too_large", limit=limit))
            await answer(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise too_large  # while FastAPI reads the body, it passes on only this kind of exception
            return message

        await self._app(scope, receive_counted, send)

    def _limit_of(self, scope: Scope) -> int:
        return self._max_upload + FORM_BYTES if is_upload(scope) else self._max_body


def _is_utf8(encoded: bytes) -> bool:
    """The server replaces bytes that are not UTF-8, so that two ids would become one id."""
    try:
        unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return False
    return True
