"""Claims walked over HTTP and told as the worker tells them: what people read, in whose language, and once."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.messages.message_rules import MESSAGE_RULES
from app.service.events.event import PublishedEvent
from app.service.messages import compose
from app.store.database import Database
from tests.api.claims import begin, history, take
from tests.api.walks import BLUE, ONE, PARCEL, SORRY, WALKS
from tests.messages.publishing import publish, publish_all, untold
from tests.storefront import ORDER, Storefront

BUYER = {"email": "mina@example.com", "language": "ko", "name": "김민지"}
SHOP = {"name": "머그 가게", "contact_email": "help@mug.example", "language": "ko"}
MUGS: dict[str, Any] = {"lines": [{**ORDER["lines"][0], "title": "머그컵"}], "buyer": BUYER}


async def messages_of(shop: Storefront, claim: dict[str, Any]) -> list[dict[str, Any]]:
    return list((await shop.get(f"/v1/claims/{claim['claim_id']}/messages", limit=100)).json()["data"])


@pytest.mark.parametrize("name", WALKS)
async def test_every_walk_is_told_to_whom_it_concerns(
    shop: Storefront, database: Database, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    walk = WALKS[name]
    claim = await begin(shop, walk)
    with caplog.at_level(logging.WARNING):
        await publish_all(database, shop.merchant_id)
        for step in walk.steps:
            claim = await take(shop, claim, step)
            await publish_all(database, shop.merchant_id)
    happened = [event["type"] for event in await history(shop, claim)]
    assert [record for record in caplog.records if record.name.startswith("app.service")] == []
    expected = [
        (event, audience) for event in happened if event in MESSAGE_RULES for audience in MESSAGE_RULES[event].to
    ]
    found = [(message["event"], message["audience"]) for message in await messages_of(shop, claim)]
    assert sorted(found) == sorted(expected)


async def test_a_return_is_told_from_its_request_to_its_money(shop: Storefront, database: Database) -> None:
    await shop.put("/v1/shop", SHOP)
    await shop.push_order(**MUGS)
    await shop.ship()
    claim = await shop.claim("return")
    await publish_all(database, shop.merchant_id)
    for command, body in (
        ("approve", {}),
        ("receive", {"lines": [ONE]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
    ):
        claim = await shop.give(claim, command, body)
    await publish_all(database, shop.merchant_id)
    messages = {(message["event"], message["audience"]): message for message in await messages_of(shop, claim)}
    asked = messages["claim.requested", "buyer"]
    assert asked["subject"] == "[머그 가게] 반품 요청을 접수했습니다"
    assert "김민지 고객님" in asked["text"]
    assert "6월 11일(목)까지 답을 드리겠습니다." in asked["text"]
    assert asked["to_address"] == "mina@example.com"
    assert messages["claim.requested", "seller"]["to_address"] == "help@mug.example"
    assert "반품 배송비 3,000원은 고객님 부담입니다." in messages["claim.approved", "buyer"]["text"]
    money = messages["refund.created", "buyer"]
    assert money["subject"] == "[머그 가게] 9,000원 환불을 시작합니다"
    assert "환불 수단: 카드\n늦어도 6월 11일(목)까지 돌려드리겠습니다." in money["text"]
    assert "- 상품 금액 12,000원\n- 반품 배송비 -3,000원" in money["text"]


async def test_a_rejection_tells_the_ground_and_the_article(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    shop.clock.turn(days=30)
    claim = await shop.claim("return")
    body = {"ground": "window_closed", "message": SORRY, "alternatives": ["discount_coupon"]}
    claim = await shop.give(claim, "reject", body)
    await publish_all(database, shop.merchant_id)
    text = (await messages_of(shop, claim))[-1]["text"]
    assert "이유: 신청하실 수 있는 기간이 지났습니다.\n근거: 전자상거래법 제17조" in text
    assert SORRY in text
    assert "대신 이렇게 도와드릴 수 있습니다.\n- 할인 쿠폰" in text


@pytest.mark.parametrize(
    ("buyer", "shop_language", "policy", "buyers", "sellers"),
    [
        ({"language": "ja"}, "en", "storefront_kr", "ja", "en"),
        ({}, None, "jp", "ja", "ja"),
        (None, "ko", "us", "en", "ko"),
    ],
)
async def test_everybody_reads_their_own_language(
    shop: Storefront,
    database: Database,
    buyer: dict[str, str] | None,
    shop_language: str | None,
    policy: str,
    buyers: str,
    sellers: str,
) -> None:
    await shop.put("/v1/shop", {"name": "Mug House", "language": shop_language})
    who: dict[str, Any] = {} if buyer is None else {"buyer": buyer}
    await shop.push_order(policy=policy, **who)
    claim = await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)
    messages = {message["audience"]: message["language"] for message in await messages_of(shop, claim)}
    assert messages["buyer"] == buyers
    assert messages["seller"] == sellers


async def test_an_event_is_told_once_however_often_it_is_tried(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.claim("cancel")
    (event,) = await untold(database, shop.merchant_id)
    first = await database.write(lambda tx: compose(tx, event))
    assert await database.write(lambda tx: compose(tx, event)) == first
    assert [set(message) for message in first] == [{"message_id", "audience", "language", "subject", "text"}] * 2
    assert len(await messages_of(shop, claim)) == 2


async def test_without_an_address_it_is_left_to_the_storefront(shop: Storefront, database: Database) -> None:
    await shop.push_order(buyer={"name": "김민지"})
    claim = await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)
    assert {message["status"] for message in await messages_of(shop, claim)} == {"left_to_storefront"}


async def test_words_of_ones_own_are_used_and_the_built_in_ones_where_they_fail(
    shop: Storefront, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    own = {"event": "claim.requested", "audience": "buyer", "language": "ko"}
    await shop.post("/v1/message-templates", {**own, "text": "{{ shop }} 접수\n\n{{ order_id }} 고맙습니다."})
    await shop.push_order("order-1", **MUGS)
    claim = await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)
    mine = (await messages_of(shop, claim))[0]
    assert (mine["text"], mine["template_version"]) == ("order-1 고맙습니다.", 1)

    async with database.engine.begin() as connection:  # as after an upgrade that knows a variable no more
        await connection.execute(
            text(
                "INSERT INTO message_templates (merchant_id, event, audience, language, version, text, created_at)"
                " SELECT merchant_id, event, audience, language, 2, 'a\n{{ nobody }}', created_at"
                " FROM message_templates"
            )
        )
    await shop.push_order("order-2", **MUGS)
    other = await shop.claim("cancel", order_id="order-2")
    with caplog.at_level(logging.WARNING):
        await publish_all(database, shop.merchant_id)
    theirs = (await messages_of(shop, other))[0]
    assert theirs["template_version"] is None
    assert "취소 요청을 잘 받았습니다." in theirs["text"]
    logged = " ".join(record.message for record in caplog.records)
    assert "template version 2 gives no text: undefined_variable" in logged
    assert "mina" not in logged


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("order.ship_date_set", {"expected_ship_on": "2026-06-10"}, "6월 10일(수)에 발송할 예정입니다"),
        (
            "order.ship_date_changed",
            {"expected_ship_on": "2026-06-11", "previous_on": "2026-06-10"},
            "발송 예정일: 6월 11일(목) (이전 6월 10일(수))",
        ),
        (
            "order.delayed",
            {
                "expected_ship_on": "2026-06-15",
                "previous_on": "2026-06-10",
                "reason": "overseas",
                "message": "통관이 늦어지고 있어요.",
            },
            "통관이 늦어지고 있어요.\n\n새 발송 예정일: 6월 15일(월) (처음 예정일 6월 10일(수))",
        ),
        (
            "order.ready_to_ship",
            {"ready_to_ship_at": "2026-06-10T00:00:00Z"},
            "정성껏 포장했습니다. 곧 출발합니다.",
        ),
        (
            "order.shipped",
            {"carrier": "cj", "tracking_number": "651", "lines": [{"line_id": "1", "quantity": 1}]},
            "- 머그컵 1개\n운송장: cj 651",
        ),
        ("order.delivered", {"carrier": "cj", "tracking_number": "651", "lines": []}, "배송이 완료되었습니다."),
        ("order.ship_date_passed", {"expected_ship_on": "2026-06-10"}, "비용 없이 취소하실 수 있습니다."),
        ("order.address_change_accepted", {"change_id": "c"}, "배송지를 변경했습니다."),
        (
            "order.address_change_refused",
            {"change_id": "c", "reason": "이미 포장을 마쳤습니다."},
            "처음 주소로 배송됩니다.\n\n이미 포장을 마쳤습니다.",
        ),
        ("order.ship_date_missing", {"paid_at": "2026-06-05T01:00:00Z"}, "결제일: 6월 5일(금)"),
        ("order.ship_date_near", {"expected_ship_on": "2026-06-10"}, "6월 10일(수)이 발송 예정일입니다."),
        ("order.address_change_requested", {"change_id": "c"}, "배송지 변경을 요청했습니다."),
    ],
)
async def test_what_happens_to_an_order_is_told(
    shop: Storefront, database: Database, name: str, data: dict[str, Any], said: str
) -> None:
    await shop.push_order(**MUGS)
    await publish(database, shop.merchant_id, "order-1", name, shop.clock(), **data)
    messages = (await publish_all(database, shop.merchant_id))[name]
    assert [message["audience"] for message in messages] == list(MESSAGE_RULES[name].to)
    assert said in f"{messages[0]['subject']}\n{messages[0]['text']}"
    listed = (await shop.get("/v1/orders/order-1/messages")).json()["data"]
    assert [message["text"] for message in listed if message["event"] == name] == [m["text"] for m in messages]


@pytest.mark.parametrize(
    ("name", "subject_id", "data"),
    [
        ("order.ship_date_set", "order-1", {}),
        ("order.ship_date_set", "order-1", {"expected_ship_on": "soon"}),
        ("order.ship_date_set", "order-1", {"expected_ship_on": 7}),
        ("order.shipped", "order-1", {"lines": [{"line": 1}]}),
        ("order.ship_date_set", "nowhere", {"expected_ship_on": "2026-06-10"}),
    ],
)
async def test_what_cannot_be_said_is_left_unsaid_and_logged(
    shop: Storefront,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    name: str,
    subject_id: str,
    data: dict[str, Any],
) -> None:
    await shop.push_order(**MUGS)
    await publish(database, shop.merchant_id, subject_id, name, shop.clock(), **data)
    with caplog.at_level(logging.WARNING):
        assert await publish_all(database, shop.merchant_id) == {name: []}
    assert len([record for record in caplog.records if record.name == "app.service.messages"]) >= 1


async def test_a_claim_whose_snapshot_is_broken_is_not_in_the_way(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.claim("cancel")
    event = PublishedEvent(
        merchant_id=shop.merchant_id,
        event_id="broken",
        type="claim.requested",
        at=shop.clock(),
        subject="claim",
        subject_id=claim["claim_id"],
        data={"claim": {"claim_id": 7}},
    )
    assert await database.write(lambda tx: compose(tx, event)) == []


async def test_what_concerns_nobody_makes_no_message(shop: Storefront, database: Database) -> None:
    event = PublishedEvent(
        merchant_id=shop.merchant_id,
        event_id="e",
        type="endpoint.disabled",
        at=shop.clock(),
        subject="endpoint",
        subject_id="e",
        data={},
    )
    assert await database.write(lambda tx: compose(tx, event)) == []


async def test_an_exchange_tells_what_is_sent_instead(shop: Storefront, database: Database) -> None:
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
    assert "교환 왕복 배송비 6,000원은 고객님 부담입니다." in messages["claim.approved"]
    assert "고객님께서 내실 금액: 6,000원" in messages["claim.accepted"]
    assert "6,000원의 입금을 확인했습니다" in messages["claim.payment_confirmed"]
    assert "- Mug, blue 1개\n운송장: cj 640000000001" in messages["claim.reshipped"]
    assert "보내주세요" not in messages["claim.reshipped"]
    await shop.give(claim, "confirm-delivery")
    await publish_all(database, shop.merchant_id)
    messages = {message["event"]: message["text"] for message in await messages_of(shop, claim)}
    assert "내실 금액" not in messages["claim.exchanged"]


async def test_a_day_that_has_passed_is_not_promised(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.claim("cancel")
    shop.clock.turn(days=30)
    claim = await shop.give(claim, "approve")
    await publish_all(database, shop.merchant_id)
    messages = {message["event"]: message["text"] for message in await messages_of(shop, claim)}
    assert "돌려드리겠습니다" not in messages["claim.approved"]
    assert "처리되는 대로 알려드리겠습니다." in messages["refund.created"]


async def test_a_fee_that_is_paid_apart_is_not_told_as_taken_off(shop: Storefront, database: Database) -> None:
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
    assert "고객님께서 내실 금액: 3,000원" in messages["claim.accepted"]
    assert "-3,000원" not in messages["claim.accepted"]


async def test_an_offer_and_its_answer_are_told(shop: Storefront, database: Database) -> None:
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
    made = messages["claim.offer_made", "buyer"]
    assert "제안: 상품은 그대로 쓰시고 일부 금액 환불\n금액: 4,000원\n\n그대로 쓰시면 돌려드릴게요." in made
    assert "까지 알려주시면 바로 진행하겠습니다." in made
    assert "금액: 4,000원" in messages["claim.offer_accepted", "seller"]
    assert "4,000원" in messages["refund.created", "buyer"]


async def test_a_long_order_is_cut_short(shop: Storefront, database: Database) -> None:
    lines = [{"line_id": str(n), "title": f"머그 {n}", "quantity": 1, "unit_price": 1000} for n in range(25)]
    await shop.push_order(lines=lines, payments=[{"payment_id": "p", "method": "card", "amount": 28000}], buyer=BUYER)
    claim = await shop.claim("cancel", lines=[{"line_id": str(n), "quantity": 1} for n in range(22)])
    await publish_all(database, shop.merchant_id)
    assert "- 머그 19 1개\n- 외 2종" in (await messages_of(shop, claim))[0]["text"]


async def test_a_question_and_its_answer_are_told_in_the_very_words_and_a_note_is_not(
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
    assert "\n\n어떤 색을 {{ order_id }} <원하세요>?\n\n6월 10일(수)까지 답해 주시면" in asked["text"]
    assert "\n\n파란색이요\n고맙습니다\n\n" in answered["text"]
    assert "단골" not in str(rode) + str(await history(shop, claim))


async def test_nobody_is_asked_for_an_answer_that_has_been_given(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.give(await shop.claim("cancel"), "approve", {})
    await publish_all(database, shop.merchant_id)
    messages = [(message["event"], message["audience"]) for message in await messages_of(shop, claim)]
    assert messages == [("claim.requested", "buyer"), ("claim.approved", "buyer"), ("refund.created", "buyer")]
