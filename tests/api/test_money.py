"""Amounts beside the price of the goods: lost discounts, used parts, fees, and differences of prices."""

from typing import Any

import httpx
import pytest

from tests.api.claims import order_of, take
from tests.api.walks import APPROVE, BLUE, CONFIRM, INSPECT, ONE, PAY, RECEIVE, RESHIP
from tests.storefront import Storefront


async def publish_house_policy(shop: Storefront, **terms: Any) -> str:
    """Publish a policy on Korean law, without fees. Returns the name of the policy."""
    answer = await shop.post("/v1/policies", {"policy_id": "house", "base": "kr", "terms": terms})
    assert answer.status_code == 201, answer.text
    return "house"


def priced_lines(*prices: int) -> list[dict[str, Any]]:
    return [{"line_id": str(number), "quantity": 1, "unit_price": price} for number, price in enumerate(prices, 1)]


async def buy(shop: Storefront, lines: list[dict[str, Any]], captured: int, **changes: Any) -> None:
    payments = [{"payment_id": "pay-1", "method": "card", "amount": captured}]
    await shop.push_order(**{"shipping_charged": 0, "lines": lines, "payments": payments, **changes})
    await shop.ship()


async def return_line(shop: Storefront, line_id: str) -> dict[str, Any]:
    line = {"line_id": line_id, "quantity": 1}
    claim = await shop.claim("return", lines=[line])
    inspection = {"lines": [{"line_id": line_id, "accepted": 1}]}
    for step in (APPROVE, ("receive", {"lines": [line]}), ("inspect", inspection), PAY):
        claim = await take(shop, claim, step)
    return claim


async def test_a_discount_is_taken_back_on_what_stays_and_given_back_with_it(shop: Storefront) -> None:
    policy = await publish_house_policy(shop, lost_discount="recalculate")
    await buy(shop, priced_lines(100, 100, 100), 270, policy=policy, discount=30, discount_minimum=250)
    first = await return_line(shop, "1")
    assert [line["recharged"] for line in (await order_of(shop, first))["lines"]] == [0, 10, 10]
    totals = [
        claim["amounts"]["total"] for claim in (first, await return_line(shop, "2"), await return_line(shop, "3"))
    ]
    assert totals == [70, 100, 100]
    order = await order_of(shop, first)
    assert [line["recharged"] for line in order["lines"]] == [0, 0, 0]
    assert order["payments"][0]["refunded"] == 270


async def test_the_terms_of_a_discount_do_not_change_under_a_claim(shop: Storefront) -> None:
    await buy(shop, priced_lines(100, 100, 100), 270, discount=30, discount_minimum=250)
    await shop.claim("return")
    answer = await shop.put(
        "/v1/orders/order-1", {"currency": "KRW", "lines": priced_lines(100, 100, 100), "discount": 30}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "order_has_claims")


async def test_the_buyer_pays_for_the_used_parts_of_a_course(shop: Storefront) -> None:
    course = {"nature": "service", "parts": 12, "records": ["notice", "preview"]}
    await shop.push_order(
        lines=[{"line_id": "1", "quantity": 1, "unit_price": 120000, **course}],
        payments=[{"payment_id": "pay-1", "method": "card", "amount": 123000}],
    )
    claim = await shop.claim("cancel", lines=[{**ONE, "used_parts": 3}], conditions=["begun"])
    assert claim["assessment"]["verdict"] == "eligible"
    claim = await shop.give(claim, "approve")
    steps = {step["code"]: step for step in claim["amounts"]["steps"]}
    assert (steps["used_part"]["amount"], claim["amounts"]["total"]) == (-30000, 93000)
    assert steps["used_part"]["citation"].startswith("KR E-Commerce Act 18(8)")
    assert steps["used_part"]["rule"] == "The used parts, as a share of the amount paid."


