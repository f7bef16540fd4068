"""Refuses networks that fail too often at the doors of the service, before any other work is done."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.app_state import AppState, app_state
from app.service.buyer_lookups import network_of
from app.service.floods import Floods

_FAILED = frozenset({401, 403, 404, 429})
"""Statuses of failures, for a visitor whom the service has not recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Paths that are counted together. `proof` is what shows that a visitor was served before: a token, or the address
    of a page that needs none. It is empty where each try is new, such as for links and passwords."""

    paths: re.Pattern[str]
    floods: Callable[[AppState], Floods]
    proof: Callable[[Request], str]
    refusal: Callable[[Request, int], Response]


class RefusesFloods:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, doors: Sequence[Doors]) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        doors = self._doors_of(scope)
        if doors is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        state = app_state(request)
        floods, now = doors.floods(state), state.clock().timestamp()
        network = network_of(request.client.host if request.client else None) or ""
        proof = doors.proof(request)
        seconds = floods.seconds_to_wait(network, now)
        if seconds and not floods.has_served(proof):
            async with floods.held_back(network):
                await doors.refusal(request, seconds)(scope, receive, send)
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

    def _doors_of(self, scope: Scope) -> Doors | None:
        if scope["type"] != "http":
            return None
        return next((doors for doors in self._doors if doors.paths.fullmatch(scope["path"])), None)
