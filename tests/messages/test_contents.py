"""What a reader needs is in the text: the wanted goods, the refund to expect, the reason before, and no passed day."""

from typing import Any

import pytest

from app.messages.message_rules import MESSAGE_RULES
from app.messages.sample_situations import Situation, sample_variables
from app.store.database import Database
from tests.api.walks import BLUE, ONE
from tests.messages.claim_messages import MUGS, messages_of
from tests.messages.publishing import publish, publish_all
from tests.storefront import Storefront

WANTED = {**ONE, "replacement": {**BLUE, "title": "파란 머그컵"}}


async def told(shop: Storefront, database: Database, claim: dict[str, Any], event: str, audience: str = "buyer") -> str:
    await publish_all(database, shop.merchant_id)
    texts = [m["text"] for m in await messages_of(shop, claim) if (m["event"], m["audience"]) == (event, audience)]
    return str(texts[-1])


async def test_the_goods_that_are_wanted_instead_are_named_to_both_sides(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    claim = await shop.claim("exchange", "size_or_color", lines=[WANTED])
    for audience in ("buyer", "seller"):
        text = await told(shop, database, claim, "claim.requested", audience)
        assert "교환 희망 상품:\n- 파란 머그컵 1개\n" in text
    claim = await shop.give(claim, "approve")
    text = await told(shop, database, claim, "claim.approved")
    assert "보내 드릴 교환 상품:\n- 파란 머그컵 1개\n" in text
    assert f"예상 결제 금액: {claim['amounts']['buyer_owes']:,}원\n실제 금액은" in text


async def test_an_approved_return_tells_every_deduction_and_the_refund_to_expect(
    shop: Storefront, database: Database
) -> None:
    paid = [{"payment_id": "pay-1", "method": "card", "amount": 24000}]
    await shop.push_order(**MUGS, shipping_charged=0, payments=paid)
    await shop.ship()
    claim = await shop.give(await shop.claim("return", lines=[{**ONE, "quantity": 2}]), "approve")
    text = await told(shop, database, claim, "claim.approved")
    amounts = claim["amounts"]
    assert f"예상 환불 금액: {amounts['total']:,}원\n" in text
    assert len(amounts["steps"]) >= 2
    for step in amounts["steps"]:
        assert f" {step['amount']:,}원\n" in text


async def test_a_changed_reason_is_told_with_the_reason_before_and_why(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    claim = await shop.claim("return", "other")
    body = {"reason": "defective", "evidence": ["photo"], "note": "바닥에 금이 가 있습니다."}
    await shop.give(claim, "reclassify", body)
    for audience in ("buyer", "seller"):
        text = await told(shop, database, claim, "claim.reclassified", audience)
        assert "이전 사유: 기타\n변경 사유: 파손·불량\n확인 내용: 바닥에 금이 가 있습니다.\n" in text


async def test_a_hold_that_ends_late_promises_no_day_that_has_passed(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    claim = await shop.claim("return")
    await publish_all(database, shop.merchant_id)
    await shop.give(claim, "hold", {"reason": "seller_check"})
    day = (await told(shop, database, claim, "claim.requested")).partition("늦어도 ")[2].partition("까지")[0]
    shop.clock.turn(days=30)
    await shop.give(claim, "release")
    assert day not in await told(shop, database, claim, "claim.released")


@pytest.mark.parametrize(
    ("expected", "told_day"), [("2026-06-10", "6월 10일(수)에 발송합니다."), ("2026-06-07", "곧 발송합니다.")]
)
async def test_goods_that_are_ready_leave_on_the_day_that_the_order_has(
    shop: Storefront, database: Database, expected: str, told_day: str
) -> None:
    await shop.push_order(**MUGS, expected_ship_on=expected)
    ready = {"ready_to_ship_at": "2026-06-08T03:00:00Z"}
    await publish(database, shop.merchant_id, "order-1", "order.ready_to_ship", shop.clock(), **ready)
    (message,) = (await publish_all(database, shop.merchant_id))["order.ready_to_ship"]
    assert told_day in message["text"]


PREVIEWS = [
    ("seller_at_fault", "claim.approved", "많이 속상하셨을 텐데, 정말 죄송합니다.", "고객님 부담"),
    ("buyer_owes", "claim.approved", "추가로 결제하실 금액: 6,000원", "환불 금액"),
    ("overtaken", "claim.rejected", "취소 요청을 확인하는 사이 상품이 이미 발송되어", "근거"),
    ("split", "claim.requested", "배송비를 저희가 부담하는 반품으로 접수해 드렸습니다.", "구매자의 말"),
    ("late", "refund.succeeded", "환불 지연 이자", "추가로 결제하실"),
]


@pytest.mark.parametrize(("situation", "event", "said", "unsaid"), PREVIEWS)
async def test_a_template_can_be_previewed_in_each_situation(
    shop: Storefront, situation: str, event: str, said: str, unsaid: str
) -> None:
    name = {"event": event, "audience": "buyer", "language": "ko", "situation": situation}
    answer = (await shop.post("/v1/messages/preview", name)).json()
    assert said in answer["text"]
    assert unsaid not in answer["text"]


async def test_a_preview_is_of_a_claim_or_of_a_situation(shop: Storefront) -> None:
    name = {"event": "claim.requested", "audience": "buyer", "language": "ko", "situation": "split", "claim_id": "c"}
    assert (await shop.post("/v1/messages/preview", name)).status_code == 422


@pytest.mark.parametrize("situation", Situation)
def test_a_situation_has_what_every_message_of_an_event_has(situation: Situation) -> None:
    for event, rule in MESSAGE_RULES.items():
        variables = sample_variables(event, situation)
        assert all(variables[name] is not None for name in rule.always)
        assert variables.get("kind") in (*rule.kinds, None)
