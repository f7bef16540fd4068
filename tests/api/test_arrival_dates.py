"""The expected arrival date of an order: told with the ship date and alone, and removed where it no longer holds."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.order_events import facts, order_event_types
from tests.api.orders import post_report, refusal_of
from tests.messages.claim_messages import MUGS
from tests.messages.publishing import publish_all
from tests.storefront import ORDER, Storefront

DATES = {"expected_ship_on": "2026-06-10", "expected_arrival_on": "2026-06-12"}
DELAY = {"reason": "preparing", "message": "조금 늦어집니다.", "expected_ship_on": "2026-06-15"}


async def text_of(shop: Storefront, event: str) -> str:
    listed = (await shop.get("/v1/orders/order-1/messages", limit=100)).json()["data"]
    (text,) = [message["text"] for message in listed if message["event"] == event]
    return str(text)


@pytest.mark.parametrize("way", ["push", "expected-ship-date"])
async def test_a_ship_date_and_its_arrival_date_are_one_event_however_they_are_sent(
    shop: Storefront, database: Database, way: str
) -> None:
    await shop.push_order()
    order = await (shop.push_order(**DATES) if way == "push" else post_report(shop, way, DATES))
    assert order["expected_arrival_on"] == "2026-06-12"
    assert await order_event_types(database) == ["ship_date_set"]
    assert await facts(database) == {**DATES, "wanted_on": None, "gift": False}


@pytest.mark.parametrize(("stated", "known"), [({"expected_arrival_on": "2026-06-17"}, "2026-06-17"), ({}, None)])
async def test_a_delay_names_the_new_arrival_or_leaves_it_unknown(
    shop: Storefront, database: Database, stated: dict[str, str], known: str | None
) -> None:
    await shop.push_order(**MUGS, **DATES)
    order = await post_report(shop, "delay", {**DELAY, **stated})
    assert order["expected_arrival_on"] == known
    told = await facts(database)
    assert (told["expected_arrival_on"], told["previous_arrival_on"]) == (known, "2026-06-12")
    await publish_all(database, shop.merchant_id)
    arrival = "도착 예정일: 6월 17일(수) (이전 예정일 6월 12일(금))\n"
    assert (arrival in await text_of(shop, "order.delayed")) == (known is not None)


async def test_a_push_with_the_same_ship_date_keeps_the_arrival_date(shop: Storefront) -> None:
    await shop.push_order(**DATES)
    assert (await shop.push_order(expected_ship_on="2026-06-10"))["expected_arrival_on"] == "2026-06-12"
    assert (await shop.push_order(expected_ship_on="2026-06-11"))["expected_arrival_on"] is None


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2026-06-16", "예정보다 늦어지게 되었습니다"), ("2026-06-11", "도착 예정일을 알려 드립니다")],
)
async def test_an_arrival_date_is_changed_after_the_shipping_and_the_buyer_is_told_once(
    shop: Storefront, database: Database, day: str, sentence: str
) -> None:
    await shop.push_order(**MUGS, **DATES)
    await shop.ship(delivered=False)
    for _ in range(2):
        order = await post_report(shop, "expected-arrival-date", {"expected_arrival_on": day})
        assert order["expected_arrival_on"] == day
    assert await order_event_types(database) == ["ship_date_set", "shipped", "arrival_date_set"]
    told = await facts(database)
    assert (told["previous_on"], told["expected_arrival_on"]) == ("2026-06-12", day)
    await publish_all(database, shop.merchant_id)
    assert sentence in await text_of(shop, "order.arrival_date_set")


async def test_a_shipment_names_the_arrival(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    order = await shop.ship(delivered=False, expected_arrival_on="2026-06-10")
    assert order["expected_arrival_on"] == (await facts(database))["expected_arrival_on"] == "2026-06-10"
    await publish_all(database, shop.merchant_id)
    assert "도착 예정일: 6월 10일(수)\n" in await text_of(shop, "order.shipped")


async def test_an_arrival_that_was_over_when_it_was_heard_is_told_to_nobody(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**MUGS, expected_arrival_on="2026-06-05")
    assert (await facts(database))["quiet"] == "past"
    await publish_all(database, shop.merchant_id)
    assert (await shop.get("/v1/orders/order-1/messages")).json()["data"] == []


async def test_an_order_that_has_arrived_takes_no_arrival_date(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    await shop.ship()
    body = {"expected_arrival_on": "2026-06-10"}
    assert await refusal_of(shop, "expected-arrival-date", body) == (409, "nothing_to_deliver", None)
    await shop.push_order(**body)
    assert await order_event_types(database) == ["shipped", "delivered"]


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("expected-ship-date", {**DATES, "expected_arrival_on": "2026-06-09"}, "arrival_before_shipping"),
        ("delay", {**DELAY, "expected_arrival_on": "2026-06-14"}, "arrival_before_shipping"),
        ("expected-arrival-date", {"expected_arrival_on": "2026-06-09"}, "arrival_before_shipping"),
        ("expected-arrival-date", {"expected_arrival_on": "2026-06-07"}, "day_in_past"),
    ],
)
async def test_an_arrival_is_neither_before_the_shipping_nor_in_the_past(
    shop: Storefront, path: str, body: dict[str, Any], code: str
) -> None:
    await shop.push_order(expected_ship_on="2026-06-10")
    assert await refusal_of(shop, path, body) == (422, code, "expected_arrival_on")


async def test_a_new_order_does_not_arrive_before_it_ships(shop: Storefront) -> None:
    answer = await shop.put("/v1/orders/order-1", {**ORDER, **DATES, "expected_arrival_on": "2026-06-09"})
    assert (answer.status_code, answer.json()["code"]) == (422, "arrival_before_shipping")


async def test_goods_that_left_early_may_arrive_before_their_expected_ship_date(shop: Storefront) -> None:
    await shop.push_order(expected_ship_on="2026-06-20")
    await shop.ship(delivered=False, expected_arrival_on="2026-06-12")
    pushed = await shop.push_order(expected_ship_on="2026-06-20")
    assert pushed["expected_arrival_on"] == "2026-06-12"
    moved = await post_report(shop, "expected-arrival-date", {"expected_arrival_on": "2026-06-13"})
    assert moved["expected_arrival_on"] == "2026-06-13"