@pytest.mark.parametrize(
    ("unit_price", "total", "buyer_owes"), [(9000, 3000, 0), (15000, 0, 3000)], ids=["cheaper", "dearer"]
)
async def test_an_exchange_settles_the_difference(
    shop: Storefront, unit_price: int, total: int, buyer_owes: int
) -> None:
    await buy(shop, priced_lines(12000), 12000)
    line = {**ONE, "replacement": {**BLUE, "unit_price": unit_price}}
    claim = await shop.claim("exchange", "defective", lines=[line])
    for step in (APPROVE, RECEIVE, INSPECT):
        claim = await take(shop, claim, step)
    assert (claim["amounts"]["total"], claim["amounts"]["buyer_owes"]) == (total, buyer_owes)
    if buyer_owes:
        assert claim["hold"]["reason"] == "extra_fee_unpaid"
        payment = {"payment_id": "pay-2", "method": "card", "amount": buyer_owes}
        claim = await shop.give(claim, "confirm-payment", payment)
    for step in (PAY, RESHIP, CONFIRM):
        claim = await take(shop, claim, step)
    replacement = (await order_of(shop, claim))["lines"][-1]
    assert (claim["state"], replacement["unit_price"], replacement["sku"]) == ("exchanged", unit_price, "MUG-BLUE")
    assert sum(payment["captured"] - payment["refunded"] for payment in (await order_of(shop, claim))["payments"]) == (
        unit_price
    )


async def test_a_fee_paid_apart_comes_before_the_refund(shop: Storefront) -> None:
    policy = await publish_house_policy(shop, fees={"return": 3000}, fee_collection="remit")
    await buy(shop, priced_lines(12000), 12000, policy=policy)
    claim = await shop.claim("return")
    for step in (APPROVE, RECEIVE, INSPECT):
        claim = await take(shop, claim, step)
    assert (claim["amounts"]["total"], claim["amounts"]["buyer_owes"]) == (12000, 3000)
    assert await shop.refunds_of(claim) == []
    answer = await shop.post(
        f"/v1/claims/{claim['claim_id']}/confirm-payment",
        {"payment_id": "box", "method": "cash", "amount": 2000},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_differs")
    claim = await shop.give(claim, "confirm-payment", {"payment_id": "box", "method": "cash", "amount": 3000})
    (refund,) = await shop.refunds_of(claim)
    assert (refund["amount"], refund["payment_id"]) == (12000, "pay-1")
    claim = await take(shop, claim, PAY)
    assert claim["state"] == "refunded"


async def test_a_payment_settles_one_debt(shop: Storefront) -> None:
    policy = await publish_house_policy(shop, fees={"return": 3000}, fee_collection="remit")
    await buy(shop, priced_lines(12000, 12000), 24000, policy=policy)
    first, second = await return_line(shop, "1"), await return_line(shop, "2")
    fee = {"payment_id": "fee", "method": "card", "amount": 3000}
    await shop.post("/v1/orders/order-1/payments", fee)
    await shop.give(first, "confirm-payment", fee)
    again = await shop.post(f"/v1/claims/{second['claim_id']}/confirm-payment", fee)
    assert (again.status_code, again.json()["code"]) == (409, "payment_already_taken")
    settles = {payment["payment_id"]: payment["settles"] for payment in (await order_of(shop, first))["payments"]}
    assert settles == {"pay-1": None, "fee": first["claim_id"]}
    statement = {
        "currency": "KRW",
        "shipping_charged": 0,
        "lines": priced_lines(12000, 12000),
        "payments": [{**fee, "amount": 2999}],
    }
    answer = await shop.put("/v1/orders/order-1", statement)
    assert (answer.status_code, answer.json()["code"]) == (409, "order_has_claims")
    assert answer.json()["params"]["why"] == "payment_settles_claim"
    assert answer.json()["params"]["claim_id"] == first["claim_id"]


async def test_a_refund_that_waits_for_the_buyers_payment_stays_covered(shop: Storefront) -> None:
    policy = await publish_house_policy(shop, fees={"return": 3000}, fee_collection="remit")
    await buy(shop, priced_lines(12000), 12000, policy=policy)
    claim = await shop.claim("return")
    for step in (APPROVE, RECEIVE, INSPECT):
        claim = await take(shop, claim, step)

    async def put_payments(*amounts: int) -> httpx.Response:
        payments = [
            {"payment_id": f"pay-{n}", "method": "card", "amount": amount} for n, amount in enumerate(amounts, 1)
        ]
        body = {"currency": "KRW", "shipping_charged": 0, "lines": priced_lines(12000), "payments": payments}
        return await shop.put("/v1/orders/order-1", body)

    refusal = await put_payments(11999)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "order_has_claims")
    assert refusal.json()["errors"][0]["field"] == "payments"
    for amounts in ((12000,), (12000, 3000)):
        assert (await put_payments(*amounts)).status_code == 200
    await shop.give(claim, "confirm-payment", {"payment_id": "pay-2", "method": "card", "amount": 3000})
    captured = [payment["captured"] for payment in (await order_of(shop, claim))["payments"]]
    assert captured == [12000, 3000]


