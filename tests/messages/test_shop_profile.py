"""What the shop says about itself is told where a buyer needs it, and nothing is told that the shop has not said."""

from typing import Any

import pytest

from app.store.database import Database
from tests.api.walks import BLUE, ONE
from tests.messages.claim_messages import MUGS, SHOP, messages_of
from tests.messages.publishing import publish_all
from tests.storefront import Storefront

PROFILE: dict[str, Any] = {
    **SHOP,
    "names": {"en": "Mug House", "ja": "マグの店"},
    "phone": "02-555-0142",
    "hours": {"ko": "평일 10:00~17:00", "en": "10:00-17:00 on working days"},
    "chat_url": "https://mug.example/chat",
    "return_addresses": [
        {"address": "24 Cup Road, Seoul", "method": {"en": "EMS"}},
        {
            "country": "KR",
            "address": "서울 마포구 컵로 12",
            "method": {"ko": "CJ대한통운 방문 수거"},
            "hours": {"ko": "평일 9:00~18:00"},
        },
    ],
    "ways_to_pay": [
        {"currency": "KRW", "account": "국민은행 000-00 (예금주: 머그 가게)", "url": "https://mug.example/pay"}
    ],
}
SEND_TO = "보내실 곳: 서울 마포구 컵로 12\n보내시는 방법: CJ대한통운 방문 수거\n받는 시간: 평일 9:00~18:00\n"
PAY_TO = "입금 계좌: 국민은행 000-00 (예금주: 머그 가게)\n결제 페이지: https://mug.example/pay\n"
REACH_US = """머그 가게 고객센터
전화: 02-555-0142
운영 시간: 평일 10:00~17:00
채팅 상담: https://mug.example/chat
이메일: help@mug.example"""


async def approved(shop: Storefront, database: Database, kind: str, **changes: Any) -> str:
    """The text that tells a buyer that a claim about a delivered mug is approved."""
    await shop.push_order(**{**MUGS, **changes})
    await shop.ship()
    claim = await shop.claim(kind, lines=[{**ONE, "replacement": BLUE} if kind == "exchange" else ONE])
    await shop.give(claim, "approve")
    await publish_all(database, shop.merchant_id)
    (text,) = [m["text"] for m in await messages_of(shop, claim) if (m["event"], m["audience"]) == APPROVED]
    return str(text)


APPROVED = ("claim.approved", "buyer")


async def test_a_shop_keeps_its_profile_until_the_next_one(shop: Storefront) -> None:
    put = (await shop.put("/v1/shop", PROFILE)).json()
    stored = (await shop.get("/v1/shop")).json()
    assert put == stored
    assert {name: stored[name] for name in ("names", "phone", "hours", "chat_url")} == {
        name: PROFILE[name] for name in ("names", "phone", "hours", "chat_url")
    }
    elsewhere, korean = PROFILE["return_addresses"]
    assert stored["return_addresses"] == [{"country": None, "hours": {}, **elsewhere}, korean]
    assert stored["ways_to_pay"] == PROFILE["ways_to_pay"]
    await shop.put("/v1/shop", SHOP)
    assert (await shop.get("/v1/shop")).json()["return_addresses"] == []


async def test_a_buyer_reads_where_to_send_the_goods_and_how_to_reach_the_shop(
    shop: Storefront, database: Database
) -> None:
    await shop.put("/v1/shop", PROFILE)
    text = await approved(shop, database, "return")
    assert f"상품을 보내 주세요.\n{SEND_TO}" in text
    assert text.endswith(REACH_US)
    assert "입금" not in text


async def test_a_buyer_who_owes_money_reads_how_to_pay(shop: Storefront, database: Database) -> None:
    await shop.put("/v1/shop", PROFILE)
    await approved(shop, database, "exchange")
    (claim,) = (await shop.get("/v1/claims")).json()["data"]
    for command, body in (
        ("receive", {"lines": [{"line_id": "1", "quantity": 1, "condition": "as_sold"}]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
    ):
        claim = await shop.give(claim, command, body)
    await publish_all(database, shop.merchant_id)
    (text,) = [m["text"] for m in await messages_of(shop, claim) if m["event"] == "claim.accepted"]
    assert PAY_TO in text
    assert "보내실 곳" not in text


@pytest.mark.parametrize(
    ("changes", "name", "expected"),
    [
        ({"country": "JP", "buyer": {"language": "en"}}, "Mug House", "24 Cup Road, Seoul\nHow to send: EMS\n"),
        ({"country": "JP", "buyer": {"language": "ja"}}, "マグの店", "24 Cup Road, Seoul\n返送方法：EMS\n"),
        ({"country": "KR", "buyer": {"language": "de"}}, "머그 가게", "Rücksendung an: 서울 마포구 컵로 12\n"),
    ],
)
async def test_the_address_is_that_of_the_orders_country_and_the_texts_are_those_of_the_reader(
    shop: Storefront, database: Database, changes: dict[str, Any], name: str, expected: str
) -> None:
    await shop.put("/v1/shop", PROFILE)
    text = await approved(shop, database, "return", **changes)
    assert expected in text
    assert name in text


async def test_a_shop_that_has_said_nothing_tells_nothing(shop: Storefront, database: Database) -> None:
    text = await approved(shop, database, "return")
    assert text.endswith("바로 환불해 드리겠습니다.\n\nshop 고객센터")
    for word in ("보내실 곳", "전화", "입금", "이메일"):
        assert word not in text
