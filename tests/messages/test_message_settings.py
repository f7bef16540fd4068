"""A merchant switches off messages, has quiet hours, and gets a digest once a day."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.messages.mail import Mailer, server_of
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.sending_times import next_hour
from app.messages.translations import article
from app.presets.documents import preset_names
from app.presets.loader import required_messages
from app.service.digests import make_digests
from app.service.mail_delivery import send_due
from app.store import digests, messages
from app.store.constraints import violated_constraint
from app.store.database import Database
from tests.api.policies import publish
from tests.messages.claim_messages import MUGS, SHOP
from tests.messages.postbox import Postbox, open_postbox
from tests.messages.publishing import publish_all
from tests.messages.test_mail_delivery import SENDER, mailer
from tests.storefront import Storefront

MAILER = Mailer(server_of("smtp://localhost:25"), sender=SENDER)
SEOUL = {"time_zone": "Asia/Seoul"}
DIGEST = {**SEOUL, "digest": {"hour": 18, "events": ["claim.requested", "claim.retracted"]}}


async def settle(shop: Storefront, **settings: Any) -> None:
    await shop.put("/v1/shop", SHOP)
    answer = await shop.put("/v1/message-settings", {**SEOUL, **settings})
    assert answer.status_code == 200, answer.text


async def listed(shop: Storefront) -> list[dict[str, Any]]:
    answer = await shop.get("/v1/orders/order-1/messages", limit=100)
    return list(answer.json()["data"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_settings_are_replaced_and_begin_empty(shop: Storefront) -> None:
    empty: dict[str, Any] = {"time_zone": "UTC", "off": [], "quiet_hours": None, "digest": None, "required": REQUIRED}
    assert (await shop.get("/v1/message-settings")).json() == empty
    body = {**DIGEST, "off": [{"event": "order.shipped", "audience": "buyer"}], "quiet_hours": HOURS}
    assert (await shop.put("/v1/message-settings", body)).json() == {**body, "required": REQUIRED}
    await shop.put("/v1/shop", SHOP)
    assert (await shop.get("/v1/message-settings")).json() == {**body, "required": REQUIRED}
    assert (await shop.put("/v1/message-settings", SEOUL)).json() == {**empty, **SEOUL}


HOURS = {"from_hour": 21, "until_hour": 8}
NOTICE = "KR E-Commerce Act 15(2): the reason is told without delay"
REQUIRED = [{"event": "order.delayed", "audience": "buyer", "article": NOTICE}]


def off(event: str, audience: str = "buyer") -> dict[str, Any]:
    return {**SEOUL, "off": [{"event": event, "audience": audience}]}


async def test_a_message_that_the_law_wants_sent_cannot_be_off(shop: Storefront) -> None:
    before = (await shop.get("/v1/message-settings")).json()
    answer = await shop.put("/v1/message-settings", off("order.delayed"))
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["errors"][0]["field"]) == (
        422,
        "message_required_by_law",
        "off",
    )
    assert problem["params"] == {"event": "order.delayed", "audience": "buyer", "article": NOTICE}
    assert "order.delayed" in problem["detail"]
    assert NOTICE in problem["detail"]
    assert (await shop.get("/v1/message-settings")).json() == before


@pytest.mark.parametrize(
    ("base", "event"),
    [
        ("eu", "claim.requested"),
        ("storefront_de", "claim.approved"),
        ("uk", "claim.requested"),
        ("br", "claim.approved"),
        ("us", "order.delayed"),
    ],
)
async def test_the_laws_of_published_policies_count_too(shop: Storefront, base: str, event: str) -> None:
    if event != "order.delayed":
        assert (await shop.put("/v1/message-settings", off(event))).status_code == 200
    await publish(shop, "abroad", base=base)
    answer = await shop.put("/v1/message-settings", off(event))
    assert (answer.status_code, answer.json()["code"]) == (422, "message_required_by_law")
    assert (event, "buyer") in {
        (row["event"], row["audience"]) for row in (await shop.get("/v1/message-settings")).json()["required"]
    }


def test_every_message_that_a_law_wants_sent_is_a_message() -> None:
    rules = [rule for name in preset_names() for rule in required_messages(name)]
    assert rules
    for rule in rules:
        assert all(Audience(rule.audience) in MESSAGE_RULES[event].to for event in rule.events)
        assert article(rule.citation, "en") is not None


UNREAD = {"UK CCR 2013 reg. 32(4)", "EU CRD 11a(4)", "US 16 CFR 435.2(b)(1)"}
"""Articles that were read in no copy of the text."""


def test_a_message_whose_article_was_not_read_is_marked() -> None:
    citations = {rule.citation for name in preset_names() for rule in required_messages(name)}
    marked = {each.partition(":")[0] for each in citations if each.endswith("(unverified)")}
    assert marked == UNREAD
    assert {each.partition(":")[0] for each in citations} - marked == {
        *("KR E-Commerce Act 15(2)", "EU CRD 11(3)", "BR Decreto 7.962/2013 art. 5 § 4"),
    }


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"time_zone": "Moon/Base"}, "invalid_request"),
        ({}, "invalid_request"),
        ({**SEOUL, "off": [{"event": "order.shipped", "audience": "seller"}]}, "no_such_message"),
        ({**SEOUL, "off": [{"event": "order.eaten", "audience": "buyer"}]}, "no_such_message"),
        ({**SEOUL, "digest": {"hour": 24, "events": ["claim.requested"]}}, "invalid_request"),
        ({**SEOUL, "digest": {"hour": 9, "events": ["claim.rejected"]}}, "no_such_message"),
        ({**SEOUL, "quiet_hours": {"from_hour": 8, "until_hour": 8}}, "invalid_request"),
    ],
)
async def test_settings_that_name_no_message_or_no_hour_are_refused(
    shop: Storefront, settings: dict[str, Any], code: str
) -> None:
    answer = await shop.put("/v1/message-settings", settings)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_message_that_is_off_is_not_made_and_the_others_are(shop: Storefront, database: Database) -> None:
    await settle(shop, off=[{"event": "claim.requested", "audience": "seller"}])
    await shop.push_order(**MUGS)
    await shop.claim("cancel")
    webhooks = await publish_all(database, shop.merchant_id)
    assert [message["audience"] for message in webhooks["claim.requested"]] == ["buyer"]


@pytest.mark.parametrize(
    ("made", "sent"),
    [("20:59", "2026-06-08T11:59:00Z"), ("21:00", "2026-06-08T23:00:00Z"), ("23:30", "2026-06-08T23:00:00Z")],
)
async def test_a_mail_that_is_made_at_night_is_sent_in_the_morning(
    shop: Storefront, database: Database, made: str, sent: str
) -> None:
    await settle(shop, quiet_hours=HOURS)
    shop.clock.instant = at(f"2026-06-08T{made}:00+09:00")
    await shop.push_order(**MUGS)
    await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)
    assert {message["next_at"] for message in await listed(shop)} == {sent}
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, mailer(box), at(sent)) == 2
        assert len(box.letters) == 2


async def two_claims(shop: Storefront, database: Database) -> None:
    await settle(shop, **DIGEST)
    await shop.push_order(**MUGS)
    for _ in range(2):
        await shop.claim("cancel")
    await publish_all(database, shop.merchant_id)


async def test_the_seller_gets_one_digest_at_the_hour_of_the_shop(shop: Storefront, database: Database) -> None:
    await two_claims(shop, database)
    waiting = [message for message in await listed(shop) if message["status"] == "waiting"]
    assert [(each["audience"], each["digest_at"]) for each in waiting] == [("seller", "2026-06-08T09:00:00Z")] * 2
    assert await make_digests(database, MAILER, at("2026-06-08T17:59:59+09:00")) == 0
    assert await make_digests(database, MAILER, at("2026-06-08T18:00:00+09:00")) == 1
    assert await make_digests(database, MAILER, at("2026-06-08T18:00:00+09:00")) == 0
    assert {message["status"] for message in await listed(shop) if message["audience"] == "seller"} == {"merged"}
    async with open_postbox(Postbox()) as box:
        assert await send_due(database, mailer(box), at("2026-06-08T18:00:01+09:00")) == 3  # two mails to the buyer
        (letter,) = [letter for letter in box.letters if letter["To"] == "help@mug.example"]
    assert str(letter["Subject"]) == "[오늘의 알림] 확인하실 내용 2건"
    text = letter.get_body(("plain",))
    assert text is not None
    assert "1. [답변 필요]" in text.get_content()
    assert text.get_content().count("클레임 번호") == 2


async def test_what_comes_after_the_digest_waits_for_the_next_day(shop: Storefront, database: Database) -> None:
    """The event is older than the digest, and the worker published the event after it."""
    await two_claims(shop, database)
    await make_digests(database, MAILER, at("2026-06-08T18:00:00+09:00"))
    await shop.push_order("order-2", **MUGS)
    await shop.claim("cancel", order_id="order-2")
    await publish_all(database, shop.merchant_id)
    assert await make_digests(database, MAILER, at("2026-06-08T18:05:00+09:00")) == 1
    late = (await shop.get("/v1/orders/order-2/messages")).json()["data"][-1]
    assert (late["status"], late["digest_at"]) == ("waiting", "2026-06-09T09:00:00Z")
    assert await make_digests(database, MAILER, at("2026-06-08T18:06:00+09:00")) == 0
    assert await make_digests(database, MAILER, at("2026-06-09T18:00:00+09:00")) == 1


async def test_the_database_refuses_a_second_digest_of_an_hour(shop: Storefront, database: Database) -> None:
    await two_claims(shop, database)
    hour = at("2026-06-08T18:00:00+09:00")
    await make_digests(database, MAILER, hour)
    name = digests.name_of(hour)
    (digest,) = await database.write(partial(messages.of_event, merchant_id=shop.merchant_id, event_id=name))
    with pytest.raises(IntegrityError) as refused:
        await database.write(partial(messages.add, composed=[digest]))
    assert violated_constraint(refused.value) is not None


async def test_without_a_mail_server_the_storefront_finds_the_messages_of_a_digest_in_its_lists(
    shop: Storefront, database: Database
) -> None:
    await two_claims(shop, database)
    assert await make_digests(database, None, at("2026-06-08T18:00:00+09:00")) == 1
    assert await make_digests(database, None, at("2026-06-08T18:00:00+09:00")) == 0
    of_seller = [message for message in await listed(shop) if message["audience"] == "seller"]
    assert [message["status"] for message in of_seller] == ["left_to_storefront"] * 2


async def test_a_digest_of_many_messages_is_sent_in_several_mails_on_the_same_day(
    shop: Storefront, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.digests.MOST_IN_A_MAIL", 1)
    await two_claims(shop, database)
    assert await make_digests(database, MAILER, at("2026-06-08T18:00:00+09:00")) == 1
    assert {message["status"] for message in await listed(shop) if message["audience"] == "seller"} == {"merged"}
    async with open_postbox(Postbox()) as box:
        await send_due(database, mailer(box), at("2026-06-08T18:00:01+09:00"))
        assert [letter["To"] for letter in box.letters].count("help@mug.example") == 2


@pytest.mark.parametrize(
    ("zone", "hour", "after", "expected"),
    [
        ("Asia/Seoul", 9, "2026-06-08T08:59:00+09:00", "2026-06-08T09:00:00+09:00"),
        ("Asia/Seoul", 9, "2026-06-08T09:00:00+09:00", "2026-06-09T09:00:00+09:00"),
        ("Europe/Berlin", 9, "2026-03-28T20:00:00+01:00", "2026-03-29T09:00:00+02:00"),
        ("Europe/Berlin", 9, "2026-10-24T20:00:00+02:00", "2026-10-25T09:00:00+01:00"),
    ],
)
def test_an_hour_is_a_local_hour_in_summer_and_in_winter(zone: str, hour: int, after: str, expected: str) -> None:
    assert next_hour(zone, hour, at(after)) == at(expected)