async def test_an_exchange_that_cannot_be_sent_is_paid_back(shop: Storefront) -> None:
    await buy(shop, priced_lines(12000), 12000)
    claim = await shop.claim("exchange", "defective", lines=[{**ONE, "replacement": BLUE}])
    for step in (APPROVE, RECEIVE, INSPECT, ("convert", {"note": "품절"}), PAY):
        claim = await take(shop, claim, step)
    assert (claim["kind"], claim["state"], claim["amounts"]["total"]) == ("return", "refunded", 12000)
    units = (await order_of(shop, claim))["lines"][0]["units"]
    assert (units["exchanged"], units["returned"]) == (0, 1)


async def test_tax_is_worked_out_from_rates_and_may_be_stated(shop: Storefront) -> None:
    lines = [
        {"line_id": "1", "quantity": 1, "unit_price": 1000, "tax_rate": 2100},
        {"line_id": "2", "quantity": 1, "unit_price": 1000, "tax_rate": 2100, "tax": 211},
    ]
    order_fields: dict[str, Any] = {
        "currency": "EUR",
        "policy": "kr",
        "prices_include_tax": False,
        "shipping_charged": 500,
        "shipping_tax_rate": 2100,
    }
    order = await shop.push_order(lines=lines, **order_fields)
    assert [line["tax"] for line in order["lines"]] == [210, 211]
    assert order["shipping_tax"] == 105
    assert await shop.push_order(lines=lines, **order_fields) == order


async def test_the_person_who_changed_the_fault_is_on_record(shop: Storefront) -> None:
    await buy(shop, priced_lines(12000), 12000)
    claim = await shop.claim("return")
    finding = {"reason": "defective", "evidence": ["photo-1"], "note": "금이 갔어요.", "actor": "minji"}
    claim = await shop.give(claim, "reclassify", finding)
    (step,) = claim["reclassifications"]
    assert (step["old_reason"], step["old_fault"], step["fault"]) == ("change_of_mind", "buyer", "seller")
    assert (step["by"]["name"], step["evidence"]) == ("minji", ["photo-1"])


async def test_a_late_payment_a_little_above_a_debt_is_taken_and_settles_the_claim(shop: Storefront) -> None:
    """The debt is 2,000 won. Each turn of the late money gave 100 won of the surplus, and the payment was an error."""
    mug = {"line_id": "1", "quantity": 1, "unit_price": 1000}
    paid = {"payment_id": "pay-1", "method": "card", "amount": 1000}
    await shop.push_order(lines=[mug], payments=[paid], shipping_charged=0)
    await shop.ship()
    claim = await shop.give(await shop.claim("return"), "approve")
    one = [{"line_id": "1", "quantity": 1}]
    claim = await shop.give(claim, "receive", {"lines": one})
    claim = await shop.give(claim, "inspect", {"lines": [{"line_id": "1", "accepted": 1}]})
    assert (claim["amounts"]["buyer_owes"], claim["hold"] is None) == (2000, False)
    late = {"payment_id": "late", "method": "card", "amount": 2100}
    answer = await shop.post("/v1/orders/order-1/payments", late)
    assert answer.status_code == 200, answer.text
    claim = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (claim["amounts"]["total"], claim["hold"]) == (100, None)
    assert [refund["amount"] for refund in await shop.refunds_of(claim)] == [100]
