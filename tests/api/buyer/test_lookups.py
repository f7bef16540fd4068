"""A buyer without a link gets one by mail, and the answer tells nothing about the order."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.records.buyer_lookup import Counted
from app.service import buyer_lookups
from app.service.buyer_lookups import answer_next, forget_counts, network_of
from app.service.mail_delivery import send_due
from app.store.database import Database
from tests.api.buyer.visits import Visit, open_link
from tests.messages.claim_messages import BUYER, SHOP
from tests.messages.postbox import Postbox, open_postbox
from tests.messages.publishing import publish_all
from tests.messages.test_mail_delivery import mailer
from tests.store.watching import RecordedStatement, record_statements
from tests.storefront import Storefront

PUBLIC = "https://recourse.example"
MINA = {"order_id": "order-1", "email": "mina@example.com"}


async def look_up(shop: Storefront, merchant_id: str | None = None, **fields: Any) -> httpx.Response:
    path = f"/buyer/v1/shops/{merchant_id or shop.merchant_id}/lookups"
    return await shop.http.post(path, json=fields or MINA)


async def ordered(shop: Storefront, **buyer: Any) -> None:
    await shop.put("/v1/shop", SHOP)
    await shop.push_order(buyer={**BUYER, "phone_ending": "0142", **buyer})


async def letters(shop: Storefront, database: Database, url: str = PUBLIC) -> list[str]:
    """The texts that the worker's jobs send now."""
    while await answer_next(database, shop.clock()):
        pass
    await publish_all(database, shop.merchant_id)
    async with open_postbox(Postbox()) as box:
        await send_due(database, mailer(box), shop.clock(), public_url=url)
    return [letter.get_body(("plain",)).get_content() for letter in box.letters]  # type: ignore[union-attr] # has a text


@pytest.mark.parametrize(
    "proof", [{"email": "mina@example.com"}, {"email": "Mina@Example.COM"}, {"phone_ending": "0142"}], ids=str
)
async def test_a_link_goes_to_the_address_on_record(
    shop: Storefront, database: Database, proof: dict[str, str]
) -> None:
    await ordered(shop)
    assert (await look_up(shop, order_id="order-1", **proof)).status_code == 202
    (text,) = await letters(shop, database)
    assert text.startswith("김민지 고객님")
    (token,) = re.findall(rf"{PUBLIC}/c\?link=(\S+)", text)
    session = await open_link(shop, {"token": token})
    assert session.json()["order_id"] == "order-1"
    buyer = Visit(shop.http, session.json()["token"], {})
    assert (await buyer.get("/order")).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"order_id": "order-2", "email": "mina@example.com"},
        {"order_id": "order-1", "email": "yuki@example.com"},
        {"order_id": "order-1", "phone_ending": "0143"},
    ],
    ids=str,
)
async def test_nobody_gets_a_mail_about_an_order_that_is_not_the_buyers(
    shop: Storefront, database: Database, fields: dict[str, str]
) -> None:
    await ordered(shop)
    assert (await look_up(shop, **fields)).status_code == 202
    assert await letters(shop, database) == []


async def test_the_request_does_the_same_for_an_order_and_for_none(shop: Storefront) -> None:
    await ordered(shop)
    recorded: list[list[str]] = []
    answers = []
    for fields in (MINA, {**MINA, "order_id": "nowhere"}, {**MINA, "email": "yuki@example.com"}):
        shop.clock.turn(hours=1)
        statements: list[RecordedStatement] = []
        with record_statements(statements.append):
            answer = await look_up(shop, **fields)
        answers.append((answer.status_code, answer.content, {*answer.headers} - {"x-request-id"}))
        recorded.append([sql for sql, _ in statements])
    assert answers[0][0] == 202
    assert answers[0] == answers[1] == answers[2]
    assert recorded[0] == recorded[1] == recorded[2]
    assert recorded[0]
    assert not [sql for sql in recorded[0] if re.search(r"\b(orders|buyers)\b", sql)]


