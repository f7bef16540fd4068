"""Another option for goods before they are shipped: the buyer asks, the seller decides."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.order_events import facts, order_event_types
from tests.api.orders import post_report, read, refusal_of
from tests.audit import audit
from tests.storefront import Storefront

Body = dict[str, Any]
SHIRT: Body = {"line_id": "1", "sku": "SHIRT-M", "title": "셔츠 M", "quantity": 2, "unit_price": 12000}
LARGE: Body = {"line_id": "1", "quantity": 1, "sku": "SHIRT-L", "title": "셔츠 L"}
BOTH = {**LARGE, "quantity": 2}
SOLD_OUT = {"reason": "L 사이즈가 모두 품절되었습니다."}


async def push_shirts(shop: Storefront, **changes: Any) -> Body:
    return await shop.push_order(**{"lines": [SHIRT], **changes})


async def request_change(shop: Storefront, wanted: Body = LARGE) -> str:
    change: Body = await post_report(shop, "option-changes", wanted)
    return str(change["change_id"])


async def accept(shop: Storefront, change_id: str) -> Body:
    return await post_report(shop, f"option-changes/{change_id}/accept")


async def lines_of(shop: Storefront) -> dict[str, Body]:
    return {line["sku"]: line for line in (await read(shop))["lines"]}


async def status_of(shop: Storefront, change_id: str) -> tuple[str, str | None]:
    change = (await shop.get(f"/v1/orders/order-1/option-changes/{change_id}")).json()
    return change["status"], change["overtaken_by"]


async def test_one_of_two_units_gets_another_option(shop: Storefront, database: Database, database_url: str) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, {**LARGE, "note": "M을 잘못 골랐어요."})
    assert (await lines_of(shop))["SHIRT-M"]["changing"] == 1
    accepted = await accept(shop, change_id)
    assert accepted == await accept(shop, change_id)
    assert (accepted["status"], accepted["new_line_id"], accepted["note"]) == (
        "accepted",
        change_id,
        "M을 잘못 골랐어요.",
    )
    lines = await lines_of(shop)
    medium, large = lines["SHIRT-M"], lines["SHIRT-L"]
    assert (medium["quantity"], medium["units"]["untouched"], medium["units"]["changed"]) == (2, 1, 1)
    assert (medium["changing"], large["changing"]) == (0, 0)
    assert (large["line_id"], large["replaces"], large["option_change"]) == (change_id, "1", change_id)
    assert (large["title"], large["quantity"], large["unit_price"], large["discount"]) == ("셔츠 L", 1, 12000, 0)
    assert await order_event_types(database) == ["option_change_requested", "option_change_accepted"]
    data = await facts(database)
    assert (data["line_id"], data["quantity"], data["sku"], data["new_line_id"]) == ("1", 1, "SHIRT-L", change_id)
    assert await audit(database_url) == []


async def test_units_of_another_option_are_shipped_delivered_and_returned_as_their_own_line(shop: Storefront) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, BOTH)
    await accept(shop, change_id)
    order = await shop.ship()
    assert order["shipments"][0]["lines"] == [{"line_id": change_id, "quantity": 2}]
    claim = await shop.claim("return", lines=[{"line_id": change_id, "quantity": 2}])
    assert claim["amounts"]["steps"][0]["amount"] == 24000
    again = await shop.ask("return", lines=[{"line_id": "1", "quantity": 1}])
    assert again.json()["code"] == "units_unavailable"


@pytest.mark.parametrize("decision", ["refuse", "retract"])
async def test_a_change_that_the_seller_refuses_or_the_buyer_retracts_leaves_the_option(
    shop: Storefront, database: Database, database_url: str, decision: str
) -> None:
    await push_shirts(shop)
    before = await read(shop)
    change_id = await request_change(shop)
    body = SOLD_OUT if decision == "refuse" else {}
    ended = await post_report(shop, f"option-changes/{change_id}/{decision}", body)
    assert ended == await post_report(shop, f"option-changes/{change_id}/{decision}", body)
    assert (ended["reason"], ended["new_line_id"]) == (body.get("reason"), None)
    assert (await read(shop))["lines"] == before["lines"]
    assert await order_event_types(database) == ["option_change_requested", f"option_change_{ended['status']}"]
    assert await refusal_of(shop, f"option-changes/{change_id}/accept") == (409, "option_change_decided", None)
    assert await refusal_of(shop, f"option-changes/{change_id}/accept", {"waive": True}) == (
        409,
        "option_change_decided",
        None,
    )
    assert await audit(database_url) == []


async def test_a_line_has_one_open_change_at_a_time(shop: Storefront) -> None:
    await push_shirts(shop)
    first = await request_change(shop)
    assert await refusal_of(shop, "option-changes", LARGE) == (409, "option_change_open", None)
    await post_report(shop, f"option-changes/{first}/retract")
    second = await request_change(shop)
    listed = (await shop.get("/v1/orders/order-1/option-changes")).json()["data"]
    assert [row["change_id"] for row in listed] == [second, first]


async def test_a_changed_unit_can_change_again(shop: Storefront, database_url: str) -> None:
    await push_shirts(shop)
    large = await request_change(shop)
    await accept(shop, large)
    huge = await request_change(shop, {"line_id": large, "quantity": 1, "sku": "SHIRT-XL"})
    await accept(shop, huge)
    lines = await lines_of(shop)
    assert {sku: line["units"]["untouched"] for sku, line in lines.items()} == {
        "SHIRT-M": 1,
        "SHIRT-L": 0,
        "SHIRT-XL": 1,
    }
    assert lines["SHIRT-XL"]["replaces"] == large
    assert await audit(database_url) == []


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({**LARGE, "line_id": "9"}, (422, "unknown_line", "line_id")),
        ({**LARGE, "quantity": 3}, (409, "units_not_changeable", "quantity")),
        ({**LARGE, "sku": "SHIRT-M", "title": "셔츠 M"}, (422, "same_option", "sku")),
        ({**LARGE, "sku": "SHIRT-M", "title": None}, (422, "same_option", "sku")),
        ({**LARGE, "unit_price": 11999}, (409, "option_is_cheaper", "unit_price")),
    ],
)
async def test_a_change_that_cannot_be_is_refused_with_its_field(
    shop: Storefront, wanted: Body, refusal: tuple[int, str, str]
) -> None:
    await push_shirts(shop)
    assert await refusal_of(shop, "option-changes", wanted) == refusal


async def test_units_that_were_shipped_or_are_in_a_claim_keep_their_option(shop: Storefront) -> None:
    await push_shirts(shop)
    await shop.claim("cancel", requested_at="2026-06-08T11:00:00+09:00")
    assert await refusal_of(shop, "option-changes", BOTH) == (409, "units_not_changeable", "quantity")
    await shop.ship(lines=[{"line_id": "1", "quantity": 1}], delivered=False)
    assert await refusal_of(shop, "option-changes", LARGE) == (409, "units_not_changeable", "quantity")


async def test_goods_that_are_made_to_order_keep_their_option_once_the_order_is_confirmed(shop: Storefront) -> None:
    await push_shirts(shop, lines=[{**SHIRT, "nature": "custom_made"}])
    change_id = await request_change(shop)
    await post_report(shop, f"option-changes/{change_id}/retract")
    await post_report(shop, "confirm")
    assert await refusal_of(shop, "option-changes", LARGE) == (409, "making_begun", "line_id")


async def test_a_line_with_money_given_back_keeps_its_option(shop: Storefront) -> None:
    await push_shirts(shop)
    await shop.give(await shop.claim("refund", "goodwill", amount=1000), "approve")
    assert await refusal_of(shop, "option-changes", LARGE) == (409, "line_has_credits", "line_id")


async def test_a_change_ends_when_its_units_are_shipped(
    shop: Storefront, database: Database, database_url: str
) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop)
    await shop.ship(lines=[{"line_id": "1", "quantity": 1}], delivered=False)
    assert await status_of(shop, change_id) == ("requested", None)
    await shop.ship(tracking_number="T-2", delivered=False)
    assert await status_of(shop, change_id) == ("overtaken", "shipment")
    assert await order_event_types(database) == [
        "option_change_requested",
        "shipped",
        "shipped",
        "option_change_overtaken",
    ]
    assert await refusal_of(shop, f"option-changes/{change_id}/accept") == (409, "option_change_decided", None)
    assert await audit(database_url) == []


@pytest.mark.parametrize("policy", ["storefront_kr", "qoo10_jp"])
async def test_a_change_ends_when_a_cancellation_takes_its_units(
    shop: Storefront, database_url: str, policy: str
) -> None:
    """Under the second policy the cancellation is granted in the same request."""
    currency = {"currency": "JPY"} if policy == "qoo10_jp" else {}
    await push_shirts(shop, policy=policy, **currency)
    change_id = await request_change(shop)
    await shop.claim("cancel")
    assert await status_of(shop, change_id) == ("requested", None)
    await shop.claim("cancel")
    assert await status_of(shop, change_id) == ("overtaken", "claim")
    assert await audit(database_url) == []


async def test_a_change_ends_when_a_push_takes_its_units(shop: Storefront, database_url: str) -> None:
    await push_shirts(shop)
    change_id = await request_change(shop, BOTH)
    await push_shirts(shop, lines=[{**SHIRT, "quantity": 1}])
    assert await status_of(shop, change_id) == ("overtaken", "push")
    another = await request_change(shop)
    await push_shirts(shop, lines=[{**SHIRT, "line_id": "2"}])
    assert await status_of(shop, another) == ("overtaken", "push")
    assert await audit(database_url) == []


async def test_a_repeated_push_keeps_the_changed_units(shop: Storefront) -> None:
    before = await push_shirts(shop)
    change_id = await request_change(shop)
    await accept(shop, change_id)
    changed = (await read(shop))["lines"]
    assert (await push_shirts(shop))["lines"] == changed
    assert before["unpaid"] == (await read(shop))["unpaid"] == 0
    fewer = await shop.put("/v1/orders/order-1", {"currency": "KRW", "lines": [{**SHIRT, "quantity": 1}]})
    assert fewer.json()["code"] in ("line_has_claims", "order_has_claims")


async def test_the_options_of_an_order_say_how_many_units_can_change(shop: Storefront) -> None:
    async def changeable() -> list[int]:
        lines = (await shop.get("/v1/orders/order-1/options")).json()["lines"]
        return [line["changeable"] for line in lines]

    await push_shirts(shop)
    assert await changeable() == [2]
    change_id = await request_change(shop)
    assert await changeable() == [0]
    await accept(shop, change_id)
    assert await changeable() == [1, 1]
    await shop.ship(lines=[{"line_id": "1", "quantity": 1}], delivered=False)
    assert await changeable() == [0, 1]


async def test_an_unknown_change_is_not_found(shop: Storefront) -> None:
    await push_shirts(shop)
    for path in ("accept", "retract"):
        assert await refusal_of(shop, f"option-changes/none/{path}") == (404, "not_found", None)
    assert (await shop.get("/v1/orders/order-1/option-changes/none")).status_code == 404
    assert (await shop.get("/v1/orders/none/option-changes")).status_code == 404
