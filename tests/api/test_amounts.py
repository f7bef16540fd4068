"""Amounts of refunds, in minor units: shares of a price, fees, and what each payment has left."""

from typing import Any

import pytest

from tests.api.claims import codes, order_of, take
from tests.api.walks import APPROVE, INSPECT, ONE, PAY, RECEIVE
from tests.storefront import Storefront


async def buy(shop: Storefront, price: int, quantity: int = 1, **changes: Any) -> None:
    """Buy `quantity` units of one line without shipping costs; the units are shipped and delivered."""
    line = {"line_id": "1", "quantity": quantity, "unit_price": price, **changes.pop("line", {})}
    paid = price * quantity - line.get("discount", 0) - changes.get("discount", 0)
    payment = {"payment_id": "pay-1", "method": "card", "amount": paid}
    await shop.push_order(**{"shipping_charged": 0, "lines": [line], "payments": [payment], **changes})
    await shop.ship()


async def finish_claim(shop: Storefront, kind: str, reason: str = "defective", **changes: Any) -> dict[str, Any]:
    """A claim that is approved and walked to its end."""
    claim = await shop.claim(kind, reason, **changes)
    for step in (APPROVE, RECEIVE, INSPECT, PAY) if kind == "return" else (APPROVE, PAY):
        claim = await take(shop, claim, step)
    return claim


def shares(claim: dict[str, Any]) -> dict[str, int]:
    return {share["payment_id"]: share["amount"] for share in claim["amounts"]["shares"]}


@pytest.mark.parametrize(
    ("price", "quantity", "order", "one_by_one"),
    [
        (10000, 3, {"discount": 1000, "currency": "EUR", "policy": "kr"}, [9667, 9666, 9667]),
        (2390, 10, {"line": {"discount": 5975}, "currency": "EUR", "policy": "kr"}, None),
        (167, 1, {"currency": "EUR", "policy": "kr"}, [167]),
        (1, 2, {"line": {"discount": 1}}, [1, 0]),
    ],
    ids=["3 x 100 less 10", "10 x 23.90 less a quarter", "one", "half a won each"],
)
async def test_unit_by_unit_refunds_end_at_what_was_paid(
    shop: Storefront, price: int, quantity: int, order: dict[str, Any], one_by_one: list[int] | None
) -> None:
    await buy(shop, price, quantity, **order)
    totals = [(await finish_claim(shop, "return"))["amounts"]["total"] for _ in range(quantity)]
    discount = order.get("discount", 0) + order.get("line", {}).get("discount", 0)
    assert sum(totals) == price * quantity - discount
    assert totals == (one_by_one or totals)
    assert max(totals) - min(totals) <= 1


async def test_the_refundable_amount_is_the_captured_amount_without_earlier_refunds(shop: Storefront) -> None:
    await buy(shop, 100)
    for amount in (25, 25):
        claim = await finish_claim(shop, "refund", amount=amount)
        assert claim["state"] == "refunded"
    answer = await shop.ask("refund", "defective", amount=1000)
    assert codes(answer.json()) == ["amount_above_value", "refund_exceeds_captured"]
    above_value, above_captured = (refusal["params"] for refusal in answer.json()["refusals"])
    assert above_value == {"requested": 1000, "value": 50, "currency": "KRW"}
    assert above_captured == {"requested": 1000, "available": 50, "currency": "KRW"}
    assert [refund["amount"] for refund in (await shop.get("/v1/refunds")).json()["data"]] == [25, 25]


async def test_an_earlier_credit_is_deducted_when_the_goods_come_back(shop: Storefront) -> None:
    await buy(shop, 12000)
    await finish_claim(shop, "refund", amount=4000)
    claim = await finish_claim(shop, "return")
    steps = [(step["code"], step["amount"]) for step in claim["amounts"]["steps"]]
    assert steps == [("goods", 12000), ("earlier_credit", -4000)]
    assert claim["amounts"]["total"] == 8000
    line = (await order_of(shop, claim))["lines"][0]
    assert (line["credited"], line["units"]["returned"]) == (0, 1)


POINTS_AND_CARD = [
    {"payment_id": "points", "method": "points", "amount": 40},
    {"payment_id": "card", "method": "card", "amount": 60},
]


async def test_refunds_go_back_over_the_payments_in_the_policys_order(shop: Storefront) -> None:
    await buy(shop, 100, payments=POINTS_AND_CARD)
    first = await finish_claim(shop, "refund", amount=40)
    answer = await shop.ask("refund", "defective", amount=70)
    assert codes(answer.json()) == ["amount_above_value", "refund_exceeds_captured"]
    second = await finish_claim(shop, "refund", amount=60)
    assert (shares(first), shares(second)) == ({"card": 40}, {"card": 20, "points": 40})
    order = await order_of(shop, second)
    assert {payment["payment_id"]: payment["refunded"] for payment in order["payments"]} == {
        "points": 40,
        "card": 60,
    }


