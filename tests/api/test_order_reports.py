"""Payments, confirmations and other reports of events in the life of an order."""

from datetime import timedelta
from typing import Any

from tests.api.orders import PAYMENT, delivery, parcel, read, report, shipment
from tests.storefront import ORDER, Storefront


async def test_a_payment_reported_twice_counts_once(shop: Storefront) -> None:
    await shop.push_order(payments=[], paid_at=None)
    payment = {**PAYMENT, "captured_at": "2026-06-07T00:00:00Z"}
    once = await report(shop, "payments", payment)
    assert once["paid_at"] == "2026-06-07T00:00:00Z"
    assert await report(shop, "payments", {**PAYMENT, "captured_at": "2026-06-08T00:00:00Z"}) == once
    for changes in ({"amount": 26999}, {"method": "points"}):
        answer = await shop.post("/v1/orders/order-1/payments", {**payment, **changes})
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_differs")
    assert await read(shop) == once
    order = await report(shop, "payments", {"payment_id": "pay-2", "method": "points", "amount": 500})
    assert [payment["captured"] for payment in order["payments"]] == [27000, 500]
    assert order["paid_at"] == "2026-06-07T00:00:00Z"


async def test_the_first_confirmation_counts(shop: Storefront) -> None:
    await shop.push_order("stated")
    await shop.push_order("now")
    for order_id, body, expected in (
        ("stated", {"confirmed_at": "2026-06-07T00:00:00Z"}, "2026-06-07T00:00:00Z"),
        ("stated", {"confirmed_at": "2026-06-08T00:00:00Z"}, "2026-06-07T00:00:00Z"),
        ("now", {}, "2026-06-08T03:00:00Z"),
    ):
        answer = await shop.post(f"/v1/orders/{order_id}/confirm", body)
        assert answer.json()["confirmed_at"] == expected


FUTURE: list[tuple[str, str, dict[str, Any]]] = [
    ("shipments", "shipped_at", parcel()),
    ("deliveries", "delivered_at", parcel()),
    ("payments", "captured_at", PAYMENT),
    ("confirm", "confirmed_at", {}),
]


async def test_a_report_from_the_future_is_refused_beyond_a_difference_of_clocks(shop: Storefront) -> None:
    before = await shop.push_order(payments=[])
    soon = (shop.clock() + timedelta(minutes=5)).isoformat()
    later = (shop.clock() + timedelta(minutes=5, microseconds=1)).isoformat()
    for path, field, body in FUTURE:
        answer = await shop.post(f"/v1/orders/order-1/{path}", {**body, field: later})
        assert (answer.status_code, answer.json()["code"]) == (422, "in_future"), path
        assert answer.json()["errors"][0]["field"] == field
    for field in ("paid_at", "confirmed_at"):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, field: later})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert await read(shop) == before
    for path, field, body in FUTURE:
        assert (await shop.post(f"/v1/orders/order-1/{path}", {**body, field: soon})).status_code == 200


async def test_nothing_can_be_reported_of_an_order_that_was_never_pushed(shop: Storefront) -> None:
    for path, body in (
        ("confirm", {}),
        ("shipments", shipment()),
        ("deliveries", delivery()),
        ("payments", PAYMENT),
    ):
        answer = await shop.post(f"/v1/orders/nowhere/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await shop.get("/v1/orders/nowhere")).status_code == 404


async def test_an_order_that_something_happened_to_was_updated(shop: Storefront) -> None:
    """A storefront polls `updated_at` to find changes."""
    updates = [(await shop.push_order())["updated_at"]]
    shop.clock.turn(hours=1)
    await shop.ship()
    updates.append((await read(shop))["updated_at"])
    shop.clock.turn(hours=1)
    claim = await shop.claim("return")
    updates.append((await read(shop))["updated_at"])
    shop.clock.turn(hours=1)
    await shop.give(claim, "retract")
    updates.append((await read(shop))["updated_at"])
    assert sorted(set(updates)) == updates
