"""Orders as a storefront pushes them: repeated, late, and changed."""

from typing import Any

import pytest

from tests.api.orders import LINE, PAYMENT, line_of, lines_with, read
from tests.storefront import ORDER, Storefront, storefront

DEFAULTS: dict[str, Any] = {
    "title": None,
    "discount": 0,
    "discountable": True,
    "tax": 0,
    "tax_rate": None,
    "parts": 1,
    "nature": "standard",
    "records": [],
    "consumable_cost": None,
}
SHELVES = ("open_cancel", "open_other", "cancelled", "returned", "exchanged", "refunded", "changed")
NOTHING_HAPPENED: dict[str, Any] = {
    "replaces": None,
    "shipped": 0,
    "delivered": 0,
    "shipped_at": None,
    "delivered_at": None,
    "credited": 0,
    "recharged": 0,
    "deliver_on": None,
    "first_delivered_at": None,
    "repairs": 0,
    "repaired_at": None,
    "cure_days": 0,
    "option_change": None,
    "changing": 0,
    "units": {"untouched": 2, **dict.fromkeys(SHELVES, 0)},
}
PLATE: dict[str, Any] = {"line_id": "2", "sku": "PLATE", "quantity": 1, "unit_price": 5000}


# Pushing


async def test_an_order_is_new_once_and_the_same_push_changes_nothing(shop: Storefront) -> None:
    first = await shop.put("/v1/orders/order-1", ORDER)
    shop.clock.turn(hours=1)
    again = await shop.put("/v1/orders/order-1", ORDER)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == await read(shop)
    assert first.json()["lines"] == [{**DEFAULTS, **LINE, **NOTHING_HAPPENED}]


CHANGES: list[dict[str, Any]] = [
    {"buyer_id": "buyer-8"},
    {"country": "JP"},
    {"expected_ship_on": "2026-06-12"},
    {"prices_include_tax": False},
    {"discount": 500},
    {"shipping_charged": 0},
    {"shipping_tax": 300},
    {"records": ["notice"]},
    {"confirmed_at": "2026-06-06T00:00:00Z"},
]


async def test_the_answer_to_a_new_order_is_what_a_read_then_says(shop: Storefront) -> None:
    stated = {
        "buyer_id": "b-1",
        "discount": 500,
        "records": ["notice"],
        "gift": True,
        "metadata": {"ticket": "CS-1"},
        "time_zone": "Asia/Seoul",
        "contracted_at": "2026-06-05T09:00:00.123456+09:00",
        "buyer": {"name": "김민아"},
        "lines": [{**LINE, "records": ["consent", "notice"], "tax": 100, "title": "머그컵"}, PLATE],
    }
    dates: dict[str, Any] = {
        "expected_ship_on": "2026-06-10",
        "expected_arrival_on": "2026-06-12",
        "wanted_on": "2026-06-11",
    }
    for number, more in enumerate([{}, dates, {"wanted_on": "2026-06-11"}, {"metadata": None}]):
        body = {**ORDER, **stated, **more}
        answer = await shop.put(f"/v1/orders/{number}", body)
        read_again = await shop.get(f"/v1/orders/{number}")
        assert answer.status_code == 201, answer.text
        assert (answer.json(), answer.headers["ETag"]) == (read_again.json(), read_again.headers["ETag"])


async def test_a_later_push_says_what_the_order_is_now(shop: Storefront, subtests: pytest.Subtests) -> None:
    for change in CHANGES:
        with subtests.test(str(change)):
            await shop.push_order()
            shop.clock.turn(minutes=1)
            pushed = await shop.push_order(**change)
            assert {name: pushed[name] for name in change} == change
            assert pushed["updated_at"] > pushed["created_at"]
            assert pushed == await read(shop)


LINE_CHANGES: list[dict[str, Any]] = [
    {"quantity": 5},
    {"quantity": 1},
    {"unit_price": 9000},
    {"discount": 500},
    {"discountable": False},
    {"tax": 100},
    {"nature": "custom_made"},
    {"records": ["consent", "notice"]},
    {"sku": "MUG-BLACK"},
    {"title": "머그컵"},
]


