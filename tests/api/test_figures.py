"""What became of the orders whose buyers were told of a delay."""

from typing import Any

from app.store.database import Database
from tests.api.orders import post_report
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

DELAY = {"reason": "preparing", "message": "조금 늦어집니다.", "expected_ship_on": "2026-06-15"}


async def figures(shop: Storefront, **period: str) -> dict[str, Any]:
    answer = await shop.get("/v1/figures/delays", **period)
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in answer.json().items() if not name.endswith("_at")}


async def cancel(shop: Storefront, order_id: str, quantity: int) -> None:
    claim = await shop.claim("cancel", order_id=order_id, lines=[{"line_id": "1", "quantity": quantity}])
    await shop.give(claim, "approve")


async def test_orders_are_kept_or_cancelled_after_a_delay(shop: Storefront, database: Database) -> None:
    for order_id in ("kept", "partly", "cancelled", "in-time", "quiet"):
        await shop.push_order(order_id)
    for order_id in ("kept", "partly", "cancelled"):
        await post_report(shop, "delay", DELAY, order_id)
    later = {**DELAY, "expected_ship_on": "2026-06-16"}
    await post_report(shop, "delay", later, "kept")
    await post_report(shop, "delay?quiet=true", DELAY, "quiet")
    await publish_all(database, shop.merchant_id)
    await cancel(shop, "partly", 1)
    await cancel(shop, "cancelled", 2)
    await cancel(shop, "in-time", 2)
    shop.clock.turn(hours=1)
    assert await figures(shop) == {"orders": 3, "kept": 1, "partly_cancelled": 1, "cancelled": 1}


async def test_the_period_begins_with_its_first_instant_and_ends_before_its_last(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order()
    await post_report(shop, "delay", DELAY)
    await publish_all(database, shop.merchant_id)
    (message,) = (await shop.get("/v1/orders/order-1/messages")).json()["data"]
    told_at = message["created_at"]
    assert (await figures(shop, from_at=told_at, to_at="2026-07-01T00:00:00Z"))["orders"] == 1
    assert (await figures(shop, from_at="2026-06-01T00:00:00Z", to_at=told_at))["orders"] == 0


async def test_a_misspelt_period_is_refused(shop: Storefront) -> None:
    answer = await shop.get("/v1/figures/delays", since="2026-06-01T00:00:00Z")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
