"""The SDK's own client reaches `recourse mcp` in a process of its own: over stdin and stdout, and over HTTP."""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.api.buyer.visits import signed_in
from tests.api.claims import read
from tests.api.walks import MADE, ONE
from tests.docs import AGENTS
from tests.pages import ROOT
from tests.serving import Service
from tests.storefront import ORDER, Storefront

LIMITS = "KRW:12000/24000"
RETURN: dict[str, Any] = {"kind": "return", "reason": "change_of_mind", "lines": [ONE]}


@pytest.fixture
async def order(shop: Storefront) -> Storefront:
    """An order that was delivered now, by the clock of the processes: plain goods, and custom-made goods of line 2."""
    shop.clock.instant = datetime.now(UTC)
    plain = {**ORDER["lines"][0], "quantity": 1}
    await shop.push_order(lines=[plain, {**MADE, "line_id": "2", "quantity": 1}])
    await shop.ship()
    shop.clock.turn(hours=-1)
    return shop


@asynccontextmanager
async def over_stdio(log: Path, shown: dict[str, Any], **environment: str) -> AsyncIterator[Client]:
    """`shown` is the configuration of a client, whose command is run as it is shown, from a folder on the path."""
    command = log.parent / "bin" / shown["command"]
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m app "$@"\n')
    command.chmod(0o755)
    path = {"PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    server = StdioServerParameters(
        command=shown["command"], args=shown["args"], env={**path, **environment}, cwd=log.parent
    )
    with log.open("a") as errors:
        async with Client(stdio_client(server, errlog=errors)) as client:
            yield client


def shown_configuration() -> dict[str, Any]:
    """The configuration of a client on the page about agents."""
    block = AGENTS.read_text().partition("<!-- configuration:begin -->\n```json\n")[2].partition("```")[0]
    (server,) = json.loads(block)["mcpServers"].values()
    return dict(server)