async def test_until_something_is_claimed_or_shipped_lines_may_change(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    for change in LINE_CHANGES:
        with subtests.test(str(change)):
            await shop.push_order(lines=[LINE, PLATE])
            pushed = await shop.push_order(lines=[{**LINE, **change}, PLATE])
            assert {name: line_of(pushed)[name] for name in change} == change
    order = await shop.push_order(lines=[PLATE])
    assert [line["line_id"] for line in order["lines"]] == ["2"]
    assert order == await read(shop)


async def test_the_first_statement_of_when_an_order_was_paid_and_confirmed_counts(shop: Storefront) -> None:
    await shop.push_order(confirmed_at="2026-06-06T00:00:00Z")
    pushed = await shop.push_order(paid_at="2026-06-07T00:00:00Z", confirmed_at="2026-06-07T00:00:00Z")
    assert (pushed["paid_at"], pushed["confirmed_at"]) == ("2026-06-05T01:00:00Z", "2026-06-06T00:00:00Z")


async def test_an_order_with_a_payment_was_paid_when_it_was_pushed_unless_it_says_when(shop: Storefront) -> None:
    now = "2026-06-08T03:00:00Z"
    unpaid = await shop.push_order("unpaid", paid_at=None, payments=[])
    paid = await shop.push_order("paid", paid_at=None)
    paid_later = await shop.push_order("unpaid", paid_at=None)
    assert (unpaid["paid_at"], paid["paid_at"], paid_later["paid_at"]) == (None, now, now)


async def test_a_payment_once_pushed_stays_and_may_be_corrected(shop: Storefront) -> None:
    await shop.push_order()
    points = {"payment_id": "pay-2", "method": "points", "amount": 1000}
    pushed = await shop.push_order(payments=[points])
    assert [payment["payment_id"] for payment in pushed["payments"]] == ["pay-1", "pay-2"]
    pushed = await shop.push_order(payments=[{**PAYMENT, "amount": 26000}])
    assert [payment["captured"] for payment in pushed["payments"]] == [26000, 1000]


@pytest.mark.parametrize(("currency", "digits"), [("KRW", 0), ("JPY", 0), ("EUR", 2), ("KWD", 3), ("CLF", 4)], ids=str)
async def test_an_order_says_how_many_digits_its_currency_has(
    sqlite_shop: Storefront, currency: str, digits: int
) -> None:
    assert (await sqlite_shop.push_order(policy="kr", currency=currency))["currency_exponent"] == digits


# The policy


async def test_an_order_pins_the_policy_version_that_was_in_force(shop: Storefront) -> None:
    for order_id, policy, pinned in (
        ("a", None, "storefront_kr@2"),
        ("b", "naver", "naver@2"),
        ("c", "jp@1", "jp@1"),
    ):
        assert (await shop.push_order(order_id, policy=policy))["policy"] == pinned
    for again in ("naver", "naver@2", None):
        assert (await shop.push_order("b", policy=again))["policy"] == "naver@2"
    for other in ("jp", "naver@1", "atlantis"):
        answer = await shop.put("/v1/orders/b", {**ORDER, "policy": other})
        assert (answer.status_code, answer.json()["code"]) == (409, "policy_pinned")
        assert answer.json()["errors"][0]["field"] == "policy"


async def test_an_unknown_policy_is_refused(shop: Storefront) -> None:
    for policy in ("atlantis", "naver@3", "naver@", "@1", "../kr", "kr.toml"):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, "policy": policy})
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_policy"), policy
        assert answer.json()["errors"][0]["field"] == "policy"
    assert (await shop.get("/v1/orders")).json()["data"] == []


async def test_a_discount_is_never_more_than_what_it_is_taken_from(shop: Storefront) -> None:
    for changes, field in (
        ({"lines": lines_with(discount=24001)}, "lines"),
        ({"discount": 24001}, "discount"),
        ({"lines": [*lines_with(discountable=False), PLATE], "discount": 5001}, "discount"),
    ):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, **changes})
        assert (answer.status_code, answer.json()["code"]) == (422, "discount_above_price"), changes
        assert answer.json()["errors"][0]["field"] == field
    assert (await shop.put("/v1/orders/order-1", {**ORDER, "discount": 24000})).status_code == 201


async def test_a_tax_is_never_more_than_the_price_that_holds_it(shop: Storefront) -> None:
    for changes, field in (
        ({"lines": lines_with(tax=24001)}, "lines"),
        ({"lines": lines_with(tax=23001), "discount": 1000}, "lines"),
        ({"shipping_charged": 3000, "shipping_tax": 3001}, "shipping_tax"),
    ):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, **changes})
        assert (answer.status_code, answer.json()["code"]) == (422, "tax_above_price"), changes
        assert answer.json()["errors"][0]["field"] == field
    on_top = {**ORDER, "lines": lines_with(tax=24001), "prices_include_tax": False}
    assert (await shop.put("/v1/orders/order-1", on_top)).status_code == 201


# Lists


async def pages(shop: Storefront, path: str, **query: Any) -> list[list[dict[str, Any]]]:
    """All pages of a list; each Link header leads to the next page."""
    answer = await shop.get(path, **query)
    data = [answer.json()["data"]]
    while "next" in answer.links:
        assert answer.json()["next_cursor"] in answer.links["next"]["url"]
        answer = await shop.http.get(answer.links["next"]["url"], headers=answer.request.headers)
        data.append(answer.json()["data"])
    assert answer.json()["next_cursor"] is None
    return data


async def test_orders_are_listed_newest_first_page_by_page(shop: Storefront) -> None:
    for number in range(7):
        await shop.push_order(f"order-{number}", buyer_id=f"buyer&{number % 2}")
        shop.clock.turn(minutes=number % 2)
    newest = [f"order-{number}" for number in range(6, -1, -1)]
    for limit in (1, 3, 7, 20):
        listed = await pages(shop, "/v1/orders", limit=limit)
        assert [order["order_id"] for page in listed for order in page] == newest
        assert {len(page) for page in listed[:-1]} <= {limit}
    listed = await pages(shop, "/v1/orders", limit=2, buyer_id="buyer&1")
    assert [[order["order_id"] for order in page] for page in listed] == [["order-5", "order-3"], ["order-1"]]
    assert await pages(shop, "/v1/orders", buyer_id="nobody") == [[]]


async def test_orders_that_arrive_between_pages_shift_nothing(shop: Storefront) -> None:
    for number in range(4):
        await shop.push_order(f"order-{number}")
    first = (await shop.get("/v1/orders", limit=2)).json()
    shop.clock.turn(seconds=1)
    await shop.push_order("order-9")
    second = (await shop.get("/v1/orders", limit=2, cursor=first["next_cursor"])).json()
    listed = [order["order_id"] for page in (first, second) for order in page["data"]]
    assert listed == ["order-3", "order-2", "order-1", "order-0"]


async def test_a_page_is_no_longer_than_the_service_allows(sqlite_url: str) -> None:
    async with storefront(sqlite_url, page_size_max=2, log_level="warning") as shop:
        for number in range(3):
            await shop.push_order(f"order-{number}")
        assert len((await shop.get("/v1/orders", limit=1000)).json()["data"]) == 2
