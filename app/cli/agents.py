"""Composition root of `recourse mcp`: settings -> store -> services -> the tools of agents.

The command imports this module when it runs, because it needs the SDK of the extra `recourse[mcp]`.
"""

import asyncio
from collections.abc import Sequence

import uvicorn
from mcp.server.stdio import stdio_server

from app import clock
from app.agents.confirmations import Confirmations
from app.agents.context import AgentState, recognise
from app.agents.http import http_app
from app.agents.server import agent_server
from app.cli.database import errors_in_one_line
from app.cli.failures import fail
from app.encryption import Encryption, split_keys
from app.logs import configure_logging
from app.service.agent_limits import AgentLimit
from app.service.callers import Callers
from app.service.key_limits import KeyLimits, rate_limit
from app.service.turns import Turns, share_of
from app.settings import Settings
from app.store.database import Database


def serve_on_stdio(settings: Settings) -> None:
    """Until the client closes standard input. The key or the token of the environment says for whom."""
    if bool(settings.api_key) == bool(settings.buyer_token):
        fail("Set RECOURSE_API_KEY for a seller's agent, or RECOURSE_BUYER_TOKEN for a buyer's agent, and not both.")
    configure_logging(level=settings.log_level, style=settings.log_format)
    with errors_in_one_line():
        asyncio.run(_on_stdio(settings, settings.api_key or settings.buyer_token))


async def _on_stdio(settings: Settings, token: str) -> None:
    state = agent_state(settings)
    try:
        if await recognise(state, token) is None:
            fail("The key or the token is not in force. Create another one.")
        server = agent_server(state, token=token)
        async with state.key_uses.written(state.database), stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())
    finally:
        await state.database.close()


def serve_over_http(settings: Settings, *, port: int, hosts: Sequence[str]) -> None:
    """Until SIGTERM or SIGINT."""
    configure_logging(level=settings.log_level, style=settings.log_format)
    state = agent_state(settings)
    app = http_app(
        state,
        hosts=hosts,
        failures_per_minute=settings.failures_per_minute,
        max_body_bytes=settings.max_body_bytes,
        key_limits=KeyLimits(rate_limit(settings.key_requests_per_minute, settings.key_burst)),
    )
    uvicorn.run(
        app,
        host=settings.host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


def agent_state(settings: Settings) -> AgentState:
    keys = split_keys(settings.encryption_keys)
    database = Database(
        settings.database_url,
        pool_size=settings.pool_size,
        statement_timeout_ms=settings.statement_timeout_ms,
        synchronous=settings.sqlite_synchronous,
        encryption=Encryption(keys),
    )
    limits = {
        currency: AgentLimit(per_decision=decision, per_day=day)
        for currency, (decision, day) in settings.limits_of_agents.items()
    }
    return AgentState(
        database=database,
        callers=Callers(database, remember_seconds=settings.key_cache_seconds),
        clock=clock.now,
        turns=Turns(share_of(settings.pool_size)),
        confirmations=Confirmations(keys),
        limits=limits,
    )
