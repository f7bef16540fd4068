"""The board of orders: each tab has the orders that need the seller, once and in its order."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.deadlines import fire_at
from tests.api.orders import post_report
from tests.storefront import Storefront

ADDRESS = {"address": {"recipient": "김민아", "postal_code": "04524", "street": "세종대로 110"}}
BLUE = {"line_id": "1", "quantity": 1, "sku": "mug-blue", "title": "파란 머그컵", "unit_price": 12_000}


async def tab(shop: Storefront, name: str, **query: Any) -> list[str]:
    answer = await shop.get("/v1/order-board", tab=name, **query)
    assert answer.status_code == 200, answer.text
    return [row["order_id"] for row in answer.json()["data"]]


async def counts(shop: Storefront) -> dict[str, Any]:
    answer = await shop.get("/v1/order-board/counts")
    assert answer.status_code == 200, answer.text
    return {name: count for name, count in answer.json().items() if count and name != "counted_on"}


async def test_ship_dates_lead_to_their_tabs_until_the_goods_leave(shop: Storefront) -> None:
    for number, day in enumerate(("2026-06-10", "2026-06-08", "2026-06-09", None, "2026-06-08")):
        await shop.push_order(f"order-{number}", expected_ship_on=day)
    assert (await shop.get("/v1/order-board/counts")).json()["counted_on"] == "2026-06-08"
    assert await counts(shop) == {"no_ship_date": 1, "ship_soon": 3}
    assert await tab(shop, "no_ship_date") == ["order-3"]
    assert await tab(shop, "ship_soon") == ["order-1", "order-4", "order-2"]
    first = (await shop.get("/v1/order-board", tab="ship_soon", limit=1)).json()
    assert await tab(shop, "ship_soon", cursor=first["next_cursor"]) == ["order-4", "order-2"]
    assert await tab(shop, "ship_soon", q="order-2") == ["order-2"]
    shop.clock.turn(days=1)
    assert await tab(shop, "ship_late") == ["order-1", "order-4"]
    await shop.ship("order-1")
    claim = await shop.claim("cancel", order_id="order-4", lines=[{"line_id": "1", "quantity": 2}])
    assert await tab(shop, "open_cancellation") == ["order-4"]
    await shop.give(claim, "approve")
    assert await counts(shop) == {"no_ship_date": 1, "ship_soon": 2}


async def test_an_order_that_is_not_paid_is_not_to_be_shipped(shop: Storefront) -> None:
    await shop.push_order("order-1", paid_at=None, payments=[])
    assert await counts(shop) == {}
    await post_report(shop, "payments", {"payment_id": "p", "method": "card", "amount": 27_000})
    assert await tab(shop, "no_ship_date") == ["order-1"]


async def test_an_order_with_two_open_cancellations_is_listed_once(shop: Storefront) -> None:
    await shop.push_order()
    for _ in range(2):
        await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 1}])
    assert await counts(shop) == {"no_ship_date": 1, "open_cancellation": 1}
    (row,) = (await shop.get("/v1/order-board", tab="open_cancellation")).json()["data"]
    assert (row["to_ship"], row["cancelling"], row["shipping"]["state"]) == (2, 2, "unpacked")


async def test_wanted_days_are_those_of_the_order_and_of_its_lines(shop: Storefront) -> None:
    await shop.push_order("order-1", wanted_on="2026-06-20")
    await shop.push_order("order-2")
    await post_report(
        shop, "delivery-dates", {"lines": [{"line_id": "1", "deliver_on": "2026-06-15"}]}, order_id="order-2"
    )
    await shop.push_order("order-3")
    assert await tab(shop, "wanted") == ["order-2", "order-1"]
    await shop.ship("order-2", delivered=False)
    assert await tab(shop, "wanted") == ["order-1"]


async def test_open_changes_stand_side_by_side_with_the_order(shop: Storefront) -> None:
    for number in range(3):
        await shop.push_order(f"order-{number}")
    await post_report(shop, "option-changes", BLUE, order_id="order-2")
    shop.clock.turn(minutes=1)
    await post_report(shop, "address-changes", ADDRESS, order_id="order-2")
    await post_report(shop, "address-changes", ADDRESS, order_id="order-0")
    assert await counts(shop) == {"no_ship_date": 3, "open_change": 2}
    rows = (await shop.get("/v1/order-board", tab="open_change")).json()["data"]
    assert {row["order_id"] for row in rows} == {"order-0", "order-2"}
    both = next(row for row in rows if row["order_id"] == "order-2")
    assert both["address_change"]["address"]["street"] == "세종대로 110"
    assert [change["sku"] for change in both["option_changes"]] == ["mug-blue"]


@pytest.mark.parametrize("parcels", [1, 2])
async def test_an_order_that_is_silent_in_transit_is_listed_once_until_its_delivery(
    shop: Storefront, database: Database, parcels: int
) -> None:
    await shop.push_order()
    for number in range(parcels):
        units = {"lines": [{"line_id": "1", "quantity": 2 // parcels}]}
        sent = {"carrier": "cj", "tracking_number": f"T{number}", "shipped_at": shop.clock().isoformat()}
        await post_report(shop, "shipments", sent | units)
    await fire_at(shop, database, "2026-06-13T00:00:00+09:00")
    assert await tab(shop, "silent_in_transit") == ["order-1"]
    for number in range(parcels):
        arrived = {"carrier": "cj", "tracking_number": f"T{number}", "delivered_at": shop.clock().isoformat()}
        await post_report(shop, "deliveries", arrived)
    assert await counts(shop) == {}
