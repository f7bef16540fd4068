"""Refunds in whole steps of a payment, over HTTP on both databases."""

from typing import Any

from tests.api.claims import order_of
from tests.api.test_amounts import buy, finish_claim
from tests.storefront import Storefront

WHOLE_DOLLARS = {"payment_id": "pay-1", "method": "card", "amount": 20000, "payable_step": 100}
ASKED = {
    "order_id": "order-1",
    "kind": "return",
    "reason": "defective",
    "lines": [{"line_id": "1", "quantity": 1}],
}


def steps(claim: dict[str, Any]) -> list[tuple[str, int]]:
    return [(step["code"], step["amount"]) for step in claim["amounts"]["steps"]]


async def test_three_units_in_whole_dollars_are_67_66_and_67(shop: Storefront) -> None:
    dollars = {"currency": "TWD", "policy": "tw", "country": "TW", "payments": [WHOLE_DOLLARS]}
    await buy(shop, 10000, 3, discount=10000, **dollars)
    quotes, claims, rounded = [], [], []
    for _ in range(3):
        quote = await shop.post("/v1/claims/quote", ASKED)
        quotes.append(quote.json()["amounts"]["total"])
        claims.append(await finish_claim(shop, "return"))
        rounded.append((await order_of(shop, claims[-1]))["rounded"])
    assert [claim["amounts"]["total"] for claim in claims] == quotes == [6700, 6600, 6700]
    assert [steps(claim) for claim in claims] == [
        [("goods", 6667), ("rounding", 33)],
        [("goods", 6666), ("rounding", -66)],
        [("goods", 6667), ("rounding", 33)],
    ]
    assert rounded == [33, -33, 0]
    refunds = (await shop.get("/v1/refunds")).json()["data"]
    assert [refund["amount"] for refund in refunds] == [6700, 6600, 6700]


async def test_a_whole_cancellation_of_an_order_paid_in_cash_gives_the_cash_back(shop: Storefront) -> None:
    cash = {"payment_id": "pay-1", "method": "cash", "amount": 200, "payable_step": 5}
    line = {"line_id": "1", "quantity": 1, "unit_price": 198}
    await shop.push_order(shipping_charged=0, lines=[line], payments=[cash])
    claim = await finish_claim(shop, "cancel")
    assert (claim["amounts"]["total"], steps(claim)) == (200, [("goods", 198), ("surplus", 2)])
