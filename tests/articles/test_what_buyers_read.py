"""What a buyer reads before a claim, without a key, and after it."""

import pytest

from app.store.database import Database
from tests.messages.claim_messages import MUGS
from tests.messages.test_contents import told
from tests.storefront import Storefront

PREPARED = "현재 상품이 배송 준비 중이어서 확인에 시간이 조금 걸릴 수 있습니다."


async def test_a_buyer_reads_until_when_an_order_is_cancelled_and_what_follows_after_shipping(shop: Storefront) -> None:
    page = await shop.http.get(f"/shops/{shop.merchant_id}/policies/storefront_kr")
    summary = page.text.partition("한눈에 보기")[2].partition("자세한 안내")[0]
    assert "상품이 발송되기 전까지 언제든지" in summary
    assert "발송된 뒤에는 반품으로 도와드립니다." in summary
    assert "환불: 요청하신 날부터 3영업일 이내" in summary


@pytest.mark.parametrize(("report", "is_told"), [("confirm", True), ("ready-to-ship", True), (None, False)])
async def test_the_receipt_of_a_cancellation_says_that_the_order_is_being_prepared(
    shop: Storefront, database: Database, report: str | None, is_told: bool
) -> None:
    await shop.push_order(**MUGS)
    if report:
        assert (await shop.post(f"/v1/orders/order-1/{report}")).status_code == 200
    assert (PREPARED in await told(shop, database, await shop.claim("cancel"), "claim.requested")) is is_told


async def test_goods_that_have_left_are_not_being_prepared(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS, confirmed_at="2026-06-05T12:00:00+09:00")
    await shop.ship(delivered=False)
    shop.clock.turn(hours=1)
    claim = await shop.claim("cancel")
    assert PREPARED not in await told(shop, database, claim, "claim.requested")
    await shop.give(claim, "reject", {"ground": "already_shipped", "message": "이미 출발했습니다."})
    refusal = await told(shop, database, claim, "claim.rejected")
    assert "이유: 상품이 이미 발송되었습니다." in refusal
    assert "근거" not in refusal
