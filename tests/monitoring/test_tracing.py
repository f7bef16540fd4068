"""Spans of OpenTelemetry, as a receiver of OTLP gets them from a service and a worker in processes of their own."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import clock
from tests.delivery.receiver import Receiver, open_receiver
from tests.faults.test_worker_killed import run_worker
from tests.monitoring.collector import ReceivedSpan, open_collector
from tests.serving import serving
from tests.storefront import Storefront, storefront

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADERS = {"traceparent": f"00-{TRACE}-{CALLER}-01", "x-request-id": "look-for-me"}
BUYER = "mina@example.com"
SERVER, CLIENT = 2, 3


@dataclass
class Traced:
    spans: list[ReceivedSpan]
    bodies: bytes
    lines: list[dict[str, Any]]
    answer: httpx.Response
    event_id: str

    def of(self, name: str) -> ReceivedSpan:
        (span,) = (span for span in self.spans if span.name == name and span.trace_id == TRACE)
        return span

    def inside(self, parent: ReceivedSpan) -> list[ReceivedSpan]:
        return [span for span in self.spans if span.parent_id == parent.span_id]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as receiver:
        yield receiver


async def fill(shop: Storefront, receiver: Receiver) -> None:
    """The endpoint and the order are made without tracing."""
    assert (await shop.post("/v1/webhook-endpoints", {"url": receiver.url})).status_code == 201
    shop.clock.instant = clock.now()
    await shop.push_order(paid_at=clock.now().isoformat(), buyer={"email": BUYER})


async def ask(shop: Storefront, url: str) -> httpx.Response:
    body = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind"}
    headers = {**HEADERS, "Authorization": f"Bearer {shop.token}", "Idempotency-Key": "k"}
    async with httpx.AsyncClient() as http:
        await http.get(f"{url}/readyz")
        await http.get(f"{url}/v1/orders", params={"q": BUYER}, headers=headers)
        return await http.post(
            f"{url}/v1/claims", json={**body, "lines": [{"line_id": "1", "quantity": 1}]}, headers=headers
        )


@pytest.fixture
async def traced(
    database_url: str, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Traced]:
    """One claim, from the request to the webhook."""
    with open_collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        settings = {"tracing_enabled": "true", "log_format": "json", "webhook_allow_private": "true"}
        log = tmp_path / "serve"
        async with storefront(database_url, webhook_allow_private=True) as shop:
            await fill(shop, receiver)
            with serving(database_url, log, embedded_worker="false", **settings) as service:
                answer = await ask(shop, service.url)
                with run_worker(database_url, tmp_path / "worker", RECOURSE_TRACING_ENABLED="true"):
                    await receiver.until(1, within=60)
                    spans = await asyncio.to_thread(collector.until, _has_all)
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        yield Traced(spans, b"".join(collector.bodies), lines, answer, receiver.ids[-1])


def _has_all(spans: list[ReceivedSpan]) -> bool:
    named = {span.name for span in spans if span.trace_id == TRACE}
    return {"POST /v1/claims", "decide request", "GET /v1/orders", "deliver webhook"} <= named


async def test_one_trace_leads_from_the_caller_through_the_decision_to_the_webhook(
    traced: Traced, receiver: Receiver
) -> None:
    assert traced.answer.status_code == 201
    assert traced.answer.headers["x-request-id"] == "look-for-me"
    request = traced.of("POST /v1/claims")
    assert (request.parent_id, request.kind, request.service) == (CALLER, SERVER, "recourse")
    expected = {
        "http.request.method": "POST",
        "http.route": "/v1/claims",
        "http.response.status_code": 201,
        "recourse.request_id": "look-for-me",
    }
    assert expected.items() <= request.attributes.items()
    assert request.attributes.keys() >= {"recourse.merchant", "recourse.key"}
    decision = traced.of("decide request")
    assert decision.parent_id == request.span_id
    assert {"recourse.outcome": "decided", "recourse.kind": "cancel"}.items() <= decision.attributes.items()
    names = {span.name for span in traced.inside(request)}
    assert {"UPDATE orders", "INSERT idempotency_keys", "COMMIT"} <= names
    assert {"INSERT claims", "INSERT claim_events"} <= {span.name for span in traced.inside(decision)}
    statement = next(span for span in traced.inside(decision) if span.name == "INSERT claims")
    assert statement.attributes["db.query.text"].startswith("INSERT INTO claims")
    delivery = traced.of("deliver webhook")
    assert (delivery.parent_id, delivery.kind) == (decision.span_id, CLIENT)
    assert delivery.attributes["recourse.event"] in receiver.ids
    assert delivery.attributes["recourse.outcome"] == "delivered"
    assert delivery.attributes["http.response.status_code"] == 204
    _assert_that_logs_name_the_span(traced, request)
    _assert_that_nothing_personal_is_exported(traced)


def _assert_that_logs_name_the_span(traced: Traced, request: ReceivedSpan) -> None:
    (line,) = (each for each in traced.lines if each["message"].startswith("POST /v1/claims 201"))
    assert (line["trace_id"], line["span_id"]) == (TRACE, request.span_id)
    probes = [each for each in traced.lines if "/readyz" in each["message"]]
    assert probes
    assert all("trace_id" not in probe for probe in probes)


def _assert_that_nothing_personal_is_exported(traced: Traced) -> None:
    assert not [span for span in traced.spans if "/readyz" in span.name]
    assert not [span for span in traced.spans if not span.parent_id and span.kind == CLIENT]  # a worker that polls
    for secret in (BUYER, "url.path", "url.query", "rk_", "order-1"):
        assert secret.encode() not in traced.bodies, secret


PROBE = """
import sys
from app.main import create_app
create_app()
print(sorted(name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))))
"""


def test_without_tracing_nothing_of_the_sdk_is_imported(tmp_path: Path) -> None:
    """FastAPI itself imports the interface of OpenTelemetry."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("RECOURSE_", "OTEL_"))}
    root = str(Path(__file__).parents[2])
    ended = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={**clean, "PYTHONPATH": root, "FASTAPI_OTEL_AUTO_CONFIGURE": "true"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.strip() == "[]"