async def test_no_stored_text_and_no_event_has_the_secret(shop: Storefront, database: Database) -> None:
    await ordered(shop)
    await look_up(shop)
    assert len(await letters(shop, database)) == 1
    (message,) = (await shop.get("/v1/orders/order-1/messages")).json()["data"]
    assert "[[link]]" in message["text"]
    assert "rbl_" not in message["text"]
    (link,) = (await shop.get("/v1/orders/order-1/buyer-links")).json()["data"]
    assert link["created_by"] is None


async def test_without_a_public_address_no_link_is_promised(
    shop: Storefront, database: Database, service: FastAPI
) -> None:
    await ordered(shop)
    await look_up(shop)
    assert await letters(shop, database, url="") == []
    service.state.app_state = replace(service.state.app_state, public_url="")
    refused = await look_up(shop)
    service.state.app_state = replace(service.state.app_state, public_url=PUBLIC)
    assert (refused.status_code, refused.json()["code"]) == (503, "lookups_not_configured")


async def test_an_unknown_shop_is_not_found(shop: Storefront) -> None:
    assert (await look_up(shop, "nobody", **MINA)).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"order_id": "order-1"}, {**MINA, "phone_ending": "0142"}, {"order_id": "1", "phone_ending": "١٢٣٤"}]
)
async def test_a_look_up_names_the_order_and_one_fact(sqlite_shop: Storefront, body: dict[str, str]) -> None:
    path = f"/buyer/v1/shops/{sqlite_shop.merchant_id}/lookups"
    assert (await sqlite_shop.http.post(path, json=body)).status_code == 422


LIMITS: dict[str, Callable[[int], dict[str, str]]] = {
    "order": lambda _: {"order_id": "order-1", "phone_ending": "0142"},
    "email": lambda number: {"order_id": str(number), "email": "mina@example.com"},
}


@pytest.mark.parametrize("counted", LIMITS)
async def test_an_order_and_an_address_are_looked_up_five_times_in_an_hour(shop: Storefront, counted: str) -> None:
    fields = LIMITS[counted]
    shop.clock.turn(minutes=10)
    answers = [await look_up(shop, **fields(number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert answers[-1].json()["code"] == "too_many_lookups"
    seconds = int(answers[-1].headers["retry-after"])
    assert 2990 < seconds <= 3001
    assert (await look_up(shop, order_id="other", email="other@example.com")).status_code == 202
    shop.clock.turn(seconds=seconds)
    assert (await look_up(shop, **fields(7))).status_code == 202


async def test_those_who_only_know_the_number_of_an_order_use_up_no_look_up_of_its_buyer(
    shop: Storefront, database: Database
) -> None:
    await ordered(shop)
    for number in range(6):
        assert (await look_up(shop, order_id="order-1", email=f"{number}@example.com")).status_code == 202
        assert (await look_up(shop, order_id="order-1", phone_ending=f"000{number}")).status_code == 202
    assert (await look_up(shop)).status_code == 202
    assert len(await letters(shop, database)) == 1


async def test_one_network_and_one_shop_have_limits(shop: Storefront, monkeypatch: pytest.MonkeyPatch) -> None:
    for counted in Counted.NETWORK, Counted.SHOP:
        shop.clock.turn(hours=1)
        monkeypatch.setitem(buyer_lookups.MOST_IN_AN_HOUR, counted, 3)
        answers = [await look_up(shop, order_id=str(number), phone_ending="0142") for number in range(4)]
        assert [answer.status_code for answer in answers] == [202] * 3 + [429]
        monkeypatch.setitem(buyer_lookups.MOST_IN_AN_HOUR, counted, 100)


async def test_a_refused_look_up_counts_nothing(shop: Storefront) -> None:
    for _ in range(8):
        await look_up(shop)
    for number in range(15):
        assert (await look_up(shop, order_id=str(number), phone_ending="0142")).status_code == 202


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, None),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_address_is_counted_by_its_64_bits(host: str | None, network: str | None) -> None:
    assert network_of(host) == network


async def test_counts_of_past_hours_are_forgotten(shop: Storefront, database: Database) -> None:
    await look_up(shop)
    shop.clock.turn(hours=1)
    assert await forget_counts(database, shop.clock()) == 0
    shop.clock.turn(hours=1, seconds=1)
    assert await forget_counts(database, shop.clock()) == 4
