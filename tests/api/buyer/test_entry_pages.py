"""The page for a buyer without a link, the look of the pages, and answers to questions on them."""

import base64
import re

import pytest

from app.buyer.pages.texts import PAGE_LANGUAGES
from app.records.buyer_lookup import Counted
from app.service.buyer_lookups import MOST_IN_AN_HOUR
from app.store.database import Database
from tests.api.buyer.pages import Browser, enter
from tests.api.buyer.test_lookups import letters, ordered
from tests.messages.claim_messages import SHOP
from tests.storefront import Storefront

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(8)).decode()


def lookup_page(shop: Storefront) -> str:
    return f"/shops/{shop.merchant_id}/orders"


@pytest.mark.parametrize("proof", ["mina@example.com", "0142"])
async def test_a_buyer_without_a_link_asks_for_one_on_a_page(shop: Storefront, database: Database, proof: str) -> None:
    await ordered(shop)
    browser = Browser(shop.http)
    await browser.open(lookup_page(shop))
    assert (await browser.send(lookup_page(shop), order_id="order-1", proof=proof)).status_code == 200
    (text,) = await letters(shop, database)
    (link,) = re.findall(r"https://recourse.example(/c\?link=\S+)", text)
    await browser.open(link)
    assert (await browser.send("/c")).status_code == 200


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
async def test_the_page_is_the_same_whether_there_is_such_an_order_or_not(shop: Storefront, language: str) -> None:
    await ordered(shop)
    browser = Browser(shop.http, language=language)
    pages = []
    for order_id, proof in (("order-1", "mina@example.com"), ("order-1", "yuki@example.com"), ("order-9", "0142")):
        await browser.open(lookup_page(shop))
        answer = await browser.send(lookup_page(shop), order_id=order_id, proof=proof)
        pages.append((answer.status_code, answer.text))
    assert pages[0] == pages[1] == pages[2]


async def test_a_look_up_that_is_wrong_names_its_fields_and_many_end_in_429(sqlite_shop: Storefront) -> None:
    await ordered(sqlite_shop)
    browser = Browser(sqlite_shop.http)
    page = lookup_page(sqlite_shop)
    await browser.open(page)
    assert (await browser.send(page)).status_code == 422
    for mark in ('id="order_id-error"', 'id="proof-error"', 'role="alert"'):
        assert mark in browser.text
    assert (await browser.send(page, order_id="<i>", proof="not an address")).status_code == 422
    assert 'value="&lt;i&gt;"' in browser.text
    asked = [
        await browser.post(page, {"order_id": f"order-{number}", "proof": "0142"})
        for number in range(MOST_IN_AN_HOUR[Counted.NETWORK] + 1)
    ]
    assert [answer.status_code for answer in asked[:-1]] == [200] * (len(asked) - 1)
    assert asked[-1].status_code == 429
    assert int(asked[-1].headers["retry-after"]) > 0
    assert (await browser.open("/shops/nobody/orders")).status_code == 404


async def test_the_pages_have_the_colours_and_the_logo_of_the_shop(sqlite_shop: Storefront) -> None:
    theme = {"accent": "#7a1f5c", "band": "#222222", "logo": f"data:image/png;base64,{PNG}"}
    put = await sqlite_shop.put("/v1/shop", {**SHOP, "theme": theme})
    assert put.json()["theme"] == theme
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop)
    assert f'<img src="{theme["logo"]}" alt="">' in browser.text
    (address,) = re.findall(r'href="(/order/style\.css\?[^"]+)"', browser.text)
    style = await sqlite_shop.http.get(address.replace("&amp;", "&"))
    assert "--accent: #7a1f5c;" in style.text
    assert "--band: #222222; --on-band: #ffffff;" in style.text
    assert "immutable" in style.headers["cache-control"]
    assert (await sqlite_shop.http.get("/order/style.css?accent=red;}")).status_code == 422


async def test_a_question_is_answered_in_the_words_of_the_shop_or_not_at_all(shop: Storefront) -> None:
    await shop.push_order()
    entry = {
        "entry_id": "return-fee",
        "language": "ko",
        "question": "반품 배송비는 누가 내나요?",
        "answer": "변심이면 고객님이 <b>3,000원</b>을 내십니다.",
    }
    assert (await shop.post("/v1/faq-entries", entry)).is_success
    browser = await enter(shop)
    await browser.open("/order?q=반품할 때 배송비 내야 하나요")
    assert entry["question"] in browser.text
    assert "&lt;b&gt;3,000원&lt;/b&gt;" in browser.text
    await browser.open("/order?q=매장에 주차할 수 있나요")
    assert "맞는 답을 찾지 못했습니다." in browser.text
