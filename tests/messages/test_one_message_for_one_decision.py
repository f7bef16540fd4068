"""Claims are walked over HTTP: each reader hears of what concerns them, and once of one decision."""

import logging
from typing import Any

import pytest

from app.messages.message_rules import MESSAGE_RULES
from app.store.database import Database
from tests.api.claims import begin, history, take
from tests.api.walks import WALKS
from tests.messages.claim_messages import MUGS, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront


@pytest.mark.parametrize("name", WALKS)
async def test_every_event_of_a_walk_has_a_message_for_each_of_its_audiences(
    shop: Storefront, database: Database, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    walk = WALKS[name]
    claim = await begin(shop, walk)
    with caplog.at_level(logging.WARNING):
        await publish_all(database, shop.merchant_id)
        for step in walk.steps:
            claim = await take(shop, claim, step)
            await publish_all(database, shop.merchant_id)
    happened = await history(shop, claim)
    assert [record for record in caplog.records if record.name.startswith("app.service")] == []
    expected = [
        (event["type"], audience)
        for place, event in enumerate(happened)
        for audience in audiences(event["type"])
        if is_told(happened, place, audience)
    ]
    published = [(message["event"], message["audience"]) for message in await messages_of(shop, claim)]
    assert sorted(published) == sorted(expected)


def audiences(event: str) -> tuple[str, ...]:
    return MESSAGE_RULES[event].to if event in MESSAGE_RULES else ()


def is_told(happened: list[dict[str, Any]], place: int, audience: str) -> bool:
    """The seller hears of approvals that follow by themselves. The buyer hears once of one decision."""
    event, by = happened[place]["type"], role(happened[place])
    after, follower = next(((each["type"], role(each)) for each in happened[place + 1 :]), (None, None))
    decisions = [each["type"] for each in happened[:place] if not each["type"].startswith("refund.")]
    if audience == "seller":
        return event != "claim.approved" or by == "system"
    if event == "claim.requested":
        return (after, follower) != ("claim.approved", "system")
    if event == "refund.created":
        return decisions[-1] not in {"claim.approved", "claim.accepted", "claim.converted", "claim.payment_confirmed"}
    return event != "refund.succeeded" or after != "claim.refunded"


def role(event: dict[str, Any]) -> str | None:
    """Whose act it is. None for the event of a refund."""
    by: dict[str, str] = event["data"].get("by", {})
    return by.get("role")


async def test_the_seller_is_told_to_stop_shipping_where_a_cancellation_is_granted_by_itself(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**{**MUGS, "policy": "naver"})
    claim = await shop.claim("cancel")
    assert claim["state"] == "approved"
    await publish_all(database, shop.merchant_id)
    messages = {(message["event"], message["audience"]): message for message in await messages_of(shop, claim)}
    assert messages.keys() == {("claim.approved", "buyer"), ("claim.approved", "seller")}
    assert messages["claim.approved", "seller"]["subject"] == "[발송 중지] 취소 자동 승인 - 주문 order-1"
    assert "아래 상품은 발송하지 마세요." in messages["claim.approved", "seller"]["text"]
    text = messages["claim.approved", "buyer"]["text"]
    assert "접수 일시: 2026년 6월 8일(월) 12:00" in text
    assert "환불 금액: 12,000원" in text
    assert "철회" not in text


async def test_a_cancellation_by_the_shop_says_sorry_and_thanks_nobody_for_asking(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.claim("cancel", "out_of_stock", requester="seller")
    if claim["state"] == "requested":
        claim = await shop.give(claim, "approve", {})
    await publish_all(database, shop.merchant_id)
    texts = {message["event"]: message["text"] for message in await messages_of(shop, claim)}
    assert "품절되어 보내 드리지 못하게 되었습니다. 진심으로 죄송합니다." in texts["claim.approved"]
    assert "요청하신" not in texts["claim.approved"]


async def test_a_faulty_item_is_met_with_an_apology_and_a_change_of_mind_is_not(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    sorry = "기대하고 받으신 상품에 문제가 있어"
    for reason, is_sorry in (("defective", True), ("change_of_mind", False)):
        claim = await shop.claim("return", reason)
        await publish_all(database, shop.merchant_id)
        assert (sorry in (await messages_of(shop, claim))[0]["text"]) is is_sorry, reason
        await shop.give(claim, "retract", {})
