"""The day by which the buyer wants an order: the seller is warned once, and the buyer is told honestly."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.deadlines import fire_at
from tests.api.order_events import facts, order_event_types
from tests.api.orders import post_report
from tests.messages.claim_messages import MUGS
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

GIFT: dict[str, Any] = {**MUGS, "wanted_on": "2026-06-12", "gift": True}
DELAY = {"reason": "preparing", "message": "조금 늦어집니다.", "expected_ship_on": "2026-06-11"}
WARNED = ["ship_date_set", "delayed", "wanted_day_missed"]


async def texts_of(shop: Storefront, database: Database, event: str, audience: str) -> list[str]:
    await publish_all(database, shop.merchant_id)
    listed = (await shop.get("/v1/orders/order-1/messages", limit=100)).json()["data"]
    return [each["text"] for each in listed if (each["event"], each["audience"]) == (event, audience)]


@pytest.mark.parametrize(
    ("arrival", "is_late"),
    [({"expected_arrival_on": "2026-06-13"}, True), ({"expected_arrival_on": "2026-06-12"}, False)],
)
async def test_the_seller_is_warned_of_a_gift_that_will_arrive_after_the_wanted_day(
    shop: Storefront, database: Database, arrival: dict[str, str], is_late: bool
) -> None:
    order = await shop.push_order(**GIFT, expected_ship_on="2026-06-10", **arrival)
    assert (order["wanted_on"], order["gift"]) == ("2026-06-12", True)
    texts = await texts_of(shop, database, "order.wanted_day_missed", "seller")
    assert len(texts) == is_late
    assert all("6월 12일(금)까지 받기를 원하는 주문입니다. 선물용 주문입니다." in text for text in texts)


@pytest.mark.parametrize("way", ["ship date", "chosen day"])
async def test_without_an_arrival_date_the_ship_date_counts_for_the_order_and_for_a_line(
    shop: Storefront, database: Database, way: str
) -> None:
    wish = {"wanted_on": "2026-06-09"} if way == "ship date" else {}
    await shop.push_order(expected_ship_on="2026-06-10", **wish)
    if way == "chosen day":
        await post_report(shop, "delivery-dates", {"lines": [{"line_id": "1", "deliver_on": "2026-06-09"}]})
    assert (await order_event_types(database))[-1] == "wanted_day_missed"
    told = await facts(database)
    assert (told["wanted_on"], told["expected_ship_on"], told["gift"]) == ("2026-06-09", "2026-06-10", False)


async def test_the_warning_comes_once_for_a_wanted_day_and_again_for_another(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**GIFT, expected_ship_on="2026-06-10")
    late = {**DELAY, "expected_arrival_on": "2026-06-14"}
    await post_report(shop, "delay", late)
    assert await order_event_types(database) == WARNED
    await post_report(shop, "expected-arrival-date", {"expected_arrival_on": "2026-06-15"})
    assert (await order_event_types(database))[3:] == ["arrival_date_set"]
    await shop.push_order(**{**GIFT, "wanted_on": "2026-06-13"})
    assert (await order_event_types(database))[4:] == ["wanted_day_missed"]
    await shop.push_order(**{**GIFT, "wanted_on": "2026-06-15"})
    await shop.push_order(**{**GIFT, "wanted_on": None})
    assert len(await order_event_types(database)) == 5


@pytest.mark.parametrize(
    ("arrival", "sentence"),
    [
        ({"expected_arrival_on": "2026-06-13"}, "원하신 6월 12일(금)까지는 도착하기 어렵습니다."),
        ({"expected_arrival_on": "2026-06-12"}, None),
        ({}, "원하신 6월 12일(금)까지 도착할지는 아직 약속드리기 어렵습니다."),
    ],
)
async def test_a_delay_says_honestly_whether_the_goods_come_by_the_wanted_day(
    shop: Storefront, database: Database, arrival: dict[str, str], sentence: str | None
) -> None:
    await shop.push_order(**GIFT, expected_ship_on="2026-06-10")
    await post_report(shop, "delay", {**DELAY, **arrival})
    (text,) = await texts_of(shop, database, "order.delayed", "buyer")
    assert (sentence or "") in text
    assert ("원하신 6월" in text) == (sentence is not None)


async def test_the_warnings_about_the_ship_date_name_the_gift_and_the_day(shop: Storefront, database: Database) -> None:
    await shop.push_order(**GIFT, expected_ship_on="2026-06-10")
    await fire_at(shop, database, "2026-06-09T00:00:00+09:00")
    (text,) = await texts_of(shop, database, "order.ship_date_near", "seller")
    assert "구매자 희망일: 6월 12일(금)\n선물용 주문입니다.\n" in text


async def test_a_wanted_day_that_was_over_when_it_was_heard_warns_nobody(shop: Storefront, database: Database) -> None:
    await shop.push_order(**{**GIFT, "wanted_on": "2026-06-05"}, expected_ship_on="2026-06-10")
    assert (await facts(database))["quiet"] == "past"
    assert await texts_of(shop, database, "order.wanted_day_missed", "seller") == []


async def test_an_order_that_has_arrived_misses_no_day(shop: Storefront, database: Database) -> None:
    await shop.push_order(expected_ship_on="2026-06-10")
    await shop.ship()
    await shop.push_order(wanted_on="2026-06-09")
    assert "wanted_day_missed" not in await order_event_types(database)
