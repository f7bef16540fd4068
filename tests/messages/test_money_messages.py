"""What buyers and sellers read about exchanges, fees, offers and days."""

from datetime import timedelta

from app.store.database import Database
from tests.api.claims import history
from tests.api.walks import BLUE, ONE, PARCEL
from tests.messages.claim_messages import BUYER, MUGS, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront


async def test_an_exchange_says_what_is_sent_instead(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    claim = await shop.claim("exchange", "size_or_color", lines=[{**ONE, "replacement": BLUE}])
    for command, body in (
        ("approve", {}),
        ("receive", {"lines": [ONE]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
        ("confirm-payment", {"payment_id": "fee-1", "method": "bank_transfer", "amount": 6000}),
        ("reship", {"tracking": PARCEL}),
    ):
        claim = await shop.give(claim, command, body)
    await publish_all(database, shop.merchant_id)
    messages = {message["event"]: message["text"] for message in await messages_of(shop, claim)}
    assert "왕복 배송비(6,000원)는 고객님 부담입니다." in messages["claim.approved"]
    assert "추가로 결제하실 금액: 6,000원" in messages["claim.accepted"]
    assert "6,000원 결제가 확인되었습니다" in messages["claim.payment_confirmed"]
    assert "- Mug, blue 1개\n택배사: CJ대한통운\n운송장 번호: 640000000001\n" in messages["claim.reshipped"]
    assert "보내 주세요" not in messages["claim.reshipped"]
    await shop.give(claim, "confirm-delivery")
    await publish_all(database, shop.merchant_id)
    messages = {message["event"]: message["text"] for message in await messages_of(shop, claim)}
    assert "결제하실 금액" not in messages["claim.exchanged"]


async def test_a_day_that_has_passed_is_not_promised(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.claim("cancel")
    shop.clock.turn(days=30)
    claim = await shop.give(claim, "approve")
    await publish_all(database, shop.merchant_id)
    messages = {message["event"]: message["text"] for message in await messages_of(shop, claim)}
    assert "환불 금액: 12,000원" in messages["claim.approved"]
    assert "환불해 드리겠습니다" not in messages["claim.approved"]


async def test_a_fee_that_is_paid_apart_is_not_shown_as_a_deduction(shop: Storefront, database: Database) -> None:
    terms = {"fees": {"return": 3000}, "fee_collection": "remit"}
    await shop.post("/v1/policies", {"policy_id": "house", "base": "kr", "terms": terms})
    await shop.push_order(**{**MUGS, "policy": "house"})
    await shop.ship()
    claim = await shop.claim("return", lines=[ONE])
    for command, body in (
        ("approve", {}),
        ("receive", {"lines": [ONE]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
    ):
        claim = await shop.give(claim, command, body)
    await publish_all(database, shop.merchant_id)
    messages = {message["event"]: message["text"] for message in await messages_of(shop, claim)}
    assert "추가로 결제하실 금액: 3,000원" in messages["claim.accepted"]
    assert "-3,000원" not in messages["claim.accepted"]


async def test_an_offer_and_its_answer_have_messages(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    claim = await shop.claim("return", "defective")
    until = (shop.clock() + timedelta(days=3)).isoformat()
    offer = {
        "alternative": "partial_refund",
        "amount": 4000,
        "message": "그대로 쓰시면 돌려드릴게요.",
        "expires_at": until,
    }
    claim = await shop.give(claim, "offers", offer)
    claim = await shop.give(claim, f"offers/{claim['offers'][0]['offer_id']}/accept", {})
    await publish_all(database, shop.merchant_id)
    messages = {(message["event"], message["audience"]): message["text"] for message in await messages_of(shop, claim)}
    offer = messages["claim.offer_made", "buyer"]
    assert "제안: 반송 없이 일부 금액 환불\n금액: 4,000원\n\n그대로 쓰시면 돌려드릴게요." in offer
    assert "까지 알려 주시면 바로 진행하겠습니다." in offer
    assert "금액: 4,000원" in messages["claim.offer_accepted", "seller"]
    assert "4,000원" in messages["claim.offer_accepted", "buyer"]


async def test_a_long_order_is_cut_short(shop: Storefront, database: Database) -> None:
    lines = [{"line_id": str(n), "title": f"머그 {n}", "quantity": 1, "unit_price": 1000} for n in range(25)]
    await shop.push_order(lines=lines, payments=[{"payment_id": "p", "method": "card", "amount": 28000}], buyer=BUYER)
    claim = await shop.claim("cancel", lines=[{"line_id": str(n), "quantity": 1} for n in range(22)])
    await publish_all(database, shop.merchant_id)
    assert "- 머그 19 1개\n- 외 2종" in (await messages_of(shop, claim))[0]["text"]


async def test_a_question_and_its_answer_are_quoted_word_for_word_and_a_note_is_not(
    shop: Storefront, database: Database
) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.claim("cancel")
    path = f"/v1/claims/{claim['claim_id']}/contacts"
    until = (shop.clock() + timedelta(days=2)).isoformat()
    for body in (
        {"kind": "note", "text": "단골 손님이니 잘 봐주세요"},
        {"kind": "question", "text": "어떤 색을 {{ order_id }} <원하세요>?", "ends_at": until},
        {"kind": "answer", "text": "파란색이요\n고맙습니다"},
    ):
        assert (await shop.post(path, body)).status_code == 201
    rode = await publish_all(database, shop.merchant_id)
    messages = [(message["event"], message["audience"]) for message in await messages_of(shop, claim)]
    assert messages[2:] == [
        ("claim.question_asked", "buyer"),
        ("claim.question_answered", "seller"),
        ("claim.released", "buyer"),
    ]
    asked, answered = rode["claim.question_asked"][0], rode["claim.question_answered"][0]
    assert "\n\n어떤 색을 {{ order_id }} <원하세요>?\n\n6월 10일(수)까지 답변해 주시면" in asked["text"]
    assert "\n\n파란색이요\n고맙습니다\n\n" in answered["text"]
    assert "단골" not in str(rode) + str(await history(shop, claim))


async def test_no_message_asks_for_an_answer_that_was_given(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.give(await shop.claim("cancel"), "approve", {})
    await publish_all(database, shop.merchant_id)
    messages = [(message["event"], message["audience"]) for message in await messages_of(shop, claim)]
    assert messages == [("claim.requested", "buyer"), ("claim.approved", "buyer")]