async def test_a_claim_of_several_refunds_is_settled_by_the_last(shop: Storefront) -> None:
    await buy(shop, 100, payments=POINTS_AND_CARD)
    claim = await shop.give(await shop.claim("refund", "defective"), "approve")
    refunds = await shop.refunds_of(claim)
    assert {refund["payment_id"]: refund["amount"] for refund in refunds} == {"points": 40, "card": 60}
    for refund, state in zip(refunds, ("approved", "refunded"), strict=True):
        await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {})
        assert (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["state"] == state


async def test_fees_above_the_goods_leave_the_buyer_owing_and_never_a_negative_refund(shop: Storefront) -> None:
    await buy(shop, 1000)
    claim = await finish_claim(shop, "return", "change_of_mind")
    assert (claim["state"], claim["hold"]["reason"]) == ("accepted", "return_fee_unpaid")
    assert (claim["amounts"]["total"], claim["amounts"]["buyer_owes"]) == (0, 2000)
    fee = {"payment_id": "fee-1", "method": "bank_transfer", "amount": 2000}
    claim = await shop.give(claim, "confirm-payment", fee)
    assert (claim["state"], claim["hold"], claim["buyer_payment"]["amount"]) == ("refunded", None, 2000)
    assert await shop.refunds_of(claim) == []
    captured = {payment["payment_id"]: payment["captured"] for payment in (await order_of(shop, claim))["payments"]}
    assert captured == {"pay-1": 1000, "fee-1": 2000}


@pytest.mark.parametrize("kind", ["cancel", "return", "refund"])
async def test_goods_without_a_price_are_settled_without_a_refund(shop: Storefront, kind: str) -> None:
    line = {"line_id": "1", "quantity": 1, "unit_price": 5000, "discount": 5000}
    await shop.push_order(shipping_charged=0, lines=[line], payments=[], paid_at="2026-06-05T00:00:00Z")
    if kind != "cancel":
        await shop.ship()
    claim = await shop.claim(kind, "defective")
    for step in (APPROVE, RECEIVE, INSPECT) if kind == "return" else (APPROVE,):
        claim = await take(shop, claim, step)
    assert (claim["state"], claim["amounts"]["total"]) == ("refunded", 0)
    assert await shop.refunds_of(claim) == []


async def test_shipping_is_given_back_once_with_the_last_of_the_goods(shop: Storefront) -> None:
    await shop.push_order()
    claims = [await shop.give(await shop.claim("cancel"), "approve") for _ in range(2)]
    assert [claim["amounts"]["total"] for claim in claims] == [12000, 15000]
    assert (await order_of(shop, claims[0]))["shipping_refunded"] == 3000


async def test_free_shipping_that_was_lost_is_charged_once(shop: Storefront) -> None:
    payments = [{"payment_id": "pay-1", "method": "card", "amount": 60000}]
    lines = [{"line_id": "1", "quantity": 3, "unit_price": 20000}]
    await shop.push_order(shipping_charged=0, lines=lines, payments=payments)
    await shop.ship()
    totals = [(await finish_claim(shop, "return", "change_of_mind"))["amounts"]["total"] for _ in range(2)]
    assert totals == [14000, 17000]


async def test_tax_on_top_is_paid_back_to_the_cent(shop: Storefront) -> None:
    lines = [{"line_id": "1", "quantity": 1, "unit_price": 1000, "tax": 210}]
    payments = [{"payment_id": "pay-1", "method": "card", "amount": 1815}]
    order_fields: dict[str, Any] = {
        "currency": "EUR",
        "policy": "kr",
        "prices_include_tax": False,
        "shipping_charged": 500,
        "shipping_tax": 105,
    }
    await shop.push_order(lines=lines, payments=payments, **order_fields)
    claim = await shop.give(await shop.claim("cancel"), "approve")
    assert (claim["amounts"]["total"], claim["amounts"]["currency"]) == (1815, "EUR")


async def test_no_more_is_refunded_than_was_captured(shop: Storefront) -> None:
    await buy(shop, 12000, payments=[{"payment_id": "pay-1", "method": "card", "amount": 7000}])
    claim = await finish_claim(shop, "return")
    steps = {step["code"]: step["amount"] for step in claim["amounts"]["steps"]}
    assert (steps, claim["amounts"]["total"]) == ({"goods": 12000, "not_captured": -5000}, 7000)


async def test_cancel_one_ship_the_rest_and_return_it(shop: Storefront) -> None:
    await shop.push_order()
    cancelled = await take(shop, await shop.give(await shop.claim("cancel"), "approve"), PAY)
    await shop.ship()
    returned = await finish_claim(shop, "return")
    assert cancelled["amounts"]["total"] + returned["amounts"]["total"] == 27000
    line = (await order_of(shop, returned))["lines"][0]
    assert (line["units"]["cancelled"], line["units"]["returned"], line["units"]["untouched"]) == (1, 1, 0)
    assert codes((await shop.ask("return", lines=[ONE])).json()) == ["units_unavailable", "not_shipped"]
