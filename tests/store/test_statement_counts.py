from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from tests.store.watching import WatchedShop, watch
from tests.storefront import ORDER, Storefront

TAKES: Mapping[str, tuple[int, int]] = {
    "push a new order": (5, 0),
    "push it again": (3, 1),
    "push it dearer": (6, 1),
    "read an order": (2, 0),
    "quote": (1, 0),
    "request": (9, 0),  # one of them is remembered for some seconds: the rules in force
    "the same again": (1, 0),
    "a request that is refused": (4, 0),
    "read a claim": (1, 0),
    "read a history": (1, 0),
    "approve": (12, 0),  # two are remembered for some seconds: whether the merchant has limits, and a breaker
    "list refunds": (1, 0),
    "report an attempt": (8, 1),
    "report a success": (11, 1),
    "ship": (12, 1),
    "ship over a cancellation": (18, 1),
    "deliver": (11, 1),
    "confirm": (6, 1),
}
"""Statements of each use case, and how many more PostgreSQL takes to lock rows; on SQLite the file is locked already.
A higher number is one more round trip for every caller. Write a lower number down here."""

BODY: dict[str, Any] = {
    "order_id": "order-1",
    "kind": "cancel",
    "reason": "change_of_mind",
    "lines": [{"line_id": "1", "quantity": 1}],
}
MANY = [{"line_id": str(number), "quantity": 1, "unit_price": 1000} for number in range(50)]


@pytest.fixture
async def watched_shop(database_url: str) -> AsyncIterator[WatchedShop]:
    async with watch(database_url) as opened:
        yield opened


async def test_every_use_case_takes_its_number_of_statements(watched_shop: WatchedShop) -> None:
    counts = {name: number async for name, number in walk(watched_shop)}
    locks = not watched_shop.app.state.app_state.database.is_sqlite
    assert counts == {name: count + more * locks for name, (count, more) in TAKES.items()}


async def walk(watched_shop: WatchedShop) -> AsyncIterator[tuple[str, int]]:
    """Run each use case; yield its name and the number of its statements."""
    shop = watched_shop.shop

    async def count_statements(answer: Any) -> tuple[int, httpx.Response]:
        with watched_shop.record_statements() as statements:
            answered: httpx.Response = await answer
        assert answered.status_code < 500, answered.text
        return len(statements), answered

    yield "push a new order", (await count_statements(shop.put("/v1/orders/order-1", ORDER)))[0]
    yield "push it again", (await count_statements(shop.put("/v1/orders/order-1", ORDER)))[0]
    dearer = {**ORDER, "lines": [{**ORDER["lines"][0], "quantity": 4, "unit_price": 13000}]}
    dearer["payments"] = [{**ORDER["payments"][0], "amount": 55000}]
    yield "push it dearer", (await count_statements(shop.put("/v1/orders/order-1", dearer)))[0]
    yield "read an order", (await count_statements(shop.get("/v1/orders/order-1")))[0]
    yield "quote", (await count_statements(shop.post("/v1/claims/quote", BODY)))[0]
    count, answer = await count_statements(shop.post("/v1/claims", BODY, key="once"))
    yield "request", count
    claim = f"/v1/claims/{answer.json()['claim_id']}"
    yield "the same again", (await count_statements(shop.post("/v1/claims", BODY, key="once")))[0]
    too_many = {**BODY, "lines": [{"line_id": "1", "quantity": 9}]}
    yield "a request that is refused", (await count_statements(shop.post("/v1/claims", too_many)))[0]
    yield "read a claim", (await count_statements(shop.get(claim)))[0]
    yield "read a history", (await count_statements(shop.get(f"{claim}/events")))[0]
    yield "approve", (await count_statements(shop.post(f"{claim}/approve")))[0]
    count, answer = await count_statements(shop.get("/v1/refunds", order_id="order-1"))
    yield "list refunds", count
    refund = f"/v1/refunds/{answer.json()['data'][0]['refund_id']}"
    yield "report an attempt", (await count_statements(shop.post(f"{refund}/processing")))[0]
    yield "report a success", (await count_statements(shop.post(f"{refund}/succeeded")))[0]
    yield "ship", (await count_statements(shop.post("/v1/orders/order-1/shipments", parcel(shop, 1, 1))))[0]
    await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 2}], requested_at="2026-06-07T12:00:00+09:00")
    count, _ = await count_statements(shop.post("/v1/orders/order-1/shipments", parcel(shop, 2, 2)))
    yield "ship over a cancellation", count
    arrived = {"carrier": "cj", "tracking_number": "1", "delivered_at": shop.clock().isoformat()}
    yield "deliver", (await count_statements(shop.post("/v1/orders/order-1/deliveries", arrived)))[0]
    yield "confirm", (await count_statements(shop.post("/v1/orders/order-1/confirm")))[0]


def parcel(shop: Storefront, number: int, units: int) -> dict[str, Any]:
    lines = [{"line_id": "1", "quantity": units}]
    moment = shop.clock().isoformat()
    return {"carrier": "cj", "tracking_number": str(number), "shipped_at": moment, "lines": lines}


async def test_lists_take_one_statement_however_long_they_are(watched_shop: WatchedShop) -> None:
    shop = watched_shop.shop
    for number in range(50):
        await shop.push_order(f"order-{number}")
        await shop.give(await shop.claim("cancel", order_id=f"order-{number}"), "approve")
    counts = {}
    for what in ("claims", "orders", "refunds"):
        with watched_shop.record_statements() as statements:
            page = (await shop.get(f"/v1/{what}", limit=50)).json()["data"]
        counts[what] = (len(page), len(statements))
    assert counts == {"claims": (50, 1), "orders": (50, 1), "refunds": (50, 1)}


async def test_an_order_of_many_lines_takes_no_more_statements_than_one_of_one(watched_shop: WatchedShop) -> None:
    shop = watched_shop.shop
    all_lines = [{"line_id": line["line_id"], "quantity": 1} for line in MANY]
    counts = {}
    for name, act in {
        "push a new order": shop.put("/v1/orders/order-1", {**ORDER, "lines": MANY}),
        "push it dearer": shop.put(
            "/v1/orders/order-1",
            {
                **ORDER,
                "lines": [{**line, "unit_price": 1100} for line in MANY],
                "payments": [{**ORDER["payments"][0], "amount": 30000}],
            },
        ),
        "request": shop.post("/v1/claims", {**BODY, "lines": all_lines}),
    }.items():
        with watched_shop.record_statements() as statements:
            assert (await act).is_success
        counts[name] = len(statements)
    locks = not watched_shop.app.state.app_state.database.is_sqlite
    assert counts == {name: TAKES[name][0] + TAKES[name][1] * locks for name in counts}
