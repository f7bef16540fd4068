"""The money of a change of option: the value of an order grows by the difference alone."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.order_events import order_event_types
from tests.api.orders import post_report, read, refusal_of
from tests.api.test_option_changes import LARGE, SHIRT, accept, push_shirts, request_change, status_of
from tests.audit import audit
from tests.storefront import Storefront

DEARER = {**LARGE, "unit_price": 14000}
EXTRA = {"payment_id": "pay-2", "method": "card", "amount": 2000}
Body = dict[str, Any]


async def refund_everything(shop: Storefront) -> int:
    """Cancel each line that has units left, one unit at a time. Returns the sum of all refunds."""
    for line in (await read(shop))["lines"]:
        for _ in range(line["units"]["untouched"]):
            claim = await shop.claim("cancel", lines=[{"line_id": line["line_id"], "quantity": 1}])
            await shop.give(claim, "approve")
    refunds = (await shop.get("/v1/refunds")).json()["data"]
    return sum(refund["amount"] for refund in refunds)


@pytest.mark.parametrize("quantity", [1, 2, 3])
@pytest.mark.parametrize("cancelled_first", [0, 1])
@pytest.mark.parametrize(
    "taxes",
    [
        {"prices_include_tax": True},
        {"prices_include_tax": False},
    ],
)
async def test_whatever_changes_the_refunds_of_an_order_sum_to_what_was_paid(
    shop: Storefront, database_url: str, quantity: int, cancelled_first: int, taxes: Body
) -> None:
    lines = [
        {**SHIRT, "quantity": 4, "unit_price": 3333, "tax_rate": 1000, "discount": 7},
        {"line_id": "2", "sku": "MUG", "quantity": 3, "unit_price": 1111, "tax_rate": 1000},
    ]
    order = await push_shirts(shop, lines=lines, discount=1000, payments=[], **taxes)
    paid = order["unpaid"]
    await post_report(shop, "payments", {"payment_id": "pay-1", "method": "card", "amount": paid})
    for _ in range(cancelled_first):
        claim = await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 1}])
        await shop.give(claim, "approve")
    await accept(shop, await request_change(shop, {**LARGE, "quantity": quantity}))
    assert (await read(shop))["unpaid"] == 0
    assert await refund_everything(shop) == paid
    assert await audit(database_url) == []


async def test_a_dearer_option_waits_for_the_difference(
    shop: Storefront, database: Database, database_url: str
) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, DEARER)
    assert await refusal_of(shop, f"option-changes/{change_id}/confirm-payment", EXTRA) == (
        409,
        "option_change_not_owed",
        None,
    )
    waiting = await accept(shop, change_id)
    assert waiting == await accept(shop, change_id)
    assert (waiting["status"], waiting["difference"], waiting["new_line_id"]) == ("awaiting_payment", 2000, None)
    confirm = f"option-changes/{change_id}/confirm-payment"
    assert await refusal_of(shop, confirm, {**EXTRA, "amount": 1999}) == (409, "difference_not_paid", "amount")
    assert await refusal_of(shop, confirm, {**EXTRA, "payment_id": "pay-1"}) == (
        409,
        "payment_already_taken",
        "payment_id",
    )
    paid = await post_report(shop, confirm, EXTRA)
    assert paid == await post_report(shop, confirm, EXTRA)
    assert (paid["status"], paid["payment_id"]) == ("accepted", "pay-2")
    order = await read(shop)
    large = order["lines"][-1]
    assert (large["unit_price"], large["discount"]) == (14000, 0)
    assert [payment["settles"] for payment in order["payments"]] == [None, change_id]
    assert (await order_event_types(database))[1:] == ["option_change_awaiting_payment", "option_change_accepted"]
    assert await refund_everything(shop) == 29000
    assert await audit(database_url) == []


async def test_a_difference_that_was_reported_as_a_payment_of_the_order_settles_the_change(
    shop: Storefront, database_url: str
) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, DEARER)
    await accept(shop, change_id)
    await post_report(shop, "payments", EXTRA)
    await post_report(shop, f"option-changes/{change_id}/confirm-payment", EXTRA)
    order = await read(shop)
    assert (order["unpaid"], order["payments"][1]["settles"]) == (0, change_id)
    assert await audit(database_url) == []


async def test_the_seller_can_give_a_dearer_option_for_the_same_price(shop: Storefront, database_url: str) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, DEARER)
    await accept(shop, change_id)
    given = await post_report(shop, f"option-changes/{change_id}/accept", {"waive": True})
    assert given == await post_report(shop, f"option-changes/{change_id}/accept", {"waive": True})
    assert (given["status"], given["payment_id"]) == ("accepted", None)
    large = (await read(shop))["lines"][-1]
    assert (large["unit_price"], large["discount"]) == (14000, 2000)
    assert await refund_everything(shop) == 27000
    assert await audit(database_url) == []


async def test_a_change_that_waits_for_money_ends_when_the_goods_leave(shop: Storefront) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, DEARER)
    await accept(shop, change_id)
    await shop.ship()
    assert await status_of(shop, change_id) == ("overtaken", "shipment")
    confirm = f"option-changes/{change_id}/confirm-payment"
    assert await refusal_of(shop, confirm, EXTRA) == (409, "option_change_not_owed", None)


async def test_a_difference_has_the_tax_of_its_line(shop: Storefront, database_url: str) -> None:
    line = {**SHIRT, "tax_rate": 1000}
    payments = [{"payment_id": "pay-1", "method": "card", "amount": 29400}]
    await push_shirts(shop, lines=[line], prices_include_tax=False, payments=payments)
    change_id = await request_change(shop, DEARER)
    assert (await accept(shop, change_id))["difference"] == 2200
    await post_report(shop, f"option-changes/{change_id}/confirm-payment", {**EXTRA, "amount": 2200})
    large = (await read(shop))["lines"][-1]
    assert (large["tax"], large["discount"]) == (1400, 0)
    assert await refund_everything(shop) == 31600
    assert await audit(database_url) == []


async def test_a_difference_that_is_above_the_new_prices_of_the_order_is_not_taken(
    shop: Storefront, database_url: str
) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, DEARER)
    await accept(shop, change_id)
    await push_shirts(shop, lines=[{**SHIRT, "unit_price": 13000}])
    confirm = f"option-changes/{change_id}/confirm-payment"
    assert await refusal_of(shop, confirm, EXTRA) == (409, "option_is_cheaper", "unit_price")
    assert await audit(database_url) == []


async def test_an_option_is_not_given_for_a_price_that_is_below_what_was_paid(shop: Storefront) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, DEARER)
    await push_shirts(shop, lines=[{**SHIRT, "unit_price": 15000}])
    for decision in ({}, {"waive": True}):
        refused = await refusal_of(shop, f"option-changes/{change_id}/accept", decision)
        assert refused == (409, "option_is_cheaper", "unit_price"), decision
    await post_report(shop, f"option-changes/{change_id}/refuse", {"reason": "품절"})
