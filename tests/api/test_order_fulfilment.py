"""Orders before they ship: the reports, the events that follow, and the fields that no push removes."""

import json
from typing import Any

import pytest

from app.store.database import Database
from tests.api.order_events import facts, order_event_types, order_events
from tests.api.orders import post_report, refusal_of
from tests.storefront import ORDER, Storefront

Body = dict[str, Any]

JUNE = "2026-06-{}"
DELAY = {"reason": "custom_made", "message": "각인이 하루 더 걸립니다.", "expected_ship_on": "2026-06-15"}
PARCEL = {"carrier": "cj", "tracking_number": "T-1", "shipped_at": "2026-06-08T12:00:00+09:00"}
NO_WISH = {"expected_arrival_on": None, "wanted_on": None, "gift": False}
NO_ARRIVAL = {**NO_WISH, "previous_arrival_on": None}


# Ship dates


async def test_an_expected_ship_date_is_set_then_changed_and_published_as_such(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order()
    order = await post_report(shop, "expected-ship-date", {"expected_ship_on": "2026-06-10"})
    assert (order["expected_ship_on"], order["version"]) == ("2026-06-10", 1)
    assert await facts(database) == {"expected_ship_on": "2026-06-10", **NO_WISH}
    await post_report(shop, "expected-ship-date", {"expected_ship_on": "2026-06-10"})
    order = await post_report(shop, "expected-ship-date", {"expected_ship_on": "2026-06-09"})
    assert (order["expected_ship_on"], order["version"]) == ("2026-06-09", 2)
    assert await facts(database) == {"previous_on": "2026-06-10", "expected_ship_on": "2026-06-09", **NO_ARRIVAL}
    assert await order_event_types(database) == ["ship_date_set", "ship_date_changed"]


async def test_a_push_publishes_the_date_too_and_does_not_remove_it(shop: Storefront, database: Database) -> None:
    await shop.push_order(expected_ship_on="2026-06-10")
    await shop.push_order()
    pushed = await shop.push_order(expected_ship_on="2026-06-11")
    assert pushed["expected_ship_on"] == "2026-06-11"
    assert (await shop.push_order(buyer_id="buyer-7"))["expected_ship_on"] == "2026-06-11"
    assert await order_event_types(database) == ["ship_date_set", "delayed"]


@pytest.mark.parametrize(("stated", "reason"), [({"delay_reason": "overseas"}, "overseas"), ({}, "other")])
@pytest.mark.parametrize("way", ["push", "command"])
async def test_a_date_that_moves_later_is_a_delay_with_a_reason_however_it_is_sent(
    shop: Storefront, database: Database, way: str, stated: dict[str, str], reason: str
) -> None:
    await shop.push_order(expected_ship_on="2026-06-10", **stated)
    later = {"expected_ship_on": "2026-06-12", **stated}
    if way == "push":
        order = await shop.push_order(**later)
    else:
        order = await post_report(shop, "expected-ship-date", later)
    assert order["delay_reason"] == reason
    assert await order_event_types(database) == ["ship_date_set", "delayed"]
    days = {"previous_on": "2026-06-10", "expected_ship_on": "2026-06-12", **NO_ARRIVAL}
    assert await facts(database) == {"reason": reason, "message": None, **days}
    assert (await shop.push_order())["delay_reason"] == reason


async def test_a_delay_has_a_reason_words_and_a_later_day(shop: Storefront, database: Database) -> None:
    await shop.push_order(expected_ship_on="2026-06-12")
    order = await post_report(shop, "delay", DELAY)
    assert (order["expected_ship_on"], order["delay_reason"]) == ("2026-06-15", "custom_made")
    assert await order_event_types(database) == ["ship_date_set", "delayed"]
    assert await facts(database) == {
        "reason": "custom_made",
        "message": DELAY["message"],
        "previous_on": "2026-06-12",
        "expected_ship_on": "2026-06-15",
        **NO_ARRIVAL,
    }
    assert await refusal_of(shop, "delay", DELAY) == (422, "not_a_delay", "expected_ship_on")


async def test_an_order_without_a_date_can_be_late_as_well(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    assert (await post_report(shop, "delay", DELAY))["expected_ship_on"] == "2026-06-15"
    assert (await facts(database))["previous_on"] is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("expected-ship-date", {"expected_ship_on": "2026-06-07"}),
        ("delay", {**DELAY, "expected_ship_on": "2026-06-07"}),
        ("delivery-dates", {"lines": [{"line_id": "1", "deliver_on": "2026-06-07"}]}),
    ],
)
async def test_an_expected_day_is_not_in_the_past(shop: Storefront, path: str, body: Body) -> None:
    await shop.push_order()
    status, code, field = await refusal_of(shop, path, body)
    assert (status, code, field in ("expected_ship_on", "lines")) == (422, "day_in_past", True)


