"""A rejection that goes on: what the seller offers instead, over HTTP, on both databases."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.claims import history, order_of, read
from tests.api.deadlines import buy, fire_at
from tests.api.test_offers import answer, offer
from tests.messages.claim_messages import BUYER, SHOP, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

DUPLICATE = {"ground": "duplicate", "message": "이미 접수된 요청입니다.", "evidence": ["claim 1"]}


async def refused(shop: Storefront) -> dict[str, Any]:
    await shop.put("/v1/shop", SHOP)
    await buy(shop, buyer=BUYER)
    await shop.ship()
    return await shop.give(await shop.claim("return"), "reject", DUPLICATE)


async def test_the_buyer_chooses_a_partial_refund_after_the_rejection(shop: Storefront) -> None:
    claim = await offer(shop, await refused(shop), "partial_refund", amount=4000, expires_at="2026-06-10T00:00:00Z")
    assert (claim["state"], claim["offers"][0]["status"]) == ("rejected", "open")
    claim = await answer(shop, claim, "accept")
    assert (claim["kind"], claim["state"], claim["rejection"]) == ("refund", "approved", None)
    (refund,) = await shop.refunds_of(claim)
    assert refund["amount"] == 4000
    await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {"provider_reference": "p"})
    assert (await read(shop, claim))["state"] == "refunded"
    assert (await order_of(shop, claim))["lines"][0]["units"]["untouched"] == 2
    types = [event["type"].removeprefix("claim.") for event in await history(shop, claim)]
    assert types[:4] == ["requested", "rejected", "offer_made", "offer_accepted"]


async def test_an_offer_after_a_rejection_lapses_on_its_day_and_promises_no_answer(
    shop: Storefront, database: Database
) -> None:
    claim = await offer(shop, await refused(shop), "discount_coupon", amount=2000)
    closed_at = claim["closed_at"]
    await fire_at(shop, database, claim["offers"][0]["expires_at"])
    claim = await read(shop, claim)
    assert (claim["state"], claim["closed_at"], claim["offers"][0]["status"]) == ("rejected", closed_at, "lapsed")
    late = await shop.post(f"/v1/claims/{claim['claim_id']}/offers/{claim['offers'][0]['offer_id']}/accept")
    assert late.json()["code"] in ("no_open_offer", "offer_closed")


@pytest.mark.parametrize("kept", [False, True], ids=["rejected", "open"])
async def test_the_message_about_an_offer_promises_to_go_on_only_where_the_claim_does(
    shop: Storefront, database: Database, kept: bool
) -> None:
    claim = await refused(shop)
    if kept:
        claim = await shop.claim("return")
    claim = await offer(shop, claim, "discount_coupon", amount=2000)
    await publish_all(database, shop.merchant_id)
    (text,) = [message["text"] for message in await messages_of(shop, claim) if message["event"] == "claim.offer_made"]
    assert ("그대로 진행됩니다" in text) is kept
