import asyncio
from typing import Any

import httpx
import pytest

from tests.races.conftest import BOTH, CALLERS, ORDERS, Arena, summary_of, tally
from tests.storefront import ORDER, Storefront

NOT_YET = {"expected_ship_on": "2099-12-31"}
"""Qoo10's policy approves cancellations by itself while there is no ship date."""


async def ship_both(shop: Storefront, order: str) -> httpx.Response:
    return await ship(shop, order, order, BOTH)


async def ship(shop: Storefront, order: str, number: str, lines: list[dict[str, Any]]) -> httpx.Response:
    parcel = {"carrier": "cj", "tracking_number": number, "shipped_at": shop.clock().isoformat(), "lines": lines}
    return await shop.post(f"/v1/orders/{order}/shipments", parcel)


async def deliver(shop: Storefront, order: str, number: str) -> httpx.Response:
    parcel = {"carrier": "cj", "tracking_number": number, "delivered_at": shop.clock().isoformat()}
    return await shop.post(f"/v1/orders/{order}/deliveries", parcel)


APPROVED_FIRST = ("409 units_not_shippable", "200", "cancel", "approved")


@pytest.mark.parametrize(
    ("policy", "headers", "shipped_first"),
    [
        ("storefront_kr", {"if_match": '"1"'}, ("200", "412 stale_version", "return", "requested")),
        ("storefront_kr", {}, ("200", "200", "return", "approved")),
        ("qoo10_jp", {"if_match": '"1"'}, ("200", "412 stale_version", "cancel", "rejected")),
        ("qoo10_jp", {}, ("200", "409 illegal_transition", "cancel", "rejected")),
    ],
)
async def test_goods_are_shipped_or_their_cancellation_is_approved_and_never_both(
    arena: Arena, policy: str, headers: dict[str, str], shipped_first: tuple[str, ...]
) -> None:
    claims = await arena.cancellations(policy=policy, **NOT_YET)
    answers = await arena.duel(
        ship_both, lambda shop, order: shop.post(f"/v1/claims/{claims[order]}/approve", **headers), ORDERS
    )
    ends = {(*summary, *await end_of(arena, order)) for order, summary in zip(ORDERS, answers, strict=True)}
    assert ends <= {shipped_first, APPROVED_FIRST}


@pytest.mark.parametrize(
    ("policy", "possible"),
    [
        ("storefront_kr", {("200", "201", "return", "requested")}),
        ("qoo10_jp", {("200", "201", "cancel", "rejected")}),
        (
            "naver",
            {("200", "201", "return", "requested"), ("409 units_not_shippable", "201", "cancel", "approved")},
        ),
    ],
)
async def test_a_request_and_a_shipment_end_alike_whichever_comes_first(
    arena: Arena, policy: str, possible: set[tuple[str, ...]]
) -> None:
    await arena.orders(policy=policy, **NOT_YET)
    asked_at = arena.shop.clock().isoformat()
    arena.shop.clock.turn(hours=1)
    answers = await arena.duel(
        ship_both,
        lambda shop, order: shop.ask("cancel", order_id=order, lines=BOTH, requested_at=asked_at),
        ORDERS,
    )
    ends = {(*summary, *await end_of(arena, order)) for order, summary in zip(ORDERS, answers, strict=True)}
    assert ends <= possible


ONE = [{"line_id": "1", "sku": "MUG-WHITE", "quantity": 1, "unit_price": 12000}]
OTHER = [{"line_id": "2", "sku": "MUG-BLACK", "quantity": 2, "unit_price": 12000}]
DEARER = [{"line_id": "1", "sku": "MUG-WHITE", "quantity": 2, "unit_price": 13000}]


@pytest.mark.parametrize(
    ("restated", "possible"),
    [
        (ONE, {("200", "409 units_unavailable"), ("409 units_taken", "201")}),
        (OTHER, {("200", "409 unknown_line"), ("409 units_taken", "201")}),
        (DEARER, {("200", "201"), ("409 line_has_claims", "201")}),
    ],
    ids=["one unit fewer", "another line", "another price"],
)
async def test_an_order_is_restated_or_claimed(
    arena: Arena, restated: list[dict[str, Any]], possible: set[tuple[str, str]]
) -> None:
    await arena.orders()
    ends = await arena.duel(
        lambda shop, order: shop.put(f"/v1/orders/{order}", {**ORDER, "lines": restated}),
        lambda shop, order: shop.ask("cancel", order_id=order, lines=BOTH),
        ORDERS,
    )
    assert set(ends) <= possible


