"""The counts of /metrics, and the names that /metrics never shows."""

import pytest
from fastapi import FastAPI

from tests.api.metrics import metric_of, metrics
from tests.storefront import Storefront

COUNTED: list[tuple[str, dict[str, str], int]] = [
    ("recourse_decisions_total", {"command": "request", "kind": "cancel", "outcome": "decided", "origin": "buyer"}, 1),
    ("recourse_decisions_total", {"command": "request", "kind": "return", "outcome": "refused", "origin": "buyer"}, 1),
    ("recourse_decisions_total", {"command": "approve", "kind": "cancel", "outcome": "decided", "origin": "seller"}, 1),
    ("recourse_decisions_total", {"command": "settle_refund", "outcome": "decided", "origin": "system"}, 1),
    ("recourse_decisions_total", {}, 4),
    ("recourse_refusals_total", {"code": "not_shipped"}, 1),
    ("recourse_events_total", {"type": "claim.requested"}, 1),
    ("recourse_events_total", {"type": "refund.created"}, 1),
    (
        "recourse_http_requests_total",
        {"method": "POST", "route": "/v1/claims/{claim_id}/approve", "status": "200"},
        1,
    ),
    ("recourse_http_requests_total", {"route": "unmatched", "status": "404"}, 1),
    ("recourse_http_request_duration_seconds_count", {"route": "/v1/claims"}, 2),
]


async def test_decisions_events_and_requests_are_counted(
    shop: Storefront, service: FastAPI, subtests: pytest.Subtests
) -> None:
    before = [await metric_of(shop, service, sample, **labels) for sample, labels, _ in COUNTED]
    await shop.push_order()
    await shop.ask("return")
    body = {"order_id": "order-1", "kind": "cancel", "reason": "other", "lines": [{"line_id": "1", "quantity": 1}]}
    assert (await shop.post("/v1/claims/quote", body)).status_code == 200  # a quote is no decision
    claim = await shop.give(await shop.claim("cancel"), "approve")
    for refund in await shop.refunds_of(claim):
        await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {"amount": refund["amount"]})
    await shop.get("/v1/nowhere/at/all")
    for (sample, labels, expected), count in zip(COUNTED, before, strict=True):
        with subtests.test(f"{sample} {labels}"):
            assert await metric_of(shop, service, sample, **labels) == count + expected


async def test_metrics_name_no_order_no_claim_and_no_invented_method(sqlite_shop: Storefront, service: FastAPI) -> None:
    await sqlite_shop.push_order("order-of-metrics")
    claim = await sqlite_shop.claim("cancel", order_id="order-of-metrics")
    for method in ("GET", "BREW"):
        await sqlite_shop.http.request(method, f"/v1/claims/{claim['claim_id']}")
    exposition = await metrics(sqlite_shop, service)
    for name in ("order-of-metrics", claim["claim_id"], sqlite_shop.merchant_id, "BREW"):
        assert name not in exposition
