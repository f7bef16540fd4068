"""Which policy judges an order, and in which currencies."""

from datetime import timedelta
from typing import Any

from tests.storefront import ORDER, Storefront

DOLLARS: dict[str, Any] = {"currency": "USD"}


async def publish(shop: Storefront, base: str, **terms: Any) -> None:
    answer = await shop.post("/v1/policies", {"policy_id": "house", "base": base, "terms": terms})
    assert answer.status_code == 201, answer.text


async def test_fees_in_one_currency_are_not_taken_off_a_price_in_another(shop: Storefront) -> None:
    answer = await shop.put("/v1/orders/order-1", {**ORDER, **DOLLARS})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "currency_differs")
    assert problem["errors"][0]["field"].endswith("currency")
    assert (await shop.get("/v1/orders/order-1")).status_code == 404


async def test_a_policy_without_fees_judges_orders_in_every_currency(shop: Storefront) -> None:
    assert (await shop.push_order(policy="kr", **DOLLARS))["currency"] == "USD"


async def test_terms_may_be_in_a_currency_of_their_own(shop: Storefront) -> None:
    await publish(shop, "storefront_eu", currency="SEK", fees={"return": 4900})
    policy = (await shop.get("/v1/policies/house/1")).json()["policy"]
    assert (policy["currency"], policy["fees"]["return"], policy["fees"]["outbound"]) == ("SEK", 4900, 0)
    assert (await shop.push_order(policy="house", currency="SEK"))["policy"] == "house@1"
    answer = await shop.put("/v1/orders/order-2", {**ORDER, "policy": "house", "currency": "EUR"})
    assert answer.json()["code"] == "currency_differs"
    page = (await shop.get("/v1/policies/house/1/page", language="en")).json()
    costs = next(row["answers"] for row in page["rows"] if row["topic"] == "costs")
    assert "If you changed your mind you pay 49.00 SEK for the way back." in costs


async def test_a_currency_changes_until_money_in_it_is_on_record(shop: Storefront) -> None:
    await shop.push_order(policy="kr", payments=[], paid_at=None, **DOLLARS)
    assert (await shop.push_order(policy="kr"))["currency"] == "KRW"
    answer = await shop.put("/v1/orders/order-1", {**ORDER, "policy": "kr", **DOLLARS})
    assert (answer.status_code, answer.json()["code"]) == (409, "order_has_payments")


async def test_a_payment_in_time_of_a_version_with_fees_in_another_currency_keeps_the_one_before(
    shop: Storefront,
) -> None:
    await publish(shop, "kr")
    await shop.push_order(policy="house", payments=[], paid_at=None, **DOLLARS)
    shop.clock.turn(hours=1)
    await publish(shop, "kr", fees={"return": 3000})
    shop.clock.turn(hours=1)
    answer = await shop.post("/v1/orders/order-1/payments", {"payment_id": "p", "method": "card", "amount": 27000})
    assert answer.json()["policy"] == "house@1"


async def test_the_same_push_again_is_the_same_also_while_its_policy_is_still_to_come(shop: Storefront) -> None:
    body = {
        "policy_id": "house",
        "base": "kr",
        "terms": {},
        "effective_at": (shop.clock() + timedelta(days=5)).isoformat(),
    }
    assert (await shop.post("/v1/policies", body)).status_code == 201
    first = await shop.push_order(policy="house")
    assert first["policy"] == "kr@2"
    assert await shop.push_order(policy="house") == first
    shop.clock.turn(days=6)
    assert (await shop.push_order(policy="house"))["policy"] == "kr@2"
    for other in ("naver", "atlantis", "house@1"):
        answer = await shop.put("/v1/orders/order-1", {**ORDER, "policy": other})
        assert (answer.status_code, answer.json()["code"]) == (409, "policy_pinned"), other
