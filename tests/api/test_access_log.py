"""The line of a request: its fields, and what it never holds. The worker writes lines of the same form."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_worker_killed import run_worker
from tests.storefront import Storefront, storefront

SECRETS = ("ORDER-OF-MINA", "mina@example.com", "rk_")


async def _walk(shop: Storefront) -> list[tuple[str, str, int, int]]:
    """Requests with personal data in the path, in the query and in the body. Returns what the lines must say."""
    order = "ORDER-OF-MINA"
    pushed = await shop.push_order(order, buyer={"email": "mina@example.com"})
    answers = [
        ("GET", "/v1/orders/{order_id}", await shop.get(f"/v1/orders/{order}")),
        ("GET", "/v1/orders", await shop.get("/v1/orders", q="mina@example.com")),
        ("POST", "/v1/orders/{order_id}/buyer-links", link := await shop.post(f"/v1/orders/{order}/buyer-links")),
        ("GET", "/v1/claims/{claim_id}", await shop.get(f"/v1/claims/{order}")),
        ("GET", "unmatched", await shop.get(f"/v1/nowhere/{order}")),
        ("other", "/v1/claims", await shop.http.request("BREW", "/v1/claims")),
    ]
    assert pushed["order_id"] == order
    assert link.status_code == 201
    return [(method, route, answer.status_code, len(answer.content)) for method, route, answer in answers]


async def test_the_line_of_a_request_has_its_fields_and_nothing_personal(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with storefront(sqlite_url, log_format="json", log_level="debug") as shop:
        capsys.readouterr()
        expected = await _walk(shop)
        ours = [line for line in capsys.readouterr().err.splitlines() if '"app.' in line]  # httpx, the client, logs too
        lines = [line for line in map(json.loads, ours) if line["logger"] == "app.access"]
        pushed, *others = lines
        assert {(line["merchant"], len(line["key"])) for line in lines if "merchant" in line} == {
            (shop.merchant_id, 36)
        }
    assert pushed["route"] == "/v1/orders/{order_id}"
    assert [tuple(line[name] for name in ("method", "route", "status", "bytes")) for line in others] == expected
    common = {"time", "level", "logger", "message", "request_id", "method", "route", "status", "duration_ms", "bytes"}
    for line in lines:
        assert line.keys() - {"merchant", "key"} == common
        assert line["duration_ms"] > 0
    assert ["key" in line for line in lines] == [True, True, True, True, True, False, False]
    assert [secret for secret in SECRETS if secret in "".join(ours)] == []


async def test_a_text_line_says_the_same_once(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async with storefront(sqlite_url) as shop:
        capsys.readouterr()
        await shop.get("/v1/orders", q="mina@example.com")
        (line,) = (line for line in capsys.readouterr().err.splitlines() if " app.access " in line)
    assert " GET /v1/orders 200 " in line
    assert f"merchant={shop.merchant_id}" in line
    assert "method=" not in line
    assert "mina" not in line


async def test_a_worker_logs_in_the_same_form(sqlite_url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with run_worker(sqlite_url, log, RECOURSE_LOG_FORMAT="json") as process:
        async with asyncio.timeout(60):
            while "at work" not in log.read_text():  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)
        process.terminate()
        assert await asyncio.to_thread(process.wait, 30) == 0
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.read_text().splitlines()]
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert lines[-1]["message"] == "the worker has stopped"