async def test_what_was_captured_does_not_shrink_under_a_claim(arena: Arena) -> None:
    claims = await arena.cancellations()
    less = {**ORDER, "payments": [{"payment_id": "pay-1", "method": "card", "amount": 1000}]}
    ends = await arena.duel(
        lambda shop, order: shop.put(f"/v1/orders/{order}", less),
        lambda shop, order: shop.post(f"/v1/claims/{claims[order]}/approve"),
        ORDERS,
    )
    assert set(ends) <= {("409 order_has_claims", "200"), ("409 payment_refunded", "200")}


@pytest.mark.parametrize(
    "place",
    [
        "one app on sqlite",
        pytest.param("one app on postgres", marks=pytest.mark.postgres),
        pytest.param("two processes on postgres", marks=pytest.mark.postgres),
    ],
    indirect=True,
)
async def test_an_order_that_all_push_at_once_is_made_once(arena: Arena) -> None:
    answers = await arena.rush(lambda shop, _: shop.put("/v1/orders/order-1", ORDER), range(CALLERS))
    assert tally(answers) == {"201": 1, "200": CALLERS - 1}


async def test_no_more_units_are_shipped_than_were_ordered(arena: Arena) -> None:
    await arena.shop.push_order(lines=[{"line_id": "1", "quantity": 20, "unit_price": 100}])
    answers = await arena.rush(
        lambda shop, number: ship(shop, "order-1", f"T-{number}", [{"line_id": "1", "quantity": 1}]),
        range(CALLERS),
    )
    assert tally(answers) == {"200": 20, "409 units_not_shippable": CALLERS - 20}


async def test_one_parcel_counts_once_however_often_it_is_reported(arena: Arena) -> None:
    await arena.shop.push_order()
    both = (lambda shop: ship_both(shop, "order-1"), lambda shop: deliver(shop, "order-1", "order-1"))
    answers = await arena.rush(lambda shop, number: both[number % 2](shop), range(CALLERS))
    assert tally(answers) == {"200": CALLERS}
    (line,) = (await arena.shop.get("/v1/orders/order-1")).json()["lines"]
    assert (line["shipped"], line["delivered"]) == (2, 2)


async def test_each_payment_counts_once_however_often_it_is_reported(arena: Arena) -> None:
    await arena.shop.push_order(payments=[])
    answers = await arena.rush(
        lambda shop, number: shop.post(
            "/v1/orders/order-1/payments", {"payment_id": f"pay-{number % 8}", "method": "card", "amount": 100}
        ),
        range(CALLERS),
    )
    assert tally(answers) == {"200": CALLERS}
    order = (await arena.shop.get("/v1/orders/order-1")).json()
    assert sorted(payment["payment_id"] for payment in order["payments"]) == [f"pay-{n}" for n in range(8)]


async def end_of(arena: Arena, order: str) -> tuple[str, str]:
    (claim,) = (await arena.shop.get("/v1/claims", order_id=order)).json()["data"]
    return claim["kind"], claim["state"]


async def test_an_order_is_pushed_claimed_and_shipped_at_the_same_moment(arena: Arena) -> None:
    """Before the push is committed there is no order to lock. A caller that finds no order must not find one later."""

    async def act(shop: Storefront, thing: tuple[str, int]) -> httpx.Response:
        order, caller = thing
        if caller == 0:
            return await shop.put(f"/v1/orders/{order}", ORDER)
        await asyncio.sleep(0.0007 * caller)
        if caller % 2:
            return await shop.ask("cancel", order_id=order, lines=BOTH)
        return await ship(shop, order, f"T-{order}-{caller}", [{"line_id": "1", "quantity": 2}])

    things = [(f"{order}-{again}", caller) for again in range(5) for order in ORDERS for caller in range(7)]
    answers = await arena.rush(act, things)
    ways: dict[str, list[str]] = {order: [] for order, _ in things}
    for (order, caller), answer in zip(things, answers, strict=True):
        ways[order] += [summary_of(answer)] if caller else []
    assert all(sum(way.startswith("2") for way in summaries) <= 2 for summaries in ways.values())
