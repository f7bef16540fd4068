"""Claims are walked over HTTP and published as the worker does. Each reader gets each message once, in one language."""

import logging
from typing import Any

import pytest
from sqlalchemy import text

from app.messages.message_rules import MESSAGE_RULES
from app.service.events.event import PublishedEvent
from app.service.messages import compose
from app.service.resources.message import MessageBody
from app.store.database import Database
from tests.api.walks import MADE_AND_STANDARD, ONE, SORRY, rejects
from tests.messages.claim_messages import MUGS, SHOP, messages_of
from tests.messages.publishing import publish, publish_all, untold
from tests.storefront import Storefront


async def test_a_return_has_messages_from_its_request_to_its_refund(shop: Storefront, database: Database) -> None:
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
    receipt = messages["claim.requested", "buyer"]
    assert receipt["subject"] == "[머그 가게] 반품 요청이 접수되었습니다"
    assert "김민지 고객님" in receipt["text"]
    assert "6월 11일(목)까지 답변드리겠습니다." in receipt["text"]
    assert receipt["to_address"] == "mina@example.com"
    assert messages["claim.requested", "seller"]["to_address"] == "help@mug.example"
    assert "반품 배송비(3,000원)는 고객님 부담입니다." in messages["claim.approved", "buyer"]["text"]
    money = messages["claim.accepted", "buyer"]
    assert money["subject"] == "[머그 가게] 보내 주신 상품의 검수가 완료되었습니다"
    assert "환불 수단: 카드 9,000원\n늦어도 6월 11일(목)까지 환불해 드리겠습니다." in money["text"]
    assert "- 상품 금액 12,000원\n- 반품 배송비 -3,000원" in money["text"]
    assert ("refund.created", "buyer") not in messages


