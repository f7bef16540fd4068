"""A buyer says on the page of a claim, once, how it went."""

import re
from typing import Any

import pytest

from tests.api.buyer.pages import Browser, enter, forms
from tests.api.test_refused_claims import DUPLICATE
from tests.storefront import Storefront


async def at_end(shop: Storefront, command: str, body: Any = None, language: str = "ko") -> tuple[Browser, str]:
    """A browser that shows a claim which this command has ended, and the path of its survey."""
    await shop.push_order()
    claim = await shop.give(await shop.claim("cancel"), command, body)
    browser = await enter(shop, language=language)
    page = f"/order/claims/{claim['claim_id']}"
    await browser.open(page)
    return browser, f"{page}/survey"


async def surveys(shop: Storefront) -> list[dict[str, Any]]:
    return list((await shop.get("/v1/surveys")).json()["data"])


async def test_a_buyer_says_once_how_a_claim_went(shop: Storefront) -> None:
    browser, form = await at_end(shop, "retract")
    assert "reason_understood" not in browser.text
    before = browser.page
    for score in ("good", "bad"):
        browser.page = before
        await browser.send(form, score=score, words="<b>빨라요</b>")
    (survey,) = await surveys(shop)
    assert (survey["score"], survey["text"], survey["rejected"]) == ("good", "<b>빨라요</b>", False)
    assert form not in [each.action for each in forms(browser.text)]
    assert "&lt;b&gt;빨라요&lt;/b&gt;" in browser.text
    assert "<b>" not in browser.text


async def test_after_a_refusal_the_page_asks_about_the_reason_and_another_solution(shop: Storefront) -> None:
    browser, form = await at_end(shop, "reject", DUPLICATE)
    await browser.send(form, score="so_so", reason_understood="yes", alternative_found="no", words="")
    (survey,) = await surveys(shop)
    assert (survey["score"], survey["text"], survey["rejected"]) == ("so_so", None, True)
    assert (survey["reason_understood"], survey["alternative_found"]) == (True, False)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"words": "빨라요", "reason_understood": "no", "score": ""}, "score"),
        ({"words": "빨라요", "reason_understood": "no", "score": "best"}, "score"),
        ({"words": "빨라요" + "x" * 500, "reason_understood": "no", "score": "bad"}, "words"),
        ({"words": "빨라요\0", "reason_understood": "no", "score": "bad"}, "words"),
    ],
)
async def test_an_answer_that_is_not_complete_is_named_and_kept_in_the_form(
    sqlite_shop: Storefront, fields: dict[str, str], wrong: str
) -> None:
    browser, form = await at_end(sqlite_shop, "reject", DUPLICATE)
    answer = await browser.send(form, **fields)
    assert answer.status_code == 422
    assert f'href="#{wrong}"' in browser.text
    assert f'id="{wrong}-error"' in browser.text
    assert re.search(r'name="reason_understood" value="no"[^>]* checked', browser.text)
    assert 'value="빨라요' in browser.text
    assert await surveys(sqlite_shop) == []


async def test_a_second_answer_from_another_page_is_refused_with_a_sentence(sqlite_shop: Storefront) -> None:
    browser, form = await at_end(sqlite_shop, "retract")
    page = form.removesuffix("/survey")
    other = await enter(sqlite_shop)
    await other.open(page)
    await browser.send(form, score="good")
    answer = await other.send(form, score="bad")
    assert answer.status_code == 409
    assert "이미 답하셨습니다." in other.text
    assert [survey["score"] for survey in await surveys(sqlite_shop)] == ["good"]


@pytest.mark.parametrize("why", ["the claim is open", "the time is over", "the shop does not ask"])
async def test_the_page_does_not_ask(sqlite_shop: Storefront, why: str) -> None:
    browser, form = await at_end(sqlite_shop, *(["hold", {"reason": "other"}] if "open" in why else ["retract"]))
    page = form.removesuffix("/survey")
    if "over" in why:
        sqlite_shop.clock.turn(days=31)
        browser = await enter(sqlite_shop)
    elif "ask" in why:
        await sqlite_shop.put("/v1/shop", {"name": "머그", "surveys": False})
    await browser.open(page)
    assert form not in [each.action for each in forms(browser.text)]
    assert browser.page is not None
    assert browser.page.status_code == 200


async def test_an_answer_without_the_word_of_the_session_is_refused(sqlite_shop: Storefront) -> None:
    browser, form = await at_end(sqlite_shop, "retract")
    assert (await browser.send(form, score="good", form_word="another")).status_code == 401
    assert await surveys(sqlite_shop) == []


@pytest.mark.parametrize("language", ["ko", "ja", "en", "de", "fr"])
async def test_each_face_has_a_word_in_the_language_of_the_page(sqlite_shop: Storefront, language: str) -> None:
    browser, _ = await at_end(sqlite_shop, "reject", DUPLICATE, language)
    words = {"ko": "불만족", "ja": "不満", "en": "Bad", "de": "Schlecht", "fr": "Mal"}
    (label,) = re.findall(r'<label class="choice"><input[^>]*value="bad".*?</label>', browser.text, re.DOTALL)
    assert f"<span>{words[language]}</span>" in label
