"""Orders as a storefront pushes them: again, late, twice, and out of order."""

from datetime import timedelta
from typing import Any

import pytest

from tests.storefront import ORDER, Storefront, storefront

LINE: dict[str, Any] = ORDER["lines"][0]
NOTHING_SAID: dict[str, Any] = {
    "title": None,
    "discount": 0,
    "discountable": True,
    "tax": 0,
    "tax_rate": None,
    "parts": 1,
    "nature": "standard",
    "records": [],
}
SHELVES = ("open_cancel", "open_other", "cancelled", "returned", "exchanged", "refunded")
NOTHING_HAPPENED: dict[str, Any] = {
    "replaces": None,
    "shipped": 0,
    "delivered": 0,
    "shipped_at": None,
    "delivered_at": None,
    "credited": 0,
    "recharged": 0,
    "deliver_on": None,
    "units": {"untouched": 2, **dict.fromkeys(SHELVES, 0)},
}
PLATE: dict[str, Any] = {"line_id": "2", "sku": "PLATE", "quantity": 1, "unit_price": 5000}
PAYMENT: dict[str, Any] = ORDER["payments"][0]


def lines_with(**changes: Any) -> list[dict[str, Any]]:
    return [{**LINE, **changes}]


async def read(shop: Storefront, order_id: str = "order-1") -> dict[str, Any]:
    answer = await shop.get(f"/v1/orders/{order_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def line_of(order: dict[str, Any], line_id: str = "1") -> dict[str, Any]:
    return next(dict(line) for line in order["lines"] if line["line_id"] == line_id)


# Pushing


async def test_an_order_is_new_once_and_the_same_push_changes_nothing(shop: Storefront) -> None:
    first = await shop.put("/v1/orders/order-1", ORDER)
    shop.clock.turn(hours=1)
    again = await shop.put("/v1/orders/order-1", ORDER)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == await read(shop)
    assert first.json()["lines"] == [{**NOTHING_SAID, **LINE, **NOTHING_HAPPENED}]


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
    gone = await shop.push_order(lines=[PLATE])
    assert [line["line_id"] for line in gone["lines"]] == ["2"]
    assert gone == await read(shop)


async def test_the_first_word_on_when_it_was_paid_and_confirmed_counts(shop: Storefront) -> None:
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
async def test_an_order_tells_how_many_digits_its_currency_has(
    sqlite_shop: Storefront, currency: str, digits: int
) -> None:
    assert (await sqlite_shop.push_order(policy="kr", currency=currency))["currency_exponent"] == digits


# Pushing over claims


async def refusal_of(shop: Storefront, **changes: Any) -> tuple[int, str, str]:
    """How a push with these changes is refused; the order must be as it was."""
    before = await read(shop)
    answer = await shop.put("/v1/orders/order-1", {**ORDER, **changes})
    assert await read(shop) == before
    problem = answer.json()
    return answer.status_code, problem["code"], problem["errors"][0]["field"]


OVER_A_CLAIM: list[tuple[dict[str, Any], str, str]] = [
    ({"lines": lines_with(quantity=1)}, "line_has_claims", "lines"),
    ({"lines": lines_with(quantity=3)}, "line_has_claims", "lines"),
    ({"lines": lines_with(unit_price=11000)}, "line_has_claims", "lines"),
    ({"lines": lines_with(discount=1)}, "line_has_claims", "lines"),
    ({"lines": lines_with(discountable=False)}, "line_has_claims", "lines"),
    ({"lines": lines_with(tax=1)}, "line_has_claims", "lines"),
    ({"lines": lines_with(nature="custom_made")}, "line_has_claims", "lines"),
    ({"lines": lines_with(records=["notice"])}, "line_has_claims", "lines"),
    ({"lines": [PLATE]}, "units_taken", "lines"),
    ({"currency": "JPY"}, "order_has_payments", "currency"),
    ({"prices_include_tax": False}, "order_has_claims", "prices_include_tax"),
    ({"discount": 100}, "order_has_claims", "discount"),
    ({"shipping_charged": 0}, "order_has_claims", "shipping_charged"),
    ({"shipping_tax": 1}, "order_has_claims", "shipping_tax"),
    ({"records": ["notice"]}, "order_has_claims", "records"),
]


async def test_what_a_claim_rests_on_can_no_longer_be_pushed_away(shop: Storefront, subtests: pytest.Subtests) -> None:
    await shop.push_order()
    await shop.claim("cancel")
    for changes, code, field in OVER_A_CLAIM:
        with subtests.test(str(changes)):
            assert await refusal_of(shop, **changes) == (409, code, field)


async def test_a_quantity_below_what_claims_hold_is_refused_as_units_taken(shop: Storefront) -> None:
    await shop.push_order()
    await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 2}])
    assert await refusal_of(shop, lines=lines_with(quantity=1)) == (409, "units_taken", "lines")