async def test_a_rejection_says_the_ground_and_the_article(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    await shop.ship()
    shop.clock.turn(days=30)
    claim = await shop.claim("return")
    body = {"ground": "window_closed", "message": SORRY, "alternatives": ["discount_coupon"]}
    claim = await shop.give(claim, "reject", body)
    await publish_all(database, shop.merchant_id)
    text = (await messages_of(shop, claim))[-1]["text"]
    assert "이유: 요청하실 수 있는 기간이 지났습니다.\n근거: 전자상거래법 제17조" in text
    assert SORRY in text
    assert "대신 아래 방법으로 도와드릴 수 있습니다.\n- 할인 쿠폰" in text


@pytest.mark.parametrize(
    ("buyer", "shop_language", "policy", "buyers", "sellers"),
    [
        ({"language": "ja"}, "en", "storefront_kr", "ja", "en"),
        ({}, None, "jp", "ja", "ja"),
        (None, "ko", "us", "en", "ko"),
    ],
)
async def test_buyer_and_seller_each_read_their_own_language(
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


async def test_an_event_has_its_messages_once_however_often_it_is_tried(shop: Storefront, database: Database) -> None:
    await shop.push_order(**MUGS)
    claim = await shop.claim("cancel")
    (event,) = await untold(database, shop.merchant_id)
    first = await database.write(lambda tx: compose(tx, event))
    assert await database.write(lambda tx: compose(tx, event)) == first
    assert [set(message) for message in first] == [MessageBody.model_fields.keys() - {"to_address"}] * 2
    assert len(await messages_of(shop, claim)) == 2


async def test_a_message_without_an_address_is_for_the_storefront(shop: Storefront, database: Database) -> None:
    await shop.push_order(buyer={"name": "김민지"})
    claim = await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)
    assert {message["status"] for message in await messages_of(shop, claim)} == {"left_to_storefront"}


async def test_a_template_of_the_shop_is_used_and_the_built_in_one_where_it_fails(
    shop: Storefront, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    own = {"event": "claim.requested", "audience": "buyer", "language": "ko"}
    await shop.post("/v1/message-templates", {**own, "text": "{{ shop }} 접수\n\n{{ order_id }} 고맙습니다."})
    await shop.push_order("order-1", **MUGS)
    claim = await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)
    mine = (await messages_of(shop, claim))[0]
    assert (mine["text"], mine["template_version"]) == ("order-1 고맙습니다.", 1)

    async with database.engine.begin() as connection:  # as after an upgrade that has removed a variable
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
    assert "취소 요청이 정상적으로 접수되었습니다." in theirs["text"]
    logged = " ".join(record.message for record in caplog.records)
    assert "template version 2 gives no text: undefined_variable" in logged
    assert "mina" not in logged


OPTION: dict[str, Any] = {
    "change_id": "c",
    "line_id": "1",
    "quantity": 1,
    "sku": "MUG-BLUE",
    "title": "파란 머그컵",
    "difference": 2000,
    "payment_id": None,
    "note": None,
}


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
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
            "통관이 늦어지고 있어요.\n\n새 발송 예정일: 6월 15일(월) (이전 예정일 6월 10일(수))",
        ),
        (
            "order.ready_to_ship",
            {"ready_to_ship_at": "2026-06-10T00:00:00Z"},
            "정성껏 포장했습니다. 곧 발송합니다.",
        ),
        (
            "order.shipped",
            {"carrier": "cj", "tracking_number": "651", "lines": [{"line_id": "1", "quantity": 1}]},
            "- 머그컵 1개\n택배사: CJ대한통운\n운송장 번호: 651\n배송 조회: https://trace.cjlogistics.com/",
        ),
        ("order.delivered", {"carrier": "cj", "tracking_number": "651", "lines": []}, "배송이 완료되었습니다."),
        ("order.ship_date_passed", {"expected_ship_on": "2026-06-10"}, "비용 없이 취소하실 수 있습니다."),
        ("order.address_change_accepted", {"change_id": "c"}, "배송지를 변경했습니다."),
        (
            "order.address_change_refused",
            {"change_id": "c", "reason": "이미 포장을 마쳤습니다."},
            "기존 주소로 배송됩니다. (주문번호: order-1)\n\n이미 포장을 마쳤습니다.",
        ),
        ("order.ship_date_missing", {"paid_at": "2026-06-05T01:00:00Z"}, "결제일: 6월 5일(금)"),
        ("order.ship_date_near", {"expected_ship_on": "2026-06-10"}, "6월 10일(수)이 발송 예정일입니다."),
        ("order.address_change_requested", {"change_id": "c"}, "배송지 변경 요청이 정상적으로 접수되었습니다."),
        (
            "order.option_change_requested",
            OPTION,
            "- 머그컵 1개\n변경 희망 옵션:\n- 파란 머그컵 1개\n\n변경하시는 옵션은 2,000원 더 비쌉니다.",
        ),
        ("order.option_change_awaiting_payment", OPTION, "결제하실 금액: 2,000원"),
        (
            "order.option_change_accepted",
            {**OPTION, "payment_id": "pay-2"},
            "변경 후:\n- 파란 머그컵 1개\n\n2,000원 결제가 확인되었습니다.",
        ),
        (
            "order.option_change_refused",
            {**OPTION, "reason": "품절되었습니다."},
            "옵션으로 배송됩니다. (주문번호: order-1)\n\n품절",
        ),
        ("order.option_change_retracted", OPTION, "구매자가 옵션 변경 요청을 철회했습니다."),
        ("order.option_change_overtaken", {**OPTION, "overtaken_by": "shipment"}, "상품이 발송되어 죄송합니다."),
    ],
)
async def test_the_events_of_an_order_have_messages(
    shop: Storefront, database: Database, name: str, data: dict[str, Any], sentence: str
) -> None:
    await shop.push_order(**MUGS)
    await publish(database, shop.merchant_id, "order-1", name, shop.clock(), **data)
    messages = (await publish_all(database, shop.merchant_id))[name]
    assert [message["audience"] for message in messages] == list(MESSAGE_RULES[name].to)
    assert sentence in f"{messages[0]['subject']}\n{messages[0]['text']}"
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
async def test_a_message_that_cannot_be_written_is_left_out_and_logged(
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


async def test_a_claim_with_a_broken_snapshot_does_not_stop_other_events(shop: Storefront, database: Database) -> None:
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


async def test_an_event_without_an_audience_makes_no_message(shop: Storefront, database: Database) -> None:
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


async def test_a_rejection_of_some_lines_says_which_and_why_and_what_goes_on(
    shop: Storefront, database: Database
) -> None:
    made, standard = MADE_AND_STANDARD["lines"]
    lines = [{**made, "title": "이름을 새긴 머그컵"}, {**standard, "title": "머그컵"}]
    await shop.push_order(**{**MUGS, "lines": lines})
    await shop.ship()
    claim = await shop.claim("return", lines=[ONE, {**ONE, "line_id": "2"}])
    claim = await shop.give(claim, *rejects("custom_made"))
    assert (claim["state"], [each["line"]["line_id"] for each in claim["rejected_lines"]]) == ("requested", ["1"])
    messages = await publish_all(database, shop.merchant_id)
    (told,) = messages["claim.partly_rejected"]
    assert (
        "진행이 어려운 상품:\n- 이름을 새긴 머그컵 1개\n\n이유: 고객님의 주문에 맞춰 제작하는 상품이라" in told["text"]
    )
    assert "근거: 전자상거래법 제17조" in told["text"]
    assert SORRY in told["text"]
    assert "계속 진행하는 상품:\n- 머그컵 1개\n" in told["text"]
