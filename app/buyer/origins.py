"""Which pages of other origins may call `/buyer/v1` from a browser: those of the origins that the shop of the token
lists.

A preflight has no token, so its answer is the same for every origin and gives nothing away. The request after the
preflight is refused before anything happens, unless its origin is listed: an answer that a page cannot read would
have been a write all the same. No answer allows credentials: `/buyer/v1` reads no cookie.
"""

import asyncio
import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN
from app.api.problems import answer_to_error, problem
from app.records.buyer_access import AccessKind
from app.service.buyer_access import merchant_of
from app.service.shops import lists_origin

PREFIX = "/buyer/v1/"
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "DELETE, GET, POST, PUT",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-Id",
    "Access-Control-Max-Age": "7200",
}
EXPOSED = "Content-Language, ETag, Idempotent-Replayed, Location, Retry-After, WWW-Authenticate, X-Request-Id"
_OF_SHOP = re.compile(rf"{PREFIX}shops/([^/]+)/.*")
_VARY = (b"vary", b"Origin")


class OriginsOfShops:
    """ASGI middleware. A request without `Origin` is no request of a page of another origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        origin = request.headers.get("origin")
        if origin is None or origin in _own_origins(request):
            await self._app(scope, receive, _with(send, [_VARY]))
        elif _is_preflight(request):
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, _with(send, [_VARY]))
        elif refused := await _refusal(request, origin):
            await refused(scope, receive, _with(send, [_VARY]))
        else:
            allowed = (b"access-control-allow-origin", origin.encode())
            exposed = (b"access-control-expose-headers", EXPOSED.encode())
            await self._app(scope, receive, _with(send, [allowed, exposed, _VARY]))


def _with(send: Send, more: Sequence[tuple[bytes, bytes]]) -> Send:
    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return send_with


def _own_origins(request: Request) -> tuple[str, str]:
    """The origin that the request came to, and the public one, which differs behind a proxy."""
    public = urlsplit(app_state(request).public_url)
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}", f"{public.scheme}://{public.netloc}"


def _is_preflight(request: Request) -> bool:
    return request.method == "OPTIONS" and "access-control-request-method" in request.headers


async def _refusal(request: Request, origin: str) -> Response | None:
    """None if the shop of the request lists the origin."""
    merchant_id = _merchant(request.url.path, request.headers)
    try:
        async with asyncio.timeout(ANSWERED_WITHIN):
            if merchant_id and await lists_origin(app_state(request).database, merchant_id, origin):
                return None
    except (DBAPIError, OSError) as error:
        return await answer_to_error(request, error)
    return problem(403, "origin_not_allowed")


def _merchant(path: str, headers: Headers) -> str | None:
    """The merchant in the path or in the token. A token that is not in force names its merchant too, so that a page can
    read that the token has expired."""
    in_path = _OF_SHOP.fullmatch(path)
    if in_path:
        return in_path[1] if _is_id(in_path[1]) else None
    token = headers.get("authorization", "").partition(" ")[2]
    return merchant_of(token, AccessKind.SESSION, AccessKind.TOKEN)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