async def test_units_that_were_shipped_cannot_be_pushed_away(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    assert await refusal_of(shop, lines=lines_with(quantity=1)) == (409, "units_taken", "lines")
    assert await refusal_of(shop, lines=[PLATE]) == (409, "units_taken", "lines")


async def test_money_that_refunds_have_claimed_cannot_be_pushed_away(shop: Storefront) -> None:
    await shop.push_order()
    await shop.give(await shop.claim("cancel"), "approve")
    short = [{**PAYMENT, "amount": 11999}]
    assert await refusal_of(shop, payments=short) == (409, "payment_refunded", "payments")
    elsewhere = [{**PAYMENT, "method": "points"}]
    assert await refusal_of(shop, payments=elsewhere) == (409, "payment_refunded", "payments")
    pushed = await shop.push_order(payments=[{**PAYMENT, "amount": 12000}])
    assert pushed["payments"] == [
        {"payment_id": "pay-1", "method": "card", "captured": 12000, "refunded": 12000, "settles": None}
    ]


async def test_a_shared_discount_keeps_the_lines_that_share_it(shop: Storefront) -> None:
    await shop.push_order(lines=[LINE, PLATE], discount=1000)
    await shop.claim("cancel")
    table = {"line_id": "3", "quantity": 1, "unit_price": 9000}
    changes = {"discount": 1000, "lines": [LINE, PLATE, table]}
    assert await refusal_of(shop, **changes) == (409, "order_has_claims", "lines")


async def test_what_no_claim_rests_on_may_still_change(shop: Storefront) -> None:
    await shop.push_order()
    await shop.claim("cancel")
    changed: dict[str, Any] = {"buyer_id": "buyer-8", "expected_ship_on": "2026-06-12"}
    pushed = await shop.push_order(lines=[*lines_with(title="머그컵"), PLATE], **changed)
    assert {name: pushed[name] for name in changed} == changed
    assert line_of(pushed)["units"]["open_cancel"] == 1
    assert line_of(pushed)["title"] == "머그컵"
    assert line_of(pushed, "2")["units"]["untouched"] == 1


async def test_once_a_claim_lets_go_of_its_units_the_line_may_change_again(shop: Storefront) -> None:
    await shop.push_order()
    await shop.give(await shop.claim("cancel"), "retract")
    assert line_of(await shop.push_order(lines=lines_with(unit_price=11000)))["unit_price"] == 11000


async def test_a_line_that_was_ever_claimed_stays(shop: Storefront) -> None:
    await shop.push_order(lines=[LINE, PLATE])
    await shop.give(await shop.claim("cancel"), "retract")
    assert await refusal_of(shop, lines=[PLATE]) == (409, "line_has_claims", "lines")


async def exchange_mug(shop: Storefront) -> dict[str, Any]:
    """An exchange of one mug for a blue one, on its way."""
    await shop.push_order()
    await shop.ship()
    blue = {"sku": "MUG-BLUE", "title": "Mug, blue"}
    claim = await shop.claim("exchange", "defective", lines=[{"line_id": "1", "quantity": 1, "replacement": blue}])
    for command, body in (
        ("approve", {}),
        ("receive", {"lines": [{"line_id": "1", "quantity": 1}]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
        ("reship", {"tracking": {"carrier": "cj", "number": "77"}}),
    ):
        claim = await shop.give(claim, command, body)
    return claim


async def test_what_was_sent_in_exchange_survives_a_push(shop: Storefront) -> None:
    claim = await exchange_mug(shop)
    before = await read(shop)
    sent = line_of(before, f"{claim['claim_id']}:1")
    assert (sent["replaces"], sent["sku"], sent["quantity"], sent["shipped"]) == ("1", "MUG-BLUE", 1, 1)
    assert await shop.push_order() == before
    pushed = await shop.push_order(lines=[LINE, PLATE])
    assert line_of(pushed, sent["line_id"]) == sent
    assert pushed == await read(shop)


async def test_what_was_sent_in_exchange_is_not_the_storefronts_to_price(shop: Storefront) -> None:
    claim = await exchange_mug(shop)
    before = await read(shop)
    sent = line_of(before, f"{claim['claim_id']}:1")
    said = ("line_id", "sku", "title", "quantity", "unit_price", "discount", "discountable", "tax")
    on_record = {name: sent[name] for name in said}
    for change in ({"unit_price": 1}, {"discount": 1}, {"discountable": True}, {"quantity": 2}, {"sku": "X"}):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, "lines": [LINE, {**on_record, **change}]})
        assert (answer.status_code, answer.json()["code"]) == (409, "line_sent_in_exchange"), change
        assert await read(shop) == before
    assert await shop.push_order(lines=[LINE, on_record]) == before


# Parcels


def parcel(number: str = "T-1", **more: Any) -> dict[str, Any]:
    return {"carrier": "cj", "tracking_number": number, **more}


def shipment(number: str = "T-1", at: str = "2026-06-06T00:00:00Z", **units: int) -> dict[str, Any]:
    """A parcel that has left, with so many units: `left(line_1=2)`."""
    lines = [{"line_id": name.removeprefix("line_"), "quantity": count} for name, count in units.items()]
    return parcel(number, shipped_at=at, lines=lines)


def delivery(number: str = "T-1", at: str = "2026-06-08T00:00:00Z") -> dict[str, Any]:
    return parcel(number, delivered_at=at)


async def a_week_later(shop: Storefront, order_id: str = "order-1", **order: Any) -> None:
    await shop.push_order(order_id, **order)
    shop.clock.turn(days=7)


async def report(shop: Storefront, what: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.post(f"/v1/orders/order-1/{what}", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def progress(order: dict[str, Any], line_id: str = "1") -> tuple[int, int, str | None, str | None]:
    line = line_of(order, line_id)
    return line["shipped"], line["delivered"], line["shipped_at"], line["delivered_at"]


async def test_a_parcel_that_names_no_lines_holds_all_that_had_not_left(shop: Storefront) -> None:
    await shop.push_order(lines=[LINE, PLATE])
    await report(shop, "shipments", shipment(line_1=1))
    order = await report(shop, "shipments", shipment("T-2"))
    assert [parcel["lines"] for parcel in order["shipments"]] == [
        [{"line_id": "1", "quantity": 1}],
        [{"line_id": "1", "quantity": 1}, {"line_id": "2", "quantity": 1}],
    ]
    assert [line["shipped"] for line in order["lines"]] == [2, 1]


async def test_the_same_parcel_told_again_changes_nothing(shop: Storefront) -> None:
    await a_week_later(shop)
    once = await report(shop, "shipments", shipment(line_1=1))
    for again in (shipment(line_1=1), shipment(), shipment(at="2026-06-07T00:00:00Z", line_1=1)):
        assert await report(shop, "shipments", again) == once
    once = await report(shop, "deliveries", delivery())
    for again in (delivery(), delivery(at="2026-06-09T00:00:00Z")):
        assert await report(shop, "deliveries", again) == once
    assert progress(once) == (1, 1, "2026-06-06T00:00:00Z", "2026-06-08T00:00:00Z")


async def test_the_same_parcel_with_other_lines_is_a_conflict(shop: Storefront) -> None:
    await shop.push_order()
    before = await report(shop, "shipments", shipment(line_1=1))
    answer = await shop.post("/v1/orders/order-1/shipments", shipment(line_1=2))
    assert (answer.status_code, answer.json()["code"]) == (409, "shipment_differs")
    assert answer.json()["errors"][0]["field"] == "lines"
    assert await read(shop) == before


async def test_a_delivery_told_before_its_shipment_counts_when_that_is_told(shop: Storefront) -> None:
    await a_week_later(shop)
    waiting = await report(shop, "deliveries", delivery())
    assert progress(waiting) == (0, 0, None, None)
    assert waiting["shipments"] == [parcel(lines=[], shipped_at=None, delivered_at="2026-06-08T00:00:00Z")]
    assert await report(shop, "deliveries", delivery(at="2026-06-09T00:00:00Z")) == waiting
    order = await report(shop, "shipments", shipment(line_1=1))
    assert progress(order) == (1, 1, "2026-06-06T00:00:00Z", "2026-06-08T00:00:00Z")


async def test_in_whatever_order_parcels_are_told_the_order_ends_the_same(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    first, second = shipment(line_1=1), shipment("T-2", "2026-06-07T00:00:00Z", line_1=1)
    reports_by_name = {
        "as it went": [first, second, delivery(), delivery("T-2", "2026-06-10T00:00:00Z")],
        "backwards": [delivery("T-2", "2026-06-10T00:00:00Z"), delivery(), second, first],
        "twice": [second, second, delivery(), first, delivery(), delivery("T-2", "2026-06-10T00:00:00Z"), first],
    }
    for name, reports in reports_by_name.items():
        with subtests.test(name):
            await a_week_later(shop, name)
            for report in reports:
                what = "shipments" if "shipped_at" in report else "deliveries"
                answer = await shop.post(f"/v1/orders/{name}/{what}", report)
                assert answer.status_code == 200, answer.text
            order = await read(shop, name)
            assert progress(order) == (2, 2, "2026-06-07T00:00:00Z", "2026-06-10T00:00:00Z")
            assert sorted(parcel["tracking_number"] for parcel in order["shipments"]) == ["T-1", "T-2"]


UNSHIPPABLE: list[tuple[dict[str, Any], int, str]] = [
    (shipment(line_1=3), 409, "units_not_shippable"),
    (shipment(line_1=1, line_9=1), 422, "unknown_line"),
    (shipment(line_1=1, line_2=2), 409, "units_not_shippable"),
]


async def test_only_units_that_were_ordered_can_be_shipped(shop: Storefront) -> None:
    before = await shop.push_order(lines=[LINE, PLATE])
    for report, status, code in UNSHIPPABLE:
        answer = await shop.post("/v1/orders/order-1/shipments", report)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["errors"][0]["field"] == "lines"
        assert await read(shop) == before


async def test_units_that_were_cancelled_are_not_shipped(shop: Storefront) -> None:
    await shop.push_order()
    await shop.give(await shop.claim("cancel"), "approve")
    answer = await shop.post("/v1/orders/order-1/shipments", shipment(line_1=2))
    assert (answer.status_code, answer.json()["code"]) == (409, "units_not_shippable")
    params = {"line_id": "1", "quantity": 2, "unshipped": 1, "ordered": 2, "cancelled": 1, "shipped": 0}
    assert answer.json()["params"] == params
    order = await report(shop, "shipments", shipment())
    assert line_of(order)["shipped"] == 1
    answer = await shop.post("/v1/orders/order-1/shipments", shipment("T-2"))
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_ship")
    assert await read(shop) == order


# Payments and confirmation


async def test_a_payment_told_twice_counts_once(shop: Storefront) -> None:
    await shop.push_order(payments=[], paid_at=None)
    payment = {**PAYMENT, "captured_at": "2026-06-07T00:00:00Z"}
    once = await report(shop, "payments", payment)
    assert once["paid_at"] == "2026-06-07T00:00:00Z"
    assert await report(shop, "payments", {**PAYMENT, "captured_at": "2026-06-08T00:00:00Z"}) == once
    for other in ({"amount": 26999}, {"method": "points"}):
        answer = await shop.post("/v1/orders/order-1/payments", {**payment, **other})
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_differs")
    assert await read(shop) == once
    more = await report(shop, "payments", {"payment_id": "pay-2", "method": "points", "amount": 500})
    assert [payment["captured"] for payment in more["payments"]] == [27000, 500]
    assert more["paid_at"] == "2026-06-07T00:00:00Z"


async def test_the_first_confirmation_counts(shop: Storefront) -> None:
    await shop.push_order("said-when")
    await shop.push_order("now")
    for order_id, body, counted in (
        ("said-when", {"confirmed_at": "2026-06-07T00:00:00Z"}, "2026-06-07T00:00:00Z"),
        ("said-when", {"confirmed_at": "2026-06-08T00:00:00Z"}, "2026-06-07T00:00:00Z"),
        ("now", {}, "2026-06-08T03:00:00Z"),
    ):
        answer = await shop.post(f"/v1/orders/{order_id}/confirm", body)
        assert answer.json()["confirmed_at"] == counted


FUTURE: list[tuple[str, str, dict[str, Any]]] = [
    ("shipments", "shipped_at", parcel()),
    ("deliveries", "delivered_at", parcel()),
    ("payments", "captured_at", PAYMENT),
    ("confirm", "confirmed_at", {}),
]


async def test_nothing_is_told_before_it_happens_but_for_clocks_that_differ(shop: Storefront) -> None:
    before = await shop.push_order(payments=[])
    soon = (shop.clock() + timedelta(minutes=5)).isoformat()
    later = (shop.clock() + timedelta(minutes=5, microseconds=1)).isoformat()
    for what, field, body in FUTURE:
        answer = await shop.post(f"/v1/orders/order-1/{what}", {**body, field: later})
        assert (answer.status_code, answer.json()["code"]) == (422, "in_future"), what
        assert answer.json()["errors"][0]["field"] == field
    for field in ("paid_at", "confirmed_at"):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, field: later})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert await read(shop) == before
    for what, field, body in FUTURE:
        assert (await shop.post(f"/v1/orders/order-1/{what}", {**body, field: soon})).status_code == 200


async def test_a_parcel_does_not_arrive_before_it_leaves(shop: Storefront) -> None:
    await a_week_later(shop)
    order = await report(shop, "shipments", shipment(line_1=1))
    early = await shop.post("/v1/orders/order-1/deliveries", delivery(at="2026-06-05T23:59:59Z"))
    await report(shop, "deliveries", delivery("T-2", at="2026-06-05T23:59:59Z"))
    late = await shop.post("/v1/orders/order-1/shipments", shipment("T-2", line_1=1))
    for answer, field in ((early, "delivered_at"), (late, "shipped_at")):
        assert (answer.status_code, answer.json()["code"]) == (422, "delivered_before_shipped")
        assert answer.json()["errors"][0]["field"] == field
    assert progress(await read(shop)) == progress(order)


async def test_nothing_can_be_told_of_an_order_that_was_never_pushed(shop: Storefront) -> None:
    for what, body in (
        ("confirm", {}),
        ("shipments", shipment()),
        ("deliveries", delivery()),
        ("payments", PAYMENT),
    ):
        answer = await shop.post(f"/v1/orders/nowhere/{what}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await shop.get("/v1/orders/nowhere")).status_code == 404


async def test_an_order_that_something_happened_to_was_updated(shop: Storefront) -> None:
    """What a storefront polls for changes by."""
    seen = [(await shop.push_order())["updated_at"]]
    shop.clock.turn(hours=1)
    await shop.ship()
    seen.append((await read(shop))["updated_at"])
    shop.clock.turn(hours=1)
    claim = await shop.claim("return")
    seen.append((await read(shop))["updated_at"])
    shop.clock.turn(hours=1)
    await shop.give(claim, "retract")
    seen.append((await read(shop))["updated_at"])
    assert sorted(set(seen)) == seen


# The policy


async def test_an_order_pins_the_policy_version_that_was_in_force(shop: Storefront) -> None:
    for order_id, named, pinned in (
        ("a", None, "storefront_kr@1"),
        ("b", "naver", "naver@1"),
        ("c", "jp@1", "jp@1"),
    ):
        assert (await shop.push_order(order_id, policy=named))["policy"] == pinned
    for again in ("naver", "naver@1", None):
        assert (await shop.push_order("b", policy=again))["policy"] == "naver@1"
    for other in ("jp", "naver@2", "atlantis"):
        answer = await shop.put("/v1/orders/b", {**ORDER, "policy": other})
        assert (answer.status_code, answer.json()["code"]) == (409, "policy_pinned")
        assert answer.json()["errors"][0]["field"] == "policy"


async def test_a_policy_that_nobody_knows_is_refused(shop: Storefront) -> None:
    for named in ("atlantis", "naver@2", "naver@", "@1", "../kr", "kr.toml"):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, "policy": named})
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_policy"), named
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
    """All pages of a list, by following its Link headers."""
    answer = await shop.get(path, **query)
    found = [answer.json()["data"]]
    while "next" in answer.links:
        assert answer.json()["next_cursor"] in answer.links["next"]["url"]
        answer = await shop.http.get(answer.links["next"]["url"], headers=answer.request.headers)
        found.append(answer.json()["data"])
    assert answer.json()["next_cursor"] is None
    return found


async def test_orders_are_listed_newest_first_page_by_page(shop: Storefront) -> None:
    for number in range(7):
        await shop.push_order(f"order-{number}", buyer_id=f"buyer&{number % 2}")
        shop.clock.turn(minutes=number % 2)
    newest = [f"order-{number}" for number in range(6, -1, -1)]
    for limit in (1, 3, 7, 20):
        found = await pages(shop, "/v1/orders", limit=limit)
        assert [order["order_id"] for page in found for order in page] == newest
        assert {len(page) for page in found[:-1]} <= {limit}
    found = await pages(shop, "/v1/orders", limit=2, buyer_id="buyer&1")
    assert [[order["order_id"] for order in page] for page in found] == [["order-5", "order-3"], ["order-1"]]
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
