"""A statement of an order changes the fields that the merchant states, and no field that the service owns."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.engine.model.order import Order, OrderLine, Payment, Units
from app.engine.model.vocabulary import DelayReason, Nature, Record
from app.service.order_amendments import (
    LINE_OWNED,
    LINE_STATED,
    ORDER_MERGED,
    ORDER_OWNED,
    ORDER_STATED,
    PAYMENT_OWNED,
    PAYMENT_STATED,
    restated,
)
from tests.api.orders import LINE, PAYMENT, line_of, lines_with, read
from tests.storefront import ORDER, Storefront

NOW, TODAY = datetime(2026, 6, 8, tzinfo=UTC), date(2026, 6, 8)
SETS = (
    (Order, (ORDER_STATED, ORDER_MERGED, ORDER_OWNED)),
    (OrderLine, (LINE_STATED, LINE_OWNED)),
    (Payment, (PAYMENT_STATED, PAYMENT_OWNED)),
)
PLATE: dict[str, Any] = {"line_id": "2", "sku": "PLATE", "quantity": 1, "unit_price": 5000}
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


@pytest.mark.parametrize(("value", "sets"), SETS)
def test_every_field_is_in_exactly_one_set(value: type[Any], sets: tuple[tuple[str, ...], ...]) -> None:
    names = [name for group in sets for name in group]
    assert sorted(names) == sorted(field.name for field in fields(value))


STORED_LINE = OrderLine(
    line_id="1",
    quantity=3,
    unit_price=10,
    shipped=1,
    delivered=1,
    shipped_at=NOW,
    delivered_at=NOW,
    deliver_on=TODAY,
    units=Units(),
)
STORED = Order(
    order_id="order",
    currency="KRW",
    country="KR",
    policy="kr@1",
    lines=(STORED_LINE,),
    payments=(Payment(payment_id="p", method="card", captured=30, refunded=5, settles="claim"),),
    ready_to_ship_at=NOW,
    delay_reason=DelayReason.PREPARING,
    shipping_refunded=1,
    outbound_charged=2,
)
STATED_LINE = OrderLine(
    line_id="1",
    quantity=4,
    unit_price=20,
    sku="MUG",
    title="Mug",
    discount=1,
    discountable=False,
    tax=2,
    tax_rate=1000,
    parts=2,
    nature=Nature.DIGITAL,
    records=frozenset({Record.NOTICE}),
)
STATED = Order(
    order_id="order",
    currency="KRW",
    country="JP",
    policy="kr",
    lines=(STATED_LINE,),
    payments=(Payment(payment_id="p", method="card", captured=80),),
    time_zone="Asia/Tokyo",
    buyer_id="buyer",
    prices_include_tax=False,
    discount=0,
    discount_minimum=1,
    shipping_charged=7,
    shipping_tax=1,
    records=frozenset({Record.NOTICE}),
)


def test_stated_fields_come_from_the_statement_and_owned_fields_stay() -> None:
    order = restated(STORED, STATED)
    for name in ORDER_STATED:
        assert getattr(order, name) == getattr(STATED, name), name
    for name in ORDER_OWNED:
        assert getattr(order, name) == getattr(STORED, name), name
    (line,), (payment,) = order.lines, order.payments
    assert line == replace(STORED_LINE, **{name: getattr(STATED_LINE, name) for name in LINE_STATED})
    assert payment == replace(STORED.payments[0], captured=80)


def test_a_value_once_stated_stays_where_a_later_statement_leaves_it_out() -> None:
    stored = replace(STORED, paid_at=NOW, confirmed_at=NOW, expected_ship_on=TODAY, version_named=True)
    order = restated(stored, STATED)
    assert (order.paid_at, order.confirmed_at, order.expected_ship_on, order.version_named) == (NOW, NOW, TODAY, True)


async def refusal_of(shop: Storefront, **changes: Any) -> tuple[int, str, str]:
    """Status, code and field of a refused push with these changes; the order must not change."""
    before = await read(shop)
    answer = await shop.put("/v1/orders/order-1", {**ORDER, **changes})
    assert await read(shop) == before
    problem = answer.json()
    return answer.status_code, problem["code"], problem["errors"][0]["field"]


async def test_a_push_cannot_change_the_facts_that_a_claim_rests_on(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
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
    points = [{**PAYMENT, "method": "points"}]
    assert await refusal_of(shop, payments=points) == (409, "payment_refunded", "payments")
    pushed = await shop.push_order(payments=[{**PAYMENT, "amount": 12000}])
    assert pushed["payments"] == [
        {
            "payment_id": "pay-1",
            "method": "card",
            "captured": 12000,
            "refunded": 12000,
            "settles": None,
            "reversed": 0,
            "instalments": 1,
            "payable_step": 1,
            "refund_to": "source",
        }
    ]


async def test_a_shared_discount_keeps_the_lines_that_share_it(shop: Storefront) -> None:
    await shop.push_order(lines=[LINE, PLATE], discount=1000)
    await shop.claim("cancel")
    table = {"line_id": "3", "quantity": 1, "unit_price": 9000}
    changes = {"discount": 1000, "lines": [LINE, PLATE, table]}
    assert await refusal_of(shop, **changes) == (409, "order_has_claims", "lines")


async def test_fields_that_no_claim_rests_on_may_still_change(shop: Storefront) -> None:
    await shop.push_order()
    await shop.claim("cancel")
    changes: dict[str, Any] = {"buyer_id": "buyer-8", "expected_ship_on": "2026-06-12"}
    pushed = await shop.push_order(lines=[*lines_with(title="머그컵"), PLATE], **changes)
    assert {name: pushed[name] for name in changes} == changes
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
    """An exchange of one mug for a blue mug; the blue mug is shipped."""
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


async def test_the_line_of_a_replacement_survives_a_push(shop: Storefront) -> None:
    claim = await exchange_mug(shop)
    before = await read(shop)
    replacement = line_of(before, f"{claim['claim_id']}:1")
    assert (replacement["replaces"], replacement["sku"], replacement["quantity"], replacement["shipped"]) == (
        "1",
        "MUG-BLUE",
        1,
        1,
    )
    assert await shop.push_order() == before
    pushed = await shop.push_order(lines=[LINE, PLATE])
    assert line_of(pushed, replacement["line_id"]) == replacement
    assert pushed == await read(shop)


async def test_a_storefront_cannot_change_the_line_of_a_replacement(shop: Storefront) -> None:
    claim = await exchange_mug(shop)
    before = await read(shop)
    replacement = line_of(before, f"{claim['claim_id']}:1")
    stated_fields = ("line_id", "sku", "title", "quantity", "unit_price", "discount", "discountable", "tax")
    on_record = {name: replacement[name] for name in stated_fields}
    for change in ({"unit_price": 1}, {"discount": 1}, {"discountable": True}, {"quantity": 2}, {"sku": "X"}):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, "lines": [LINE, {**on_record, **change}]})
        assert (answer.status_code, answer.json()["code"]) == (409, "line_sent_in_exchange"), change
        assert await read(shop) == before
    assert await shop.push_order(lines=[LINE, on_record]) == before
