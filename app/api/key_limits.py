"""Refuses the requests of a key above its limit, before any other work is done, and tells each key where it stands."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.app_state import AppState
from app.api.authentication import KEY_DIGEST, STANDING
from app.api.problems import problem
from app.service.callers import digest_of
from app.service.key_limits import Standing

PREFIX = "/v1/"


class LimitsKeys:
    """ASGI middleware. A token that was not recognised before is counted when it is recognised."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        digest = digest_of(_token(scope))
        state: AppState = scope["app"].state.app_state
        stock = state.key_limits.stock_of(digest)
        standing = state.key_limits.take(stock) if stock else None
        scope[KEY_DIGEST], scope[STANDING] = digest, standing

        async def send_standing(message: Message) -> None:
            stands: Standing | None = scope[STANDING]  # a key that the process did not know is counted on the way
            await (send if stands is None else telling(stands, send))(message)

        if stock is None or standing is None or not standing.is_refused:
            await self._app(scope, receive, send_standing)
            return
        scope["caller"] = stock.caller  # for the line in the log
        async with state.key_floods.held_back(digest):
            await refusal(standing)(scope, receive, telling(standing, send))


def _token(scope: Scope) -> str:
    """What the request has behind `Bearer`. Another scheme does no harm: no token of it was recognised."""
    sent = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    return str(sent.decode("latin-1").partition(" ")[2].strip())


def telling(standing: Standing, send: Send) -> Send:
    """`send` that tells the key where it stands."""

    async def send_standing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *standing.headers]
        await send(message)

    return send_standing


def refusal(standing: Standing) -> Response:
    limit, seconds = standing.limit, standing.retry_after
    return problem(
        429,
        "rate_limited",
        headers={"Retry-After": str(seconds)},
        requests_per_minute=limit.requests_per_minute,
        burst=limit.burst,
        seconds=seconds,
    )
