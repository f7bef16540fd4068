"""A rejection with offers, over HTTP, on both databases: one command, one message, one choice."""

from typing import Any

from app.store.database import Database
from tests.api.claims import history, read
from tests.api.deadlines import buy, fire_at
from tests.api.test_offers import offer
from tests.api.test_refused_claims import DUPLICATE
from tests.api.walks import MADE_AND_STANDARD, ONE, rejects
from tests.messages.claim_messages import BUYER, SHOP, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

UNTIL = "2026-06-14T15:00:00Z"
"""The end of 14 June in Seoul."""
COUPON = {"alternative": "discount_coupon", "amount": 2000, "expires_at": UNTIL}
MONEY = {"alternative": "partial_refund", "amount": 4000, "expires_at": UNTIL, "message": "그대로 쓰시면 돌려드려요."}


async def asked(shop: Storefront, language: str = "ko") -> dict[str, Any]:
    await shop.put("/v1/shop", SHOP)
    await buy(shop, buyer={**BUYER, "language": language})
    await shop.ship()
    return await shop.claim("return")


async def refuse(shop: Storefront, claim: dict[str, Any], **more: Any) -> dict[str, Any]:
    return await shop.give(claim, "reject", {**DUPLICATE, **more})


async def texts(shop: Storefront, database: Database, claim: dict[str, Any], event: str) -> list[str]:
    await publish_all(database, shop.merchant_id)
    return [message["text"] for message in await messages_of(shop, claim) if message["event"] == event]


async def test_one_rejection_opens_its_offers_and_the_buyer_chooses_one(shop: Storefront) -> None:
    claim = await refuse(shop, await asked(shop), alternatives=["store_credit"], offers=[COUPON, MONEY])
    assert [(each["status"], each["amount"], each["expires_at"]) for each in claim["offers"]] == [
        ("open", 2000, UNTIL),
        ("open", 4000, UNTIL),
    ]
    assert claim["rejection"]["alternatives"] == ["store_credit", "discount_coupon", "partial_refund"]
    coupon, money = [each["offer_id"] for each in claim["offers"]]
    claim = await shop.give(claim, f"offers/{money}/accept", {"actor": "mina"})
    assert (claim["kind"], claim["state"]) == ("refund", "approved")
    assert [each["status"] for each in claim["offers"]] == ["superseded", "accepted"]
    (refund,) = await shop.refunds_of(claim)
    assert refund["amount"] == 4000
    late = await shop.post(f"/v1/claims/{claim['claim_id']}/offers/{coupon}/accept")
    assert (late.status_code, late.json()["code"]) == (409, "illegal_transition")
    types = [event["type"].removeprefix("claim.") for event in await history(shop, claim)]
    assert types[:3] == ["requested", "rejected", "offer_accepted"]


async def test_one_message_names_each_alternative_its_amount_its_last_day_and_how_to_choose(
    shop: Storefront, database: Database
) -> None:
    claim = await refuse(shop, await asked(shop), alternatives=["store_credit"], offers=[COUPON, MONEY])
    (text,) = await texts(shop, database, claim, "claim.rejected")
    assert "- 할인 쿠폰: 2,000원, 6월 14일(일)까지" in text
    assert "일부 금액 환불: 4,000원, 6월 14일(일)까지\n그대로 쓰시면 돌려드려요." in text
    assert "한 가지를 선택하실 수 있습니다" in text
    assert "아래 방법으로도 도와드릴 수 있습니다.\n- 적립금" in text
    assert not await texts(shop, database, claim, "claim.offer_made")


async def test_the_buyer_reads_what_stands_of_the_offers_before_the_rejection(
    shop: Storefront, database: Database
) -> None:
    claim = await offer(shop, await asked(shop, "en"), "store_credit", amount=3000)
    claim = await refuse(shop, claim, offers=[COUPON])
    assert [each["status"] for each in claim["offers"]] == ["superseded", "open"]
    (text,) = await texts(shop, database, claim, "claim.rejected")
    ended = text.split("What we offered you before no longer stands:")[1]
    assert "credit to spend with us" in ended
    assert "coupon" not in ended


async def test_an_offer_that_the_rejection_keeps_stays_open_and_is_named(shop: Storefront, database: Database) -> None:
    claim = await offer(shop, await asked(shop, "en"), "store_credit", amount=3000, expires_at="2026-06-10T15:00:00Z")
    kept = claim["offers"]
    claim = await refuse(shop, claim, keep_offers=[kept[0]["offer_id"]])
    assert claim["offers"] == kept
    (text,) = await texts(shop, database, claim, "claim.rejected")
    assert "₩3,000, open until" in text
    assert "no longer stands" not in text
    refused = await shop.post(
        f"/v1/claims/{(await shop.claim('return'))['claim_id']}/reject", {**DUPLICATE, "keep_offers": ["none"]}
    )
    assert [(each["code"], each["field"]) for each in refused.json()["refusals"]] == [("unknown_offer", "keep_offers")]


async def test_an_offer_that_does_not_fit_is_named_by_its_place_and_nothing_is_rejected(shop: Storefront) -> None:
    claim = await asked(shop)
    refused = await shop.post(
        f"/v1/claims/{claim['claim_id']}/reject", {**DUPLICATE, "offers": [COUPON, {**MONEY, "amount": None}]}
    )
    fields = [(each["code"], each["field"]) for each in refused.json()["refusals"]]
    assert (refused.status_code, fields) == (409, [("offer_does_not_fit", "offers.1.amount")])
    assert await read(shop, claim) == claim


async def test_offers_that_lapse_together_make_one_event_and_one_message(shop: Storefront, database: Database) -> None:
    claim = await refuse(shop, await asked(shop, "en"), offers=[COUPON, MONEY])
    await fire_at(shop, database, UNTIL)
    claim = await read(shop, claim)
    assert [each["status"] for each in claim["offers"]] == ["lapsed", "lapsed"]
    assert [event["type"] for event in await history(shop, claim)].count("claim.offer_lapsed") == 1
    both = await texts(shop, database, claim, "claim.offer_lapsed")
    assert len(both) == 2  # to the buyer and to the seller
    for coupon, money in (("- a discount coupon", "- part of your money back"), ("- 할인 쿠폰", "일부 금액 환불")):
        assert any(coupon in text and money in text for text in both)


async def test_an_offer_that_ends_with_the_rejection_of_some_lines_is_named(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**MADE_AND_STANDARD, buyer={"email": "mina@example.com", "language": "en"})
    await shop.ship()
    both = await shop.claim("return", lines=[ONE, {**ONE, "line_id": "2"}])
    claim = await shop.give(await offer(shop, both, "store_credit", amount=3000), *rejects("custom_made"))
    assert (claim["state"], [each["status"] for each in claim["offers"]]) == ("requested", ["superseded"])
    (text,) = await texts(shop, database, claim, "claim.partly_rejected")
    assert "What we offered you before no longer stands:\n- credit to spend with us\n" in text
