"""The page of a policy that buyers open without a key."""

import asyncio
import base64
import hashlib
import re
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.buyer.pages.texts import page_words
from app.messages.policy_page import policy_page
from app.messages.translations import LANGUAGES
from app.presets.documents import preset_names
from app.presets.loader import preset
from tests.storefront import Storefront

HOUSE = {"policy_id": "house", "base": "storefront_kr", "terms": {"title": "머그 가게 약속"}}


async def test_a_buyer_reads_the_policy_in_force_without_a_key(shop: Storefront) -> None:
    profile = {"names": {"ja": "マグの店"}, "phone": "02-555-0142", "chat_url": "https://mug.example/chat?a=1&b=2"}
    await shop.put("/v1/shop", {"name": "머그 <가게>", "contact_email": "help@mug.example", **profile})
    answer = await shop.http.get(f"/shops/{shop.merchant_id}/policies/storefront_kr")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    html = answer.text
    assert "<title>머그 &lt;가게&gt; 취소·반품·교환·환불 안내</title>" in html
    assert "<dt>전화</dt><dd>02-555-0142</dd>" in html
    assert '<a href="https://mug.example/chat?a=1&amp;b=2">' in html
    assert "Korean storefront" not in html
    assert (
        html.index("한눈에 보기")
        < html.index("단순 변심으로 반품하시면 반품 배송비(3,000원)")
        < html.index("자세한 안내")
    )
    japanese = (await shop.http.get(f"/shops/{shop.merchant_id}/policies/storefront_kr?language=ja")).text
    assert "<h1>マグの店 キャンセル・返品・交換・返金のご案内</h1>" in japanese
    assert "韓国 電子商取引法" in japanese


async def test_the_page_names_the_seller_and_its_postal_address(shop: Storefront) -> None:
    body = {"name": "머그 가게", "contact_email": "help@mug.example", "phone": "02-555-0142"}
    page = f"/shops/{shop.merchant_id}/policies/storefront_kr"
    await shop.put("/v1/shop", body)
    assert "<dt>주소</dt>" not in (await shop.http.get(page)).text
    await shop.put("/v1/shop", {**body, "names": {"ja": "マグの店"}, "postal_address": "서울 마포구 <컵로> 10"})
    html = (await shop.http.get(page)).text
    assert "<dt>판매자</dt><dd>머그 가게</dd>\n<dt>주소</dt><dd>서울 마포구 &lt;컵로&gt; 10</dd>\n<dt>전화</dt>" in html
    japanese = (await shop.http.get(page, params={"language": "ja"})).text
    assert "<dt>販売業者</dt><dd>マグの店</dd>\n<dt>所在地</dt>" in japanese


async def test_the_page_links_the_withdrawal_where_the_law_of_the_policy_has_it(shop: Storefront) -> None:
    for policy, is_linked in {"eu": True, "storefront_de": True, "uk": True, "kr": False, "jp": False}.items():
        for language in LANGUAGES:
            page = await shop.http.get(f"/shops/{shop.merchant_id}/policies/{policy}", params={"language": language})
            label = page_words(language)["withdrawal"]["withdraw"]
            link = f'<p><a href="/withdraw/{shop.merchant_id}" target="_top">{label}</a></p>'
            assert page.status_code == 200
            assert (link in page.text) == is_linked, (policy, language)
            assert ("/withdraw/" in page.text) == is_linked


async def test_a_policy_of_the_shop_has_its_own_title(shop: Storefront) -> None:
    published = await shop.post("/v1/policies", HOUSE)
    assert published.status_code == 201, published.text
    shop.clock.turn(days=1)
    assert "<p>머그 가게 약속</p>" in (await shop.http.get(f"/shops/{shop.merchant_id}/policies/house")).text


async def test_the_page_loads_nothing_and_may_be_shown_in_a_frame(shop: Storefront) -> None:
    answer = await shop.http.get(f"/shops/{shop.merchant_id}/policies/kr")
    policy = answer.headers["content-security-policy"]
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "frame-ancestors *" in policy
    assert not re.search(r"<script|<link|<img|src=|url\(|@import", answer.text)
    assert 'name="viewport"' in answer.text


@pytest.mark.parametrize("path", ["nobody/policies/kr", "{merchant}/policies/nothing", "{merchant}/policies/kr@99"])
async def test_a_page_that_is_not_there_is_not_found(shop: Storefront, path: str) -> None:
    answer = await shop.http.get(f"/shops/{path.format(merchant=shop.merchant_id)}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("name", preset_names())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_short_form_says_what_until_when_at_which_cost_and_when_the_money_comes(name: str, language: str) -> None:
    page = policy_page(preset(name), language)
    assert (
        {"cancel", "fault"} <= {row.topic for row in page.summary} <= {row.topic for row in page.rows} | {"exceptions"}
    )
    for row in page.summary:
        assert row.what
        assert all(row.until)
        assert all(row.costs)
    cancel = page.summary[0]
    assert len(cancel.costs) >= 2


@pytest.mark.parametrize("name", ["kr", "naver", "storefront_kr", "jp", "qoo10_jp", "storefront_jp"])
@pytest.mark.parametrize("language", ["ko", "ja"])
def test_citations_are_in_the_language_of_the_page(name: str, language: str) -> None:
    for row in policy_page(preset(name), language).rows:
        for citation in row.citations:
            assert not re.search("[A-Za-z]{3}", citation.replace("Qoo10", "").replace("CRL", "")), citation


async def test_a_version_that_is_not_in_force_yet_is_not_public(shop: Storefront) -> None:
    later = (shop.clock() + timedelta(days=30)).isoformat()
    assert (await shop.post("/v1/policies", {**HOUSE, "effective_at": later})).status_code == 201
    page = f"/shops/{shop.merchant_id}/policies/house@1"
    assert (await shop.http.get(page)).status_code == 404
    shop.clock.turn(days=30)
    assert (await shop.http.get(page)).status_code == 200


async def test_readers_without_a_key_take_no_turns_from_the_merchant(shop: Storefront) -> None:
    page = f"/shops/{shop.merchant_id}/policies/kr"
    async with AsyncExitStack() as stack:
        for _ in range(100):
            try:
                async with asyncio.timeout(0.2):
                    await stack.enter_async_context(app_of(shop).state.app_state.turns.of(shop.merchant_id))
            except TimeoutError:
                break
        assert (await shop.http.get(page)).status_code == 200


def app_of(shop: Storefront) -> Any:
    transport = shop.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    return transport.app