@asynccontextmanager
async def over_http(running: Service, token: str, mode: str = "auto") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False) as http,
        Client(streamable_http_client(f"{running.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    return {"is_error": result.is_error, **(result.structured_content or {})}


async def ask_for_a_return(client: Client) -> dict[str, Any]:
    """Quote, ask, confirm; and overstep."""
    quote = await call(client, "quote_claim", **RETURN)
    assert (quote["is_error"], quote["assessment"]["verdict"]) == (False, "eligible")
    asked = await call(client, "request_claim", **RETURN)
    assert asked["would"]["quote"]["amounts"] == quote["amounts"]
    opened = await call(client, "request_claim", **RETURN, confirm_token=asked["confirm_token"])
    assert (opened["is_error"], opened["claim"]["state"]) == (False, "requested")
    custom_made = {**RETURN, "lines": [{**ONE, "line_id": "2"}]}
    refusal = await call(client, "request_claim", **custom_made)
    assert (refusal["is_error"], refusal["code"]) == (True, "not_entitled")
    assert [each["citation"] for each in refusal["refusals"]] == ["KR E-Commerce Act 17(2)6; KR E-Commerce Decree 21"]
    return dict(opened["claim"])


async def decide(client: Client, claim: dict[str, Any]) -> None:
    """Overstep, and approve."""
    of_claim = {"claim_id": claim["claim_id"]}
    rejection = {**of_claim, "ground": "window_closed", "message": "기간이 지났습니다."}
    refusal = await call(client, "reject_claim", **rejection)
    assert (refusal["is_error"], refusal["code"]) == (True, "no_ground_for_rejection")
    assert refusal["refusals"][0]["citation"].startswith("KR E-Commerce Act 17(1)1")
    token = (await call(client, "approve_claim", **of_claim))["confirm_token"]
    first = await call(client, "approve_claim", **of_claim, confirm_token=token)
    assert first["claim"]["state"] == "approved"
    assert await call(client, "approve_claim", **of_claim, confirm_token=token) == first


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@ON_SQLITE
async def test_agents_of_both_sides_meet_over_stdio(order: Storefront, database_url: str, tmp_path: Path) -> None:
    """The client is configured as the page on agents shows."""
    shown, log = shown_configuration(), tmp_path / "mcp.log"
    on_database = {"RECOURSE_DATABASE_URL": database_url}
    buyer_token = (await signed_in(order)).token
    async with over_stdio(log, shown, **on_database, RECOURSE_BUYER_TOKEN=buyer_token) as client:
        assert "Do not try to get around a refusal" in str(client.instructions)
        assert "request_claim" in {tool.name for tool in (await client.list_tools()).tools}
        claim = await ask_for_a_return(client)
    own = {**on_database, "RECOURSE_API_KEY": order.token}
    assert set(own) < set(shown["env"])
    async with over_stdio(log, shown, **{**shown["env"], **own}) as client:
        await decide(client, claim)
    assert (await read(order, claim))["state"] == "approved"
    assert "approve_claim: done" in log.read_text()
    assert not [token for token in (order.token, buyer_token) if token in log.read_text()]


@pytest.fixture
def running(database_url: str, tmp_path: Path) -> Iterator[Service]:
    log = tmp_path / "mcp.log"
    serving_mcp = Service(database_url, log, {"RECOURSE_AGENT_LIMITS": LIMITS}, command="mcp --http --port 0")
    try:
        serving_mcp.start()
        yield serving_mcp
    finally:
        serving_mcp.stop()


@ON_POSTGRES
async def test_agents_of_both_sides_meet_over_http(order: Storefront, running: Service) -> None:
    """One server, and each request proves itself. `legacy` is the handshake of clients until 2025."""
    async with over_http(running, (await signed_in(order)).token) as client:
        claim = await ask_for_a_return(client)
    async with over_http(running, order.token, "legacy") as client:
        await decide(client, claim)
    assert (await read(order, claim))["state"] == "approved"


@ON_SQLITE
async def test_a_request_over_http_is_refused_at_the_door(order: Storefront, running: Service) -> None:
    """A network that invents keys is held back, and whoever was served before is not."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as http:
        for headers in ({}, {"Authorization": "Bearer rk_invented"}, {"Authorization": f"Basic {order.token}"}):
            answer = await http.post("/mcp", json=body, headers={**headers, "Accept-Language": "ko"})
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert (answer.json()["code"], answer.headers["content-language"]) == ("invalid_agent_token", "ko")
            assert answer.json()["request_id"] == answer.headers["x-request-id"]
        key = {"Authorization": f"Bearer {order.token}", "Accept": "application/json, text/event-stream"}
        for name, value, status in (("Host", "evil.example", 421), ("Origin", "https://evil.example", 403)):
            assert (await http.post("/mcp", json=body, headers={**key, name: value})).status_code == status
        large = {**body, "params": {"cursor": "x" * 600_000}}
        assert (await http.post("/mcp", json=large, headers=key)).status_code == 413
        assert await _status(http, order.token) == 400
        statuses = [await _status(http, f"rk_{number}") for number in range(70)]
        assert (statuses[0], statuses[-1]) == (401, 429)
        assert await _status(http, order.token) == 400


@ON_SQLITE
async def test_a_key_above_its_rate_limit_is_refused_over_http(order: Storefront, running: Service) -> None:
    new = {"name": "agent", "scopes": ["claims:read"], "rate_limit": {"requests_per_minute": 1, "burst": 2}}
    token = (await order.post("/v1/api-keys", new)).json()["secret"]
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as http:
        answers = [await http.post("/mcp", json={}, headers={"Authorization": f"Bearer {token}"}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [400, 400, 429]
        assert [answer.headers["ratelimit"][:9] for answer in answers] == ['"key";r=1', '"key";r=0', '"key";r=0']
        assert (answers[2].json()["code"], int(answers[2].headers["retry-after"]) > 50) == ("rate_limited", True)
        assert await _status(http, order.token) == 400


async def _status(http: httpx.AsyncClient, token: str) -> int:
    return (await http.post("/mcp", json={}, headers={"Authorization": f"Bearer {token}"})).status_code
