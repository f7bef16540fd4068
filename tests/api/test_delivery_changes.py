"""Changes of the delivery address and of the delivery day, before anything has left."""

import logging
from typing import Any

import pytest
from sqlalchemy import text

from app.store.database import Database
from tests.api.order_events import facts, order_event_types, order_events
from tests.api.orders import post_report, refusal_of
from tests.api.scenes import ELSEWHERE
from tests.storefront import ORDER, Storefront

Body = dict[str, Any]
PARCEL = {"carrier": "cj", "tracking_number": "T-1", "shipped_at": "2026-06-08T12:00:00+09:00"}


async def request_address_change(shop: Storefront) -> Body:
    return await post_report(shop, "address-changes", ELSEWHERE)


async def test_an_address_is_changed_before_anything_has_left(shop: Storefront, database: Database) -> None:
    await shop.push_order()
    change = await request_address_change(shop)
    assert (change["status"], change["address"]["street"]) == ("requested", "세종대로 110")
    accepted = await post_report(shop, f"address-changes/{change['change_id']}/accept")
    again = await post_report(shop, f"address-changes/{change['change_id']}/accept")
    assert accepted == again
    assert (accepted["status"], accepted["address"]) == ("accepted", change["address"])
    assert await order_event_types(database) == ["address_change_requested", "address_change_accepted"]
    assert await facts(database) == {"change_id": change["change_id"]}


async def test_once_something_has_left_a_change_can_only_be_refused_with_a_reason(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order()
    change = await request_address_change(shop)
    await post_report(shop, "shipments", {**PARCEL, "lines": [{"line_id": "1", "quantity": 1}]})
    decide = f"address-changes/{change['change_id']}"
    assert await refusal_of(shop, f"{decide}/accept") == (409, "already_shipped", None)
    refusal = await post_report(shop, f"{decide}/refuse", {"reason": "이미 발송되었습니다."})
    assert (refusal["status"], refusal["reason"], refusal["address"]) == ("refused", "이미 발송되었습니다.", None)
    assert await order_event_types(database) == ["address_change_requested", "shipped", "address_change_refused"]
    assert await facts(database) == {"change_id": change["change_id"], "reason": "이미 발송되었습니다."}
    assert await refusal_of(shop, f"{decide}/accept") == (409, "address_change_decided", None)


async def test_one_change_at_a_time_waits_for_an_answer(shop: Storefront) -> None:
    await shop.push_order()
    change = await request_address_change(shop)
    assert await refusal_of(shop, "address-changes", ELSEWHERE) == (409, "address_change_open", None)
    await post_report(
        shop, f"address-changes/{change['change_id']}/refuse", {"reason": "그 지역에는 배송하지 않습니다."}
    )
    newer = await request_address_change(shop)
    listed = (await shop.get("/v1/orders/order-1/address-changes")).json()["data"]
    assert [row["change_id"] for row in listed] == [newer["change_id"], change["change_id"]]


async def test_an_address_is_stored_no_longer_than_it_is_needed_and_published_nowhere(
    shop: Storefront, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "비밀의 정원 77"
    await shop.push_order()
    with caplog.at_level(logging.DEBUG):
        body = {"address": {**ELSEWHERE["address"], "street": secret}}
        change = await post_report(shop, "address-changes", body)
        await post_report(shop, f"address-changes/{change['change_id']}/accept")
        await shop.post("/v1/orders/order-1/address-changes", {"address": {"street": secret}})
        await shop.ship()
    assert secret not in caplog.text
    assert secret not in str(await order_events(database))
    (stored,) = (await shop.get("/v1/orders/order-1/address-changes")).json()["data"]
    assert (stored["status"], stored["address"]) == ("accepted", None)
    async with database.engine.connect() as connection:
        rows = list(await connection.execute(text("SELECT address FROM address_changes")))
    assert [row.address for row in rows] == [None]


async def test_an_unknown_address_change_is_not_found(shop: Storefront) -> None:
    await shop.push_order()
    await shop.push_order("order-2")
    change = await request_address_change(shop)
    for path in ("address-changes/none", f"../order-2/address-changes/{change['change_id']}"):
        answer = await shop.post(f"/v1/orders/order-1/{path}/accept".replace("order-1/../", ""))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_delivery_date_is_chosen_by_line_and_kept_by_a_push(shop: Storefront, database: Database) -> None:
    lines = [{**ORDER["lines"][0], "line_id": str(number)} for number in (1, 2)]
    payments = [{**ORDER["payments"][0], "amount": 51000}]
    await shop.push_order(lines=lines, payments=payments)
    dates = {"lines": [{"line_id": "2", "deliver_on": "2026-06-16"}]}
    for _ in range(2):
        order = await post_report(shop, "delivery-dates", dates)
        assert [line["deliver_on"] for line in order["lines"]] == [None, "2026-06-16"]
    assert await order_event_types(database) == ["delivery_date_chosen"]
    assert (await facts(database))["lines"] == [{"line_id": "2", "previous_on": None, "deliver_on": "2026-06-16"}]
    lines[1] = {**lines[1], "title": "찻잔"}
    pushed = await shop.push_order(lines=lines, payments=payments)
    assert [line["deliver_on"] for line in pushed["lines"]] == [None, "2026-06-16"]
    assert [line["title"] for line in pushed["lines"]] == [None, "찻잔"]


async def test_no_day_is_chosen_for_an_unknown_line_or_a_shipped_line(shop: Storefront) -> None:
    await shop.push_order()
    unknown_line = {"lines": [{"line_id": "9", "deliver_on": "2026-06-16"}]}
    assert await refusal_of(shop, "delivery-dates", unknown_line) == (422, "unknown_line", "lines")
    await shop.ship()
    shipped_line = {"lines": [{"line_id": "1", "deliver_on": "2026-06-16"}]}
    assert await refusal_of(shop, "delivery-dates", shipped_line) == (409, "already_shipped", "lines")
