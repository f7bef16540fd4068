"""Refuses networks that try too many invented links, tokens, cookies and look-ups, before any other work is done."""

import re
from functools import cache

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.app_state import app_state
from app.api.problems import problem
from app.buyer.pages.html import HEADERS, STYLE_PATH, page
from app.buyer.pages.visit import COOKIE, page_language
from app.service.buyer_lookups import network_of

_DOORS = re.compile(r"/c|/order(?:/.*)?|/(?:buyer/v1|shops|withdraw)/.*", re.DOTALL)
_TAKES_NO_TOKEN = re.compile(r"/buyer/v1/(?:sessions|shops/.*)", re.DOTALL)
_FAILED = frozenset({401, 403, 404, 429})
"""Statuses of failures, for a visitor whom the service has not recognised."""


class RefusesFloods:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _DOORS.fullmatch(scope["path"]) or scope["path"] == STYLE_PATH:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        state = app_state(request)
        floods, now = state.floods, state.clock().timestamp()
        network = network_of(request.client.host if request.client else None) or ""
        proof = _proof(request)
        seconds = floods.seconds_to_wait(network, now)
        if seconds and not floods.has_served(proof):
            async with floods.held_back(network):
                await _refusal(request, seconds)(scope, receive, send)
            return

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_recognised = "caller" in scope
                if message["status"] in _FAILED and not is_recognised:
                    floods.count(network, now)
                    floods.forget(proof)
                elif is_recognised or proof == scope["path"]:
                    floods.remember(proof)
            await send(message)

        await self._app(scope, receive, send_counted)


def _proof(request: Request) -> str:
    """What shows that a visitor was served before: the token, or the address of a page that needs none. Empty for links
    and look-ups: each of them is new."""
    path = request.url.path
    if path == "/c" or _TAKES_NO_TOKEN.fullmatch(path) or (path.startswith("/shops/") and request.method != "GET"):
        return ""
    if path.startswith("/buyer/v1/"):
        return request.headers.get("authorization", "")
    return request.cookies.get(COOKIE, "") if path.startswith("/order") else path


def _refusal(request: Request, seconds: int) -> Response:
    after = {"Retry-After": str(seconds)}
    if request.url.path.startswith("/buyer/v1/"):
        return problem(429, "too_many_failures", headers=after)
    language = page_language(request)
    return HTMLResponse(_page(language), 429, {**HEADERS, "Content-Language": language, **after})


@cache
def _page(language: str) -> bytes:
    """Made once for each language."""
    return bytes(page("ended.html", language, name="too_many").body)
