"""The tools of agents over streamable HTTP, at `/mcp`. Each request proves itself by its own `Authorization` header, so
that no session has to be kept."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from mcp.server.transport_security import TransportSecuritySettings
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.agents.context import Agent, AgentState, Side, recognise
from app.agents.server import AGENT, agent_server, bearer_of
from app.api.key_limits import refusal, telling
from app.api.middleware import RequestEnvelope
from app.api.problems import problem
from app.api.request_limits import RequestLimits
from app.service.buyer_lookups import network_of
from app.service.callers import digest_of
from app.service.floods import Floods
from app.service.key_limits import KeyLimits, Standing
from app.service.transactions import is_temporary

PATH = "/mcp"


def http_app(
    state: AgentState,
    *,
    hosts: Sequence[str],
    failures_per_minute: int,
    max_body_bytes: int,
    key_limits: KeyLimits,
) -> ASGIApp:
    """`hosts` are the names under which clients reach the server, beside those of this machine."""
    inner = agent_server(state).streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=max_body_bytes,
        transport_security=_known_hosts(hosts),
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            async with state.key_uses.written(state.database), inner.router.lifespan_context(inner):
                yield
        finally:
            await state.database.close()

    guarded = Doorkeeper(inner, state, Floods(failures_per_minute), key_limits)
    bounded = RequestLimits(
        Starlette(routes=[Route("/healthz", _alive), Mount("/", guarded)], lifespan=lifespan),
        max_body_bytes=max_body_bytes,
        max_upload_bytes=max_body_bytes,
        answer_to_error=_as_made,
    )
    return RequestEnvelope(bounded, answer_to_error=_as_made)


def _as_made(_: Scope, make_answer: Callable[[], Response]) -> Response:
    return make_answer()


async def _alive(_: Request) -> Response:
    """For load balancers: the process runs."""
    return Response(status_code=200)


def _known_hosts(hosts: Sequence[str]) -> TransportSecuritySettings:
    """A page of another site cannot use a name of its own for this server."""
    names = ["127.0.0.1", "localhost", "[::1]", *hosts]
    return TransportSecuritySettings(
        allowed_hosts=[each for name in names for each in (name, f"{name}:*")],
        allowed_origins=[each for name in names for each in (f"http://{name}:*", f"https://{name}")],
    )


class Doorkeeper:
    """ASGI middleware. Refuses a request without a key or token in force before the SDK reads it, a network that tries
    too many, and a key above its rate limit."""

    def __init__(self, app: Starlette, state: AgentState, floods: Floods, key_limits: KeyLimits) -> None:
        self._app = app
        self._state = state
        self._floods = floods
        self._key_limits = key_limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        entered = await self._enter(Request(scope))
        if isinstance(entered, Response):
            await entered(scope, receive, send)
            return
        scope.update(caller=entered.caller, route=self._app.routes[0])  # for the line in the log
        scope[AGENT] = entered
        standing = self._count(entered, bearer_of(Request(scope)))
        if standing is None:
            await self._app(scope, receive, send)
        elif standing.is_refused:
            await refusal(standing)(scope, receive, telling(standing, send))
        else:
            await self._app(scope, receive, telling(standing, send))

    def _count(self, agent: Agent, token: str) -> Standing | None:
        """Where the key of a seller's agent stands. None for a buyer's agent, and for a key without a limit."""
        if agent.side is Side.BUYER:
            return None
        return self._key_limits.know(digest_of(token), agent.caller, is_counted=False)

    async def _enter(self, request: Request) -> Agent | Response:
        token, now = bearer_of(request), self._state.clock().timestamp()
        network = network_of(request.client.host if request.client else None) or ""
        seconds = self._floods.seconds_to_wait(network, now)
        if seconds and not self._floods.has_served(token):
            async with self._floods.held_back(network):
                return problem(429, "too_many_failures", headers={"Retry-After": str(seconds)})
        try:
            agent = await recognise(self._state, token)
        except (OSError, DBAPIError) as error:  # a TimeoutError is an OSError
            if isinstance(error, DBAPIError) and not is_temporary(error):
                raise
            return problem(503, "database_unavailable", headers={"Retry-After": "1"})
        if agent is None:
            self._floods.count(network, now)
            self._floods.forget(token)
            return problem(401, "invalid_agent_token", headers={"WWW-Authenticate": "Bearer"})
        self._floods.remember(token)
        return agent
