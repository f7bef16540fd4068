"""The words of the buyer's pages: complete, without makeshift particles, and true for the goods of the order."""

import re
from typing import Any

import pytest

from app.buyer.pages.texts import PAGE_LANGUAGES, page_words
from app.engine.model.vocabulary import Kind
from tests.api.buyer.pages import enter
from tests.storefront import Storefront


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
@pytest.mark.parametrize("table", ["kind", "title", "start"])
def test_each_kind_has_its_words(language: str, table: str) -> None:
    assert set(page_words(language)[table]) == {kind.value for kind in Kind}


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_no_text_has_two_particles_or_two_endings_to_choose_from(language: str) -> None:
    texts = [text for table in page_words(language).values() for text in table.values()]
    assert [text for text in texts if re.search(r"[을를은는이가]\(|\(으\)|\((?:s|e|en)\)", text)] == []


@pytest.mark.parametrize(("language", "other_words"), [("ko", "신청|쇼핑몰"), ("ja", "お申し?込み|を申し込む")])
def test_pages_call_a_request_and_a_shop_as_messages_do(language: str, other_words: str) -> None:
    texts = [text for table in page_words(language).values() for text in table.values()]
    assert [text for text in texts if re.search(other_words, text)] == []


def test_a_french_mark_of_two_parts_stays_with_its_word_and_an_apostrophe_is_curved() -> None:
    texts = [text for table in page_words("fr").values() for text in table.values()]
    assert [text for text in texts if re.search(r"[^\u202f][:;?!»]|«[^\u202f]", text)] == []
    assert [text for text in texts if "'" in text] == []


@pytest.mark.parametrize(
    ("kind", "reason", "sentences", "absent"),
    [
        ("return", "defective", ["승인되면 상품을 보내실 곳을", "배송비는 스토어가 부담합니다."], ["고객님 부담"]),
        ("return", "change_of_mind", ["승인되면 상품을 보내실 곳을", "반품 배송비"], ["스토어가 부담합니다."]),
        ("refund", "defective", [], ["승인되면", "부담"]),
    ],
)
async def test_the_quote_says_where_the_goods_go_and_who_pays_for_it(
    sqlite_shop: Storefront, kind: str, reason: str, sentences: list[str], absent: list[str]
) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.ship()
    browser = await enter(sqlite_shop)
    await browser.open(f"/order/request?kind={kind}&line=1")
    form: dict[str, Any] = {"reason": reason, "units:1": 1, "step": "check"}
    await browser.send(f"/order/request?kind={kind}", **form)
    assert 'id="quote"' in browser.text
    assert [sentence for sentence in sentences if sentence not in browser.text] == []
    assert [sentence for sentence in absent if sentence in browser.text] == []


@pytest.mark.parametrize(("kind", "is_told"), [("cancel", True), ("return", True), ("exchange", False)])
async def test_a_change_of_mind_needs_no_other_reason(sqlite_shop: Storefront, kind: str, *, is_told: bool) -> None:
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop, language="de")
    await browser.open(f"/order/request?kind={kind}&line=1")
    assert ("Für einen Widerruf wählen Sie „Sie haben es sich anders überlegt“" in browser.text) == is_told


async def test_amounts_stay_an_estimate_until_the_goods_are_checked(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.ship()
    claim = await sqlite_shop.claim("return")
    browser = await enter(sqlite_shop)
    page = f"/order/claims/{claim['claim_id']}"
    await sqlite_shop.post(f"/v1/claims/{claim['claim_id']}/approve", None)
    await browser.open(page)
    assert "예상 금액입니다." in browser.text
    await sqlite_shop.post(f"/v1/claims/{claim['claim_id']}/dispatch", None)
    for step, unit in (("receive", {"quantity": 1}), ("inspect", {"accepted": 1})):
        answer = await sqlite_shop.post(f"/v1/claims/{claim['claim_id']}/{step}", {"lines": [{"line_id": "1", **unit}]})
        assert answer.is_success, answer.text
    await browser.open(page)
    assert "예상 금액입니다." not in browser.text
