"""What other sites and broken programs send to the pages of a buyer."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.store.database import Database
from tests.api.buyer.pages import Browser, enter, forms
from tests.api.buyer.test_pages import asked
from tests.api.buyer.visits import link_to
from tests.storefront import Storefront


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 30, "-1", "one", "٣"], ids=["long", "large", "-1", "one", "٣"])
async def test_a_form_with_a_version_that_is_none_is_refused_or_ignored(sqlite_shop: Storefront, version: str) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.ship()
    browser, claim_id = await asked(sqlite_shop)
    answer = await browser.send(f"/order/claims/{claim_id}/retract", version=version)
    assert answer.status_code in (200, 409)
    assert answer.headers["content-type"].startswith("text/html")


async def test_an_id_that_no_text_can_be_has_a_page(shop: Storefront) -> None:
    await shop.push_order()
    browser = await enter(shop)
    for path in ("/order/claims/%00", f"/order/claims/{'x' * 300}"):
        answer = await browser.open(path)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_form_of_another_site_does_not_open_a_link_in_the_browser_of_a_buyer(
    sqlite_shop: Storefront, site: str
) -> None:
    """Otherwise a buyer would type an account number into the order of somebody else."""
    await sqlite_shop.push_order()
    link = (await link_to(sqlite_shop))["token"]
    answer = await sqlite_shop.http.post("/c", data={"link": link}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert forms(answer.text)[0].fields == {"link": link}
    browser = Browser(sqlite_shop.http)
    await browser.open(f"/c?link={link}")
    assert (await browser.send("/c")).status_code == 200


@pytest.mark.parametrize(("path", "field"), [("/c", "link"), ("/buyer/v1/sessions", "token")])
async def test_links_that_strangers_invent_take_no_turns_of_the_shop(
    sqlite_shop: Storefront, service: FastAPI, path: str, field: str
) -> None:
    turns, invented = service.state.app_state.turns, f"rbl_{UUID(sqlite_shop.merchant_id).hex}_{'x' * 43}"
    async with AsyncExitStack() as stack:
        for _ in range(turns._at_once):
            await stack.enter_async_context(turns.of(sqlite_shop.merchant_id))
        async with asyncio.timeout(5):
            body: dict[str, Any] = {"data" if path == "/c" else "json": {field: invented}}
            assert (await sqlite_shop.http.post(path, **body)).status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("/order/unknown", None, 404, "Cette page n’existe pas."),
        ("/order/claims/1/retract", None, 404, "Cette page n’existe pas."),
        ("/order?q=%ff", None, 422, "Cette adresse est incomplète"),
        ("/withdraw/%fe", None, 422, "Cette adresse est incomplète"),
        ("/order/request?kind=cancel", b"x" * 2_000_000, 413, "L’envoi est trop volumineux."),
        ("/shops/1/orders", b"x" * 2_000_000, 413, "L’envoi est trop volumineux."),
    ],
)
async def test_a_request_that_no_page_takes_has_a_page_in_the_language_of_the_buyer(
    sqlite_shop: Storefront, path: str, body: bytes | None, status: int, sentence: str
) -> None:
    method = "GET" if body is None else "POST"
    headers = {"Accept-Language": "fr", "X-Request-Id": "the-id"}
    answer = await sqlite_shop.http.request(method, path, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert '<html lang="fr">' in answer.text
    assert sentence in answer.text
    assert "the-id" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert ('href="/order"' in answer.text) == path.startswith("/order")


async def test_a_bug_has_a_page_that_tells_nothing_of_it(sqlite_shop: Storefront, service: FastAPI) -> None:
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop, language="ja")
    service.state.app_state = replace(service.state.app_state, clock=None)
    answer = await browser.open("/order")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "システムに問題が発生しました。" in answer.text
    assert "NoneType" not in answer.text


@pytest.mark.parametrize("path", ["/order", "/c", "/shops/{}/orders"])
async def test_a_database_that_is_gone_has_a_page_that_says_to_try_again(
    sqlite_shop: Storefront, service: FastAPI, path: str
) -> None:
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop)
    gone = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", pool_size=1)
    service.state.app_state = replace(service.state.app_state, database=gone)
    if path == "/c":
        answer = await browser.post(path, {"link": f"rbl_{UUID(sqlite_shop.merchant_id).hex}_{'x' * 43}"})
    else:
        answer = await browser.open(path.format(sqlite_shop.merchant_id))
    await gone.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["content-type"].startswith("text/html")
    assert "127.0.0.1" not in answer.text
