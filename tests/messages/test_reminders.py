"""Whoever must act before a deadline is reminded of it, once."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.claims import history
from tests.api.deadlines import buy, fire_at, just_before_and_at, owe_refund, steps, tick, wake_all
from tests.messages.claim_messages import MUGS, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

OFFER = {"alternative": "partial_refund", "amount": 3000, "message": "3,000원을 환불해 드릴까요?"}
QUESTION = {"kind": "question", "text": "사진을 보내 주시겠어요?"}


async def last(shop: Storefront, database: Database, claim: dict[str, Any]) -> tuple[str, str, str]:
    """The newest message: its event, its reader and its text."""
    await publish_all(database, shop.merchant_id)
    message = (await messages_of(shop, claim))[-1]
    return message["event"], message["audience"], message["text"]


async def test_the_seller_is_reminded_of_an_answer_a_day_before(shop: Storefront, database: Database) -> None:
    await buy(shop, **MUGS)
    claim = await shop.claim("cancel")
    assert claim["deadlines"]["respond_by"] == "2026-06-11T15:00:00Z"
    assert await just_before_and_at(shop, database, "2026-06-11T00:00:00+09:00") == (0, 1)
    assert (await steps(shop, claim))[-1] == "response_reminded"
    event, audience, text = await last(shop, database, claim)
    assert (event, audience) == ("claim.response_reminded", "seller")
    assert "답변 기한은 6월 11일(목)입니다." in text
    await wake_all(database)  # an early wake reminds nobody again
    await tick(shop, database)
    assert (await steps(shop, claim)).count("response_reminded") == 1
    assert await just_before_and_at(shop, database, "2026-06-12T00:00:00+09:00") == (0, 1)
    assert (await steps(shop, claim))[-1] == "response_overdue"


async def test_nobody_is_reminded_of_what_is_done(shop: Storefront, database: Database) -> None:
    await buy(shop, **MUGS)
    claim = await shop.claim("cancel")
    await shop.give(claim, "retract", {})
    assert await fire_at(shop, database, "2026-06-11T00:00:00+09:00") == 0


async def test_the_buyer_is_reminded_to_send_the_goods_back(shop: Storefront, database: Database) -> None:
    await buy(shop, **MUGS)
    await shop.ship()
    claim = await shop.give(await shop.claim("return"), "approve")
    await fire_at(shop, database, claim["deadlines"]["collect_by"])
    names = await steps(shop, claim)
    assert names == ["requested", "approved", "expired"]  # a worker that was away reminds nobody too late


async def test_three_days_before_the_last_day_for_the_goods(shop: Storefront, database: Database) -> None:
    await buy(shop, **MUGS)
    await shop.ship()
    claim = await shop.give(await shop.claim("return"), "approve")
    assert claim["deadlines"]["collect_by"] == "2026-06-22T15:00:00Z"
    assert await just_before_and_at(shop, database, "2026-06-20T00:00:00+09:00") == (0, 1)
    event, audience, text = await last(shop, database, claim)
    assert (event, audience) == ("claim.goods_reminded", "buyer")
    assert "6월 22일(월)까지 보내 주시면 반품 처리를 이어서 진행합니다." in text


async def test_the_buyer_is_reminded_of_an_open_offer_and_the_seller_waits(
    shop: Storefront, database: Database
) -> None:
    await buy(shop, **MUGS)
    await shop.ship()
    claim = await shop.claim("return")
    await shop.give(claim, "offers", {**OFFER, "expires_at": "2026-06-11T12:00:00+09:00"})
    assert await just_before_and_at(shop, database, "2026-06-10T12:00:00+09:00") == (0, 1)
    event, audience, text = await last(shop, database, claim)
    assert (event, audience) == ("claim.offer_reminded", "buyer")
    assert "3,000원" in text
    assert await fire_at(shop, database, "2026-06-11T11:59:00+09:00") == 0
    assert "response_reminded" not in await steps(shop, claim)


async def test_the_buyer_is_reminded_of_a_question_with_its_words(shop: Storefront, database: Database) -> None:
    await buy(shop, **MUGS)
    claim = await shop.claim("cancel")
    await shop.post(f"/v1/claims/{claim['claim_id']}/contacts", {**QUESTION, "ends_at": "2026-06-15T12:00:00+09:00"})
    assert await just_before_and_at(shop, database, "2026-06-12T12:00:00+09:00") == (0, 1)
    event, audience, text = await last(shop, database, claim)
    assert (event, audience) == ("claim.answer_reminded", "buyer")
    assert "사진을 보내 주시겠어요?\n\n6월 15일(월)까지 답변해 주시면" in text


@pytest.mark.parametrize(("report", "names"), [(None, ["refund.reminded"]), ("processing", [])])
async def test_the_seller_is_reminded_of_a_refund_that_nobody_works_on(
    shop: Storefront, database: Database, report: str | None, names: list[str]
) -> None:
    claim, refund = await owe_refund(shop)
    if report:
        await shop.post(f"/v1/refunds/{refund['refund_id']}/{report}", {})
    assert await just_before_and_at(shop, database, "2026-06-11T00:00:00+09:00") == (0, len(names))
    assert [event["type"] for event in await history(shop, claim)][3 + bool(report) :] == names
    await wake_all(database)
    await tick(shop, database)
    assert [event["type"] for event in await history(shop, claim)][3 + bool(report) :] == names
    if names:
        event, audience, text = await last(shop, database, claim)
        assert (event, audience) == ("refund.reminded", "seller")
        assert "기한: 6월 11일(목)" in text
