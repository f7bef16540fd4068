"""Offers of an alternative to the buyer: made, accepted, declined, and lapsed."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api import walks
from tests.api.claims import codes, history, order_of, read, take
from tests.api.walks import BLUE, ONE
from tests.storefront import Storefront

MESSAGE = "그대로 쓰시면 어떨까요?"


async def a_return(shop: Storefront, order_id: str = "order-1", **changes: Any) -> dict[str, Any]:
    await shop.push_order(order_id)
    await shop.ship(order_id)
    return await shop.claim("return", order_id=order_id, **changes)


async def offer(shop: Storefront, claim: dict[str, Any], alternative: str, **fields: Any) -> dict[str, Any]:
    return await shop.give(claim, "offers", {"alternative": alternative, "message": MESSAGE, **fields})


def newest_offer_id(claim: dict[str, Any]) -> str:
    return str(claim["offers"][-1]["offer_id"])


async def answer(shop: Storefront, claim: dict[str, Any], word: str, **fields: Any) -> dict[str, Any]:
    return await shop.give(claim, f"offers/{newest_offer_id(claim)}/{word}", {"actor": "mina", **fields})


async def test_an_offer_says_all_that_was_offered(shop: Storefront) -> None:
    claim = await offer(shop, await a_return(shop), "partial_refund", amount=4000, expires_at="2026-06-10T00:00:00Z")
    assert claim["offers"] == [
        {
            "offer_id": newest_offer_id(claim),
            "alternative": "partial_refund",
            "message": MESSAGE,
            "made_at": "2026-06-08T04:00:00Z",
            "amount": 4000,
            "replacement": None,
            "expires_at": "2026-06-10T00:00:00Z",
            "status": "open",
        }
    ]


ACCEPTED: list[tuple[str, dict[str, Any], str, str]] = [
    ("exchange", {"replacement": BLUE}, "exchange", "requested"),
    ("free_return_shipping", {}, "return", "requested"),
    ("partial_refund", {"amount": 4000}, "refund", "approved"),
    ("store_credit", {"amount": 13000}, "return", "retracted"),
    ("discount_coupon", {"amount": 2000}, "return", "retracted"),
    ("extra_compensation", {"amount": 1000}, "return", "retracted"),
]


@pytest.mark.parametrize(("alternative", "fields", "kind", "state"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
async def test_an_offer_taken_leads_on(
    shop: Storefront, alternative: str, fields: dict[str, Any], kind: str, state: str
) -> None:
    claim = await offer(shop, await a_return(shop), alternative, **fields)
    claim = await answer(shop, claim, "accept")
    assert (claim["kind"], claim["state"], claim["offers"][0]["status"]) == (kind, state, "accepted")
    assert claim == await read(shop, claim)
    event = (await history(shop, claim))[-1 if state != "approved" else -2]
    assert (event["type"], event["data"]["by"]) == (
        "claim.offer_accepted",
        {"role": "buyer", "name": "mina", "key": "test"},
    )
    listed = (await shop.get("/v1/claims", kind=kind, state=state)).json()["data"]
    assert [claim["claim_id"] for claim in listed] == [claim["claim_id"]]


async def test_an_exchange_offered_instead_goes_its_way(shop: Storefront) -> None:
    claim = await offer(shop, await a_return(shop), "exchange", replacement=BLUE)
    claim = await answer(shop, claim, "accept")
    assert claim["lines"][0]["replacement"] == {**BLUE, "sellable": True, "unit_price": None}
    for step in (walks.APPROVE, walks.RECEIVE, walks.INSPECT, walks.FEE, walks.RESHIP, walks.CONFIRM):
        claim = await take(shop, claim, step)
    assert claim["state"] == "exchanged"


async def test_free_return_shipping_takes_the_fee_away(shop: Storefront) -> None:
    claim = await a_return(shop)
    assert claim["amounts"]["total"] == 9000
    claim = await answer(shop, await offer(shop, claim, "free_return_shipping"), "accept")
    assert (claim["seller_pays_return"], claim["amounts"]["total"]) == (True, 12000)
    assert claim["assessment"]["return_shipping_payer"] == "seller"


async def test_a_partial_refund_taken_is_paid_and_the_goods_stay(shop: Storefront) -> None:
    claim = await offer(shop, await a_return(shop), "partial_refund", amount=4000)
    claim = await take(shop, await answer(shop, claim, "accept"), walks.PAY)
    assert (claim["state"], claim["amounts"]["total"]) == ("refunded", 4000)
    line = (await order_of(shop, claim))["lines"][0]
    assert (line["credited"], line["units"]["untouched"]) == (4000, 2)


async def test_a_declined_offer_leaves_the_claim_as_it_was(shop: Storefront) -> None:
    before = await a_return(shop)
    offered = await offer(shop, before, "store_credit", amount=1000)
    claim = await answer(shop, offered, "decline", more_offers=True)
    unchanged = ("kind", "state", "lines", "assessment", "amounts", "actions", "deadlines")
    assert {name: claim[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert claim["offers"][0]["status"] == "declined"
    claim = await offer(shop, claim, "discount_coupon", amount=1000)
    assert [offer["status"] for offer in claim["offers"]] == ["declined", "open"]


UNFIT: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("return", "exchange", {}, ["offer_does_not_fit"]),
    ("exchange", "exchange", {"replacement": BLUE}, ["offer_does_not_fit"]),
    ("cancel", "free_return_shipping", {}, ["offer_does_not_fit"]),
    ("refund", "free_return_shipping", {}, ["offer_does_not_fit"]),
    ("return", "store_credit", {}, ["offer_does_not_fit"]),
    ("return", "store_credit", {"amount": 0}, ["offer_does_not_fit"]),
    ("return", "partial_refund", {}, ["offer_does_not_fit"]),
    ("return", "partial_refund", {"amount": 12001}, ["amount_above_value"]),
    ("return", "partial_refund", {"amount": 30000}, ["amount_above_value", "refund_exceeds_captured"]),
]


async def test_an_offer_that_does_not_fit_is_not_made(shop: Storefront, subtests: pytest.Subtests) -> None:
    for number, (kind, alternative, fields, expected) in enumerate(UNFIT):
        with subtests.test(f"{kind} {alternative} {fields}"):
            order_id = f"order-{number}"
            await shop.push_order(order_id)
            if kind != "cancel":
                await shop.ship(order_id)
            claim = await shop.claim(kind, "defective", order_id=order_id)
            body = {"alternative": alternative, "message": MESSAGE, **fields}
            refusal = await shop.post(f"/v1/claims/{claim['claim_id']}/offers", body)
            assert (refusal.status_code, codes(refusal.json())) == (409, expected)
            assert await read(shop, claim) == claim


async def test_one_offer_is_open_at_a_time_and_answered_once(shop: Storefront) -> None:
    claim = await offer(shop, await a_return(shop), "store_credit", amount=1000)
    path = f"/v1/claims/{claim['claim_id']}/offers"
    second = await shop.post(path, {"alternative": "discount_coupon", "message": MESSAGE, "amount": 1})
    assert codes(second.json()) == ["offer_already_open"]
    claim = await answer(shop, claim, "decline")
    third = await shop.post(path, {"alternative": "discount_coupon", "message": MESSAGE, "amount": 1})
    assert codes(third.json()) == ["offers_used_up"]
    assert third.json()["refusals"][0]["citation"].startswith("KR E-Commerce Act 21-2(1)5")
    for word in ("accept", "decline"):
        late = await shop.post(f"{path}/{newest_offer_id(claim)}/{word}")
        assert codes(late.json()) == ["no_open_offer", "offer_closed"]
        unknown = await shop.post(f"{path}/0198c1f2/{word}")
        assert codes(unknown.json()) == ["no_open_offer", "unknown_offer"]


async def test_an_offer_lapses_at_its_time(shop: Storefront) -> None:
    claim = await offer(
        shop, await a_return(shop, more_offers=True), "store_credit", amount=1000, expires_at="2026-06-09T00:00:00Z"
    )
    shop.clock.turn(seconds=timedelta(hours=20).total_seconds() - 1)
    assert await read(shop, claim)
    shop.clock.turn(seconds=1)
    late = await shop.post(f"/v1/claims/{claim['claim_id']}/offers/{newest_offer_id(claim)}/accept")
    assert codes(late.json()) == ["no_open_offer", "offer_closed"]
    claim = await offer(shop, claim, "discount_coupon", amount=1000)
    assert [offer["alternative"] for offer in claim["offers"]] == ["store_credit", "discount_coupon"]


async def test_an_offer_that_fitted_when_it_was_made_may_no_longer_fit(shop: Storefront) -> None:
    claim = await shop.give(await a_return(shop), "approve")
    claim = await offer(shop, claim, "partial_refund", amount=4000)
    claim = await shop.give(claim, "receive", {"lines": [ONE]})
    late = await shop.post(f"/v1/claims/{claim['claim_id']}/offers/{newest_offer_id(claim)}/accept")
    assert codes(late.json()) == ["offer_does_not_fit"]