async def test_an_order_is_ready_to_ship_once(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    order = await post_report(shop, "ready-to-ship", {"ready_at": "2026-06-08T02:00:00Z"})
    again = await post_report(shop, "ready-to-ship")
    assert order["ready_to_ship_at"] == again["ready_to_ship_at"] == "2026-06-08T02:00:00Z"
    assert await order_event_types(database) == ["ready_to_ship"]
    assert (await shop.push_order())["ready_to_ship_at"] == "2026-06-08T02:00:00Z"


@pytest.mark.parametrize(
    ("path", "body"),
    [("expected-ship-date", {"expected_ship_on": "2026-06-10"}), ("delay", DELAY), ("ready-to-ship", {})],
)
async def test_a_shipped_order_takes_no_reports_of_its_preparation(shop: Storefront, path: str, body: Body) -> None:
    await shop.push_order()
    await shop.ship()
    assert await refusal_of(shop, path, body) == (409, "nothing_to_ship", None)


async def test_every_parcel_is_published_once_when_it_leaves_and_once_when_it_arrives(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order()
    for _ in range(2):
        await post_report(shop, "shipments", PARCEL)
    assert await facts(database) == {
        "carrier": "cj",
        "tracking_number": "T-1",
        "tracking_url": "https://trace.cjlogistics.com/next/tracking.html?wblNo=T1",
        "shipped_at": "2026-06-08T03:00:00Z",
        "lines": [{"line_id": "1", "quantity": 2}],
        "lines_left_out": 0,
        **NO_WISH,
    }
    delivery = {"carrier": "cj", "tracking_number": "T-1", "delivered_at": "2026-06-08T12:00:00+09:00"}
    for _ in range(2):
        await post_report(shop, "deliveries", delivery)
    assert (await facts(database))["delivered_at"] == "2026-06-08T03:00:00Z"
    assert await order_event_types(database) == ["shipped", "delivered"]


async def test_a_parcel_reported_delivered_before_it_was_reported_shipped_is_published_in_order(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order()
    await post_report(
        shop, "deliveries", {"carrier": "cj", "tracking_number": "T-1", "delivered_at": PARCEL["shipped_at"]}
    )
    assert await order_event_types(database) == []
    await post_report(shop, "shipments", PARCEL)
    assert await order_event_types(database) == ["shipped", "delivered"]


# Events


ADDED_LATER = ("shipments", "metadata")
"""Only the answer for one order has the parcels; an event gets the metadata when it is published."""


async def test_an_event_is_numbered_and_has_the_order_as_an_answer_has(shop: Storefront, database: Database) -> None:
    await shop.push_order(expected_ship_on="2026-06-10", buyer_id="buyer-7")
    answer = await post_report(shop, "shipments", {**PARCEL, "lines": [{"line_id": "1", "quantity": 1}]})
    events = [data for _, data in await order_events(database)]
    assert [data["version"] for data in events] == [1, 2]
    assert events[1]["order"] == {name: value for name, value in answer.items() if name not in ADDED_LATER}
    assert events[1]["order"]["lines"][0]["shipped"] == 1


async def test_an_event_stays_small_however_large_the_order_is(shop: Storefront, database: Database) -> None:
    name = "ㅋ" * 196
    lines = [
        {"line_id": f"{name}{n:03}", "sku": name, "title": name, "quantity": 1, "unit_price": 1} for n in range(60)
    ]
    await shop.push_order(lines=lines)
    days = [{"line_id": line["line_id"], "deliver_on": "2026-06-16"} for line in lines]
    await post_report(shop, "delivery-dates", {"lines": days})
    await post_report(shop, "delay", {**DELAY, "message": "차" + "🍵" * 999})
    await post_report(shop, "shipments", PARCEL)
    events = await order_events(database)
    assert len(events) >= 3
    for _, data in events:
        assert len(json.dumps(data, ensure_ascii=False).encode()) < 15_000
        assert data["order"]["lines"] == []
        assert data["truncated"] == ["order.lines"]


async def test_a_replayed_request_publishes_once(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    answers = [await shop.post("/v1/orders/order-1/delay", DELAY, key="late") for _ in range(2)]
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert await order_event_types(database) == ["delayed"]


# Whose days are counted


@pytest.mark.parametrize(
    ("field", "value"),
    [("country", "US"), ("country", None), ("time_zone", "America/Denver"), ("time_zone", None)],
)
async def test_whose_days_are_counted_does_not_change_once_something_was_claimed(
    shop: Storefront, field: str, value: str | None
) -> None:
    location: Body = {"country": "CA", "time_zone": "America/Toronto"}
    await shop.push_order(**location)
    await shop.push_order(**{**location, field: value})
    await shop.push_order(**location)
    await shop.give(await shop.claim("cancel"), "retract")
    await shop.push_order(**{**location, field: value})
    await shop.push_order(**location)
    await shop.claim("cancel")
    answer = await shop.put("/v1/orders/order-1", {**ORDER, **location, field: value})
    assert (answer.status_code, answer.json()["code"]) == (409, "order_has_claims")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await shop.push_order(**location))["country"] == "CA"
