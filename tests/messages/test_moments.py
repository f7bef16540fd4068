"""Whoever must act, or must stop acting, is told once. Every event has a message for a side, or a reason."""

from typing import Any

import pytest

from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.without_message import REASONS, reason
from app.service.events.types import CATALOGUE
from app.store.database import Database
from tests.api.deadlines import fire_at, owe_refund
from tests.api.option_scenes import BLUE
from tests.api.scenes import ELSEWHERE
from tests.messages.claim_messages import BUYER, MUGS, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

EVENTS = [row.name for row in CATALOGUE]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("audience", Audience)
def test_a_side_has_a_message_or_a_reason_and_not_both(event: str, audience: Audience) -> None:
    has_message = event in MESSAGE_RULES and audience in MESSAGE_RULES[event].to
    assert has_message is (reason(event, audience) is None)


def test_every_reason_is_about_an_event_that_there_is_and_each_event_has_one_reason() -> None:
    for reasons in REASONS.values():
        named = [event for events in reasons.values() for event in events]
        assert sorted(named) == sorted(set(named))
        assert set(named) <= set(EVENTS)


async def subjects(shop: Storefront, claim: dict[str, Any], event: str) -> list[tuple[str, str]]:
    messages = await messages_of(shop, claim)
    return [(message["audience"], message["subject"]) for message in messages if message["event"] == event]


async def test_the_buyer_hears_once_that_a_refund_has_failed_and_the_seller_each_time(
    shop: Storefront, database: Database
) -> None:
    claim, refund = await owe_refund(shop)
    await shop.push_order(**MUGS)
    for _ in range(2):
        for report, body in (("processing", {}), ("failed", {"failure": "card closed"})):
            answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/{report}", body)
            assert answer.status_code == 200, answer.text
        await publish_all(database, shop.merchant_id)
    failed = await subjects(shop, claim, "refund.failed")
    assert [audience for audience, _ in failed] == ["buyer", "seller", "seller"]
    assert failed[0][1].endswith("환불 처리가 지연되고 있습니다")
    texts = [message["text"] for message in await messages_of(shop, claim) if message["audience"] == "buyer"]
    assert not any("card closed" in text for text in texts)


async def test_buyer_and_seller_hear_that_a_refund_is_late(shop: Storefront, database: Database) -> None:
    claim, refund = await owe_refund(shop)
    await shop.push_order(**MUGS)
    await fire_at(shop, database, refund["due_by"])
    await publish_all(database, shop.merchant_id)
    late = {message["audience"]: message for message in await messages_of(shop, claim)}
    assert late["buyer"]["event"] == late["seller"]["event"] == "refund.overdue"
    assert "6월 11일(목)까지 환불해 드리기로 한" in late["buyer"]["text"]
    assert "연 15%의 환불 지연 이자" in late["buyer"]["text"]


async def test_the_buyer_has_a_receipt_of_another_address_and_the_seller_the_task(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(buyer=BUYER)
    assert (await shop.post("/v1/orders/order-1/address-changes", ELSEWHERE)).status_code == 201
    await publish_all(database, shop.merchant_id)
    answer = await shop.get("/v1/orders/order-1/messages")
    sent = {message["audience"]: message["subject"] for message in answer.json()["data"]}
    assert sent["buyer"].endswith("배송지 변경 요청이 접수되었습니다")
    assert sent["seller"].startswith("[확인 필요] 배송지 변경 요청")
    assert all("세종대로" not in message["text"] for message in answer.json()["data"])


async def test_the_buyer_has_a_receipt_of_another_option_and_the_seller_the_task(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(buyer=BUYER)
    wanted = {**BLUE, "title": "파란 머그컵", "note": "파란색으로 바꿔 주세요."}
    assert (await shop.post("/v1/orders/order-1/option-changes", wanted)).status_code == 201
    await publish_all(database, shop.merchant_id)
    answer = await shop.get("/v1/orders/order-1/messages")
    sent = {message["audience"]: message for message in answer.json()["data"]}
    assert sent["buyer"]["subject"].endswith("옵션 변경 요청이 접수되었습니다")
    assert "2,000원 더 비쌉니다" in sent["buyer"]["text"]
    assert sent["seller"]["subject"].startswith("[확인 필요] 옵션 변경 요청")
    assert all(text in sent["seller"]["text"] for text in ("MUG-WHITE 1개", "파란 머그컵 1개", wanted["note"]))


async def test_the_buyer_hears_once_that_the_goods_left_before_the_option_was_changed(
    shop: Storefront, database: Database
) -> None:
    """A cancellation of the same units has its own messages, and needs none about the option."""
    await shop.push_order(buyer=BUYER)
    assert (await shop.post("/v1/orders/order-1/option-changes", BLUE)).status_code == 201
    await shop.claim("cancel", lines=[{"line_id": "1", "quantity": 2}])
    await shop.push_order("order-2", buyer=BUYER)
    assert (await shop.post("/v1/orders/order-2/option-changes", BLUE)).status_code == 201
    await shop.ship("order-2", delivered=False)
    await publish_all(database, shop.merchant_id)
    for order_id, count in (("order-1", 0), ("order-2", 1)):
        told = (await shop.get(f"/v1/orders/{order_id}/messages")).json()["data"]
        assert sum(message["event"] == "order.option_change_overtaken" for message in told) == count


async def test_another_address_for_goods_that_have_left_is_refused_at_once(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship(delivered=False)
    answer = await shop.post("/v1/orders/order-1/address-changes", ELSEWHERE)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_shipped")
