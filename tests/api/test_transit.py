"""A parcel whose delivery is not reported: first the seller asks the carrier, then the buyer is told, each once."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.deadlines import fire_at, just_before_and_at, publish, tick
from tests.api.order_events import order_event_types, order_events
from tests.api.orders import post_report
from tests.messages.claim_messages import MUGS
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

ASK, TELL = "2026-06-13T00:00:00+09:00", "2026-06-15T00:00:00+09:00"
"""Four and six days after Monday, the day of the shipping."""


async def alerts(database: Database) -> list[str]:
    return [name for name in await order_event_types(database) if name in ("carrier_silent", "transit_delayed")]


async def test_first_the_seller_asks_the_carrier_and_later_the_buyer_is_told_each_once(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**MUGS, wanted_on="2026-06-30", gift=True)
    await shop.ship(delivered=False)
    assert await just_before_and_at(shop, database, ASK) == (0, 1)
    assert await just_before_and_at(shop, database, TELL) == (0, 1)
    assert await fire_at(shop, database, "2026-08-01T00:00:00+09:00") == 0
    assert await alerts(database) == ["carrier_silent", "transit_delayed"]
    (parcel,) = (await shop.get("/v1/orders/order-1")).json()["shipments"]
    assert parcel["carrier_silent_at"] == "2026-06-12T15:00:00Z"
    assert parcel["transit_delayed_at"] == "2026-06-14T15:00:00Z"
    await publish_all(database, shop.merchant_id)
    listed = (await shop.get("/v1/orders/order-1/messages", limit=100)).json()["data"]
    told = [(each["event"], each["audience"], each["text"]) for each in listed if "shipped" not in each["event"]]
    assert [each[:2] for each in told] == [("order.carrier_silent", "seller"), ("order.transit_delayed", "buyer")]
    assert "6월 8일(월)에 발송한 상품" in told[0][2]
    assert "택배사: CJ대한통운" in told[0][2]
    assert "구매자 희망일: 6월 30일(화)\n선물용 주문입니다.\n" in told[0][2]
    assert "배송 완료가 아직 확인되지 않았습니다" in told[1][2]


@pytest.mark.parametrize(("delivered_after", "raised"), [(0, []), (1, ["carrier_silent"])])
async def test_a_delivery_ends_the_alerts(
    shop: Storefront, database: Database, delivered_after: int, raised: list[str]
) -> None:
    await shop.push_order()
    await shop.ship(delivered=False)
    if delivered_after:
        await fire_at(shop, database, ASK)
    delivery = {"carrier": "cj", "tracking_number": "T-order-1", "delivered_at": shop.clock().isoformat()}
    await post_report(shop, "deliveries", delivery)
    assert await fire_at(shop, database, "2026-08-01T00:00:00+09:00") == 0
    assert await alerts(database) == raised


async def test_each_parcel_has_its_own_alerts(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    for number in ("T-1", "T-2"):
        await shop.ship(delivered=False, tracking_number=number, lines=[{"line_id": "1", "quantity": 1}])
    assert await fire_at(shop, database, ASK) == 2
    silent = [data["tracking_number"] for name, data in await order_events(database) if name == "order.carrier_silent"]
    assert silent == ["T-1", "T-2"]


async def test_the_times_are_terms_of_the_policy(shop: Storefront, database: Database) -> None:
    await publish(shop, ask_carrier_after={"length": 1}, tell_buyer_after={"length": 1, "unit": "business_days"})
    await shop.push_order(policy="house")
    await shop.ship(delivered=False)
    assert await just_before_and_at(shop, database, "2026-06-10T00:00:00+09:00") == (0, 2)
    assert await alerts(database) == ["carrier_silent", "transit_delayed"]


@pytest.mark.parametrize("when", ["with the shipment", "later"])
async def test_nobody_is_told_before_the_expected_arrival_is_over(
    shop: Storefront, database: Database, when: str
) -> None:
    arrival = {"expected_arrival_on": "2026-06-20"}
    await shop.push_order()
    await shop.ship(delivered=False, **(arrival if when == "with the shipment" else {}))
    if when == "later":
        await post_report(shop, "expected-arrival-date", arrival)
    assert await just_before_and_at(shop, database, "2026-06-21T00:00:00+09:00") == (0, 1)
    assert await just_before_and_at(shop, database, "2026-06-23T00:00:00+09:00") == (0, 1)


@pytest.mark.parametrize(("days", "raised"), [(3, ["carrier_silent", "transit_delayed"]), (30, [])])
async def test_a_parcel_whose_time_had_passed_when_it_was_reported_is_not_watched(
    shop: Storefront, database: Database, days: int, raised: list[str]
) -> None:
    await shop.push_order()
    shipped_at = shop.clock().isoformat()
    shop.clock.turn(days=days)
    await shop.ship(delivered=False, shipped_at=shipped_at)
    shop.clock.turn(days=60)
    await tick(shop, database)
    assert await alerts(database) == raised


async def test_nobody_waits_for_a_parcel_whose_goods_are_all_in_claims(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship(delivered=False)
    lines: list[dict[str, Any]] = [{"line_id": "1", "quantity": 2}]
    await shop.claim("refund", "lost_in_delivery", lines=lines)
    await fire_at(shop, database, TELL)
    assert await alerts(database) == []


async def test_a_parcel_is_watched_again_after_the_claim_for_all_its_goods_was_retracted(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order()
    await shop.ship(delivered=False)
    claim = await shop.claim("refund", "lost_in_delivery", lines=[{"line_id": "1", "quantity": 2}])
    await fire_at(shop, database, ASK)
    await shop.give((await shop.get(f"/v1/claims/{claim['claim_id']}")).json(), "retract")
    assert await alerts(database) == []
    await fire_at(shop, database, TELL)
    assert await alerts(database) == ["carrier_silent", "transit_delayed"]
