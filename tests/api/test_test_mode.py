"""Test mode: a merchant's test side shares nothing with the live side, and reaches nobody."""

import html

import pytest
from fastapi import FastAPI

from app.buyer.pages.texts import PAGE_LANGUAGES, page_words
from app.messages.mail import Mailer, server_of
from app.records.api_key import NewApiKey, Scope
from app.records.merchant import Mode
from app.service.errors import NotFoundError
from app.service.events.fanout import fan_out
from app.service.mail_delivery import send_due
from app.service.merchants import create_key, revoke_key
from app.service.messages import compose
from app.store import api_keys
from app.store.database import Database
from tests.api.buyer.pages import Browser, enter
from tests.api.for_tests import on_test_side
from tests.messages.claim_messages import MUGS, SHOP
from tests.storefront import OPERATOR, Storefront

LISTS = ("/v1/orders", "/v1/claims", "/v1/refunds", "/v1/withdrawals", "/v1/webhook-endpoints", "/v1/policies")


async def test_a_live_key_and_a_key_for_tests_share_nothing(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    await tests.push_order("of-tests", buyer_id="mina")
    await tests.claim("cancel", order_id="of-tests")
    await shop.push_order("order-1", buyer_id="yuki")
    await tests.push_order("order-1", buyer_id="mina")
    assert (await shop.get("/v1/orders/of-tests")).json()["code"] == "not_found"
    assert (await shop.get("/v1/orders/order-1")).json()["buyer_id"] == "yuki"
    assert (await tests.get("/v1/orders/order-1")).json()["buyer_id"] == "mina"
    seen = {path: [len((await each.get(path)).json()["data"]) for each in (shop, tests)] for path in LISTS}
    assert seen == {**{path: [0, 0] for path in LISTS}, "/v1/orders": [1, 2], "/v1/claims": [0, 1]}
    second = await on_test_side(shop, database)
    assert second.merchant_id == tests.merchant_id
    assert (await second.get("/v1/orders/of-tests")).status_code == 200


async def test_events_say_their_mode_and_mails_of_tests_are_not_sent(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database)
    for side in (shop, tests):
        await side.put("/v1/shop", SHOP)
        await side.push_order(**MUGS)
        await side.claim("cancel")
        await fan_out(database, shop.clock(), compose=compose)
        bodies = [event["body"] for event in (await side.get("/v1/events")).json()["data"]]
        assert {body["type"] for body in bodies} >= {"claim.requested"}
        assert {body["mode"] for body in bodies} == {"live" if side is shop else "test"}
    live, of_tests = [
        {(each["audience"], each["status"]) for each in (await side.get("/v1/orders/order-1/messages")).json()["data"]}
        for side in (shop, tests)
    ]
    assert live == {("buyer", "queued"), ("seller", "queued")}
    assert of_tests == {("buyer", "not_sent"), ("seller", "not_sent")}
    away = Mailer(server_of("smtp://127.0.0.1:9"), sender="recourse@mail.example")
    assert await send_due(database, away, shop.clock()) == len(live)


async def test_a_revoked_key_for_tests_is_refused_at_once(shop: Storefront, database: Database) -> None:
    tests = await on_test_side(shop, database, Scope.ORDERS_READ)
    assert (await tests.get("/v1/orders")).status_code == 200
    async with database.read() as tx:
        key = next(each for each in await api_keys.all_keys(tx) if each.mode is Mode.TEST)
    await database.write(lambda tx: revoke_key(tx, key_id=key.key_id, by=OPERATOR, now=shop.clock()))
    assert (await tests.get("/v1/orders")).json()["code"] == "invalid_api_key"


@pytest.mark.parametrize("mode", list(Mode))
async def test_no_key_is_made_for_the_test_merchant_itself(shop: Storefront, database: Database, mode: Mode) -> None:
    """A live key of a test merchant would read its data without its clock."""
    tests = await on_test_side(shop, database)
    with pytest.raises(NotFoundError):
        await database.write(
            lambda tx: create_key(
                tx,
                merchant_id=tests.merchant_id,
                new=NewApiKey(name="x", scopes=frozenset()),
                by=OPERATOR,
                now=shop.clock(),
                mode=mode,
            )
        )


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
async def test_the_pages_of_test_mode_say_so(sqlite_shop: Storefront, service: FastAPI, language: str) -> None:
    banner = page_words(language)["page"]["test_mode"]
    tests = await on_test_side(sqlite_shop, service.state.app_state.database)
    for side in (sqlite_shop, tests):
        await side.push_order()
        browser = Browser(side.http, language=language)
        pages = [await browser.open(f"/{path.format(side.merchant_id)}") for path in ("shops/{}/orders", "withdraw/{}")]
        texts = [page.text for page in pages] + [(await enter(side, language=language)).text]
        assert [banner in html.unescape(text) for text in texts] == [side is tests] * 3
