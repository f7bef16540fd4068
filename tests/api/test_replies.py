"""Replies that fill themselves from the facts of a claim, and refuse where a fact is missing."""

from typing import Any

import pytest

from app.messages.reply_texts import filled_replies
from app.messages.samples import SAMPLES
from tests.api.desk.clerks import clerk
from tests.storefront import Storefront

LANGUAGES = ("ko", "ja", "en")
OWN_FACTS = dict.fromkeys(("is_undecided", "reports_a_fault", "is_about_size", "is_on_its_way_back"), True)


async def replies(shop: Storefront, claim: dict[str, Any], **query: str) -> dict[str, dict[str, Any]]:
    answer = await shop.get(f"/v1/claims/{claim['claim_id']}/replies", **query)
    assert answer.status_code == 200, answer.text
    return {each["reply"]: each for each in answer.json()["data"]}


def given(found: dict[str, dict[str, Any]]) -> set[str]:
    return {name for name, each in found.items() if each["text"] is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reply_is_whole_with_all_facts_and_refuses_without_any_one_of_them(language: str) -> None:
    facts = {**SAMPLES, **OWN_FACTS}
    whole = filled_replies(language, facts)
    assert [each.number for each in whole] == list(range(1, 10))
    assert all(each.text and "{" not in each.text and not each.missing for each in whole)
    needed = {fact for each in filled_replies(language, {}) for fact, _ in each.missing}
    for fact in needed:
        lacking = [each for each in filled_replies(language, {**facts, fact: None}) if each.missing]
        assert lacking
        assert all(each.text is None and [code for code, _ in each.missing] == [fact] for each in lacking)


async def test_a_return_is_told_as_far_as_it_has_come(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return", "defective")
    first = await replies(shop, claim, language="ko")
    assert given(first) == {"photo_needed", "answer_day"}
    assert "6월 11일(목)까지 답변" in first["answer_day"]["text"]
    assert [each["fact"] for each in first["size_needed"]["missing"]] == ["is_about_size"]
    await shop.give(claim, "approve")
    assert given(await replies(shop, claim)) == {"send_back_day"}
    await shop.give(claim, "dispatch", {"tracking": {"carrier": "cj", "number": "651234567890"}})
    sent = await replies(shop, claim, language="ja")
    assert given(sent) == {"parcel_on_its_way"}
    assert "651234567890" in sent["parcel_on_its_way"]["text"]
    await shop.give(claim, "receive", {"lines": [{"line_id": "1", "quantity": 1, "condition": "as_sold"}]})
    assert "parcel_arrived" in given(await replies(shop, claim))
    await shop.give(claim, "inspect", {"lines": [{"line_id": "1", "accepted": 1}]})
    assert "refund_day" in given(await replies(shop, claim))


async def test_a_day_that_has_passed_is_not_promised(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    claim = await sqlite_shop.claim("cancel", "size_or_color")
    assert {"size_needed", "answer_day"} <= given(await replies(sqlite_shop, claim))
    sqlite_shop.clock.turn(days=30)
    later = await replies(sqlite_shop, claim)
    assert "answer_day" not in given(later)


async def test_the_press_of_a_number_fills_the_field_in_the_language_of_the_buyer(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order(buyer={"language": "ja"})
    claim = await sqlite_shop.claim("cancel", "size_or_color")
    browser = await clerk(sqlite_shop)
    page = f"/desk/claims/{claim['claim_id']}"
    await browser.open(page)
    assert 'href="?reply=2" data-key="2"' in browser.text
    assert 'data-key="7"' not in browser.text
    assert "없는 정보: 확정된 환불 금액" in browser.text
    await browser.open(f"{page}?reply=2")
    assert "ご希望のサイズと色をお知らせいただけますでしょうか" in browser.text
    await browser.send(f"{page}/contacts", kind="question", text="ご希望のサイズは？")
    assert (await sqlite_shop.get(f"/v1/claims/{claim['claim_id']}")).json()["hold"]["reason"] == "buyer_question"
