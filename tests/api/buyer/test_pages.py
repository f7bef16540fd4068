"""The pages of a buyer, as a browser without script sees them: from the link to the end of a claim."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from app.buyer.pages.texts import PAGE_LANGUAGES
from tests.api.buyer.pages import Browser, enter, forms
from tests.api.buyer.visits import link_to
from tests.storefront import Storefront

PAGES = Path(str(files("app.buyer.pages")))
CLAIM = re.compile(r"/order/claims/([0-9a-f-]{36})")


async def asked(shop: Storefront) -> tuple[Browser, str]:
    """A browser that shows the claim which it has just requested, and the claim's id."""
    browser = await enter(shop)
    await browser.open("/order/request?kind=return&line=1")
    form = {"reason": "change_of_mind", "units:1": 1, "note": "첫 줄\r\n둘째 줄"}
    assert (await browser.send("/order/request?kind=return", step="check", **form)).status_code == 200
    answer = await browser.send("/order/request?kind=return", step="confirm", **form)
    assert answer.status_code == 200, answer.text
    return browser, CLAIM.search(str(answer.url))[1]  # type: ignore[index]


async def command(shop: Storefront, claim_id: str, name: str, body: Any = None) -> dict[str, Any]:
    answer = await shop.post(f"/v1/claims/{claim_id}/{name}", body)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def test_a_buyer_walks_from_the_link_to_the_refund(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    browser, claim_id = await asked(shop)
    assert "9,000원" in browser.text
    assert "스토어의 답변을 기다리고 있습니다" in browser.text
    claim = (await shop.get(f"/v1/claims/{claim_id}")).json()
    assert claim["requester"]["role"] == "buyer"
    assert claim["note"] == "첫 줄\n둘째 줄"

    await command(shop, claim_id, "approve")
    await browser.open(f"/order/claims/{claim_id}")
    sent = await browser.send(f"/order/claims/{claim_id}/dispatch", carrier="hanjin", number="123456")
    assert sent.status_code == 200
    assert "상품이 스토어로 가고 있습니다" in browser.text
    await command(shop, claim_id, "receive", {"lines": [{"line_id": "1", "quantity": 1}]})
    await command(shop, claim_id, "inspect", {"lines": [{"line_id": "1", "accepted": 1}]})
    await browser.open(f"/order/claims/{claim_id}")
    assert "환불 준비 중" in browser.text


async def test_a_program_that_looks_at_the_link_does_not_use_it_up(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    link = (await link_to(sqlite_shop))["token"]
    for _ in range(3):
        assert (await Browser(sqlite_shop.http).open(f"/c?link={link}")).status_code == 200
    browser = Browser(sqlite_shop.http)
    await browser.open(f"/c?link={link}")
    assert (await browser.send("/c")).status_code == 200
    late = Browser(sqlite_shop.http)
    for answer in (await late.open(f"/c?link={link}"), await late.post("/c", {"link": link})):
        assert answer.status_code == 401
        assert "이 링크는 더 이상 쓸 수 없습니다" in answer.text


async def test_a_button_that_is_pressed_twice_opens_one_session(shop: Storefront) -> None:
    await shop.push_order()
    link = (await link_to(shop))["token"]
    browser = Browser(shop.http)
    await browser.open(f"/c?link={link}")
    with_button = dict(browser.cookies)
    await browser.post("/c", {"link": link})
    session = browser.cookies["recourse_order"]
    browser.cookies = with_button
    assert (await browser.post("/c", {"link": link})).status_code == 200
    assert browser.cookies["recourse_order"] == session
    assert (await browser.send("/order/end")).status_code == 200
    assert (await browser.post("/c", {"link": link})).status_code == 401


async def test_a_form_that_is_sent_twice_opens_one_claim(shop: Storefront) -> None:
    await shop.push_order()
    browser = await enter(shop)
    await browser.open("/order/request?kind=cancel&line=1")
    choice = {"reason": "change_of_mind", "units:1": "1"}
    await browser.send("/order/request?kind=cancel", **choice, step="check")
    (form, *_) = forms(browser.text)
    fields = {**form.fields, **choice, "step": "confirm"}
    first = await browser.post(form.action, fields)
    again = await browser.post(form.action, fields)
    assert first.url.path == again.url.path
    assert (await shop.get("/v1/claims", total="true")).json()["total"]["count"] == 1


@pytest.mark.parametrize("change", [{"units:1": 2}, {"reason": "ordered_by_mistake"}, {"quoted": ""}])
async def test_a_choice_without_a_quote_is_quoted_and_not_confirmed(shop: Storefront, change: dict[str, Any]) -> None:
    await shop.push_order()
    browser = await enter(shop)
    await browser.open("/order/request?kind=cancel&line=1")
    choice = {"reason": "change_of_mind", "units:1": 1}
    await browser.send("/order/request?kind=cancel", **choice, step="check")
    changed = await browser.send("/order/request?kind=cancel", **choice | change, step="confirm")
    assert (changed.status_code, changed.url.path) == (200, "/order/request")
    assert 'id="quote"' in browser.text
    assert (await shop.get("/v1/claims")).json()["data"] == []
    sent = {**choice, **change, **forms(browser.text)[0].fields, "step": "confirm"}
    await browser.post("/order/request?kind=cancel", {name: str(value) for name, value in sent.items()})
    assert len((await shop.get("/v1/claims")).json()["data"]) == 1


async def test_a_question_an_offer_and_a_retraction_are_answered_on_the_page(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    browser, claim_id = await asked(shop)
    await shop.post(f"/v1/claims/{claim_id}/contacts", {"kind": "question", "text": "사진이 있나요?"})
    page = f"/order/claims/{claim_id}"
    await browser.open(page)
    assert "고객님의 답변을 기다리고 있습니다" in browser.text
    assert "사진이 있나요?" in browser.text
    assert (await browser.send(f"{page}/answers", text=" ")).status_code == 422
    assert (await browser.send(f"{page}/answers", text="네, 보낼게요.")).status_code == 200
    words = "5,000원을 드릴게요."
    offer = {"alternative": "partial_refund", "amount": 5_000, "message": words}
    offered = (await command(shop, claim_id, "offers", offer))["offers"][0]
    await browser.open(page)
    declined = await browser.send(f"{page}/offers/{offered['offer_id']}", step="decline")
    assert declined.status_code == 200
    assert words not in browser.text
    assert (await browser.send(f"{page}/retract")).status_code == 200
    assert "요청을 철회하셨습니다" in browser.text


async def test_a_form_that_is_wrong_says_so_beside_the_field_and_keeps_what_was_entered(
    sqlite_shop: Storefront,
) -> None:
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop)
    await browser.open("/order/request?kind=cancel&line=1")
    fields = {"reason": "", "units:1": "two", "note": "<b>굵게</b>", "step": "check"}
    answer = await browser.send("/order/request?kind=cancel", **fields)
    assert answer.status_code == 422
    for mark in ('href="#reason"', 'id="reason-error"', 'id="line-1-error"', 'role="alert"', "&lt;b&gt;굵게"):
        assert mark in browser.text, mark
    assert "<b>굵게" not in browser.text
    nothing = await browser.send("/order/request?kind=cancel", **{**fields, "reason": "other", "units:1": "0"})
    assert nothing.status_code == 422
    assert "수량을 하나 이상 선택해 주세요." in browser.text
    refused = await browser.send("/order/request?kind=cancel", **{**fields, "reason": "other", "units:1": "9"})
    assert refused.status_code == 409
    assert 'role="alert"' in browser.text


async def test_a_page_that_is_out_of_date_gives_no_command(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.ship()
    browser, claim_id = await asked(sqlite_shop)
    await command(sqlite_shop, claim_id, "approve")
    late = await browser.send(f"/order/claims/{claim_id}/retract")
    assert late.status_code == 409
    assert "그 사이 내용이 바뀌었습니다." in browser.text


async def test_a_form_of_another_site_or_session_is_refused(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.push_order("order-2")
    browser = await enter(sqlite_shop)
    other = await enter(sqlite_shop, "order-2")
    await other.open("/order/request?kind=cancel&line=1")
    word = forms(other.text)[0].fields["form_word"]
    for fields in ({}, {"form_word": "x"}, {"form_word": word}):
        sent = {"reason": "change_of_mind", "units:1": "1", "step": "confirm", **fields}
        assert (await browser.post("/order/request?kind=cancel", sent)).status_code == 401
        browser = await enter(sqlite_shop)
    assert (await sqlite_shop.get("/v1/claims", total="true")).json()["total"]["count"] == 0


async def test_a_session_sees_no_claim_of_another_order(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.push_order("order-2")
    theirs = await sqlite_shop.claim("cancel", order_id="order-2")
    browser = await enter(sqlite_shop)
    assert (await browser.open(f"/order/claims/{theirs['claim_id']}")).status_code == 404
    await browser.open("/order")
    word = forms(browser.text)[-1].fields["form_word"]
    for action in ("retract", "dispatch", "answers", "account", "offers/1"):
        path = f"/order/claims/{theirs['claim_id']}/{action}"
        body = {
            "form_word": word,
            "text": "x",
            "bank": "088",
            "account_number": "1234567",
            "holder": "x",
            "key": action,
        }
        assert (await browser.post(path, body)).status_code == 404, action
    assert (await sqlite_shop.get(f"/v1/claims/{theirs['claim_id']}")).json()["version"] == theirs["version"]


async def test_a_session_ends_with_its_button_and_nobody_comes_in_without_one(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop)
    kept = dict(browser.cookies)
    assert (await browser.send("/order/end")).status_code == 200
    assert "recourse_order" not in browser.cookies
    for cookies in ({}, kept, {"recourse_order": "rbs_x"}):
        stranger = Browser(sqlite_shop.http, cookies=cookies)
        for path in ("/order", "/order/request?kind=cancel", "/order/claims/1"):
            assert (await stranger.open(path)).status_code == 401


async def test_the_cookie_and_the_headers_keep_the_page_to_itself(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    link = (await link_to(sqlite_shop))["token"]
    answer = await sqlite_shop.http.post("/c", data={"link": link})
    (cookie,) = answer.headers.get_list("set-cookie")
    for mark in ("HttpOnly", "SameSite=lax", "Secure", "Path=/order"):
        assert mark in cookie, cookie
    browser = await enter(sqlite_shop)
    page = await browser.open("/order")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
async def test_the_buyer_chooses_the_language(sqlite_shop: Storefront, language: str) -> None:
    await sqlite_shop.push_order()
    browser = await enter(sqlite_shop, language="en-GB")
    assert '<html lang="en">' in browser.text
    await browser.open(f"/order?language={language}")
    await browser.open("/order")
    assert f'<html lang="{language}">' in browser.text


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_each_language_has_every_text_and_no_other(language: str) -> None:
    def keys(code: str) -> set[tuple[str, str]]:
        words = tomllib.loads((PAGES / "words" / f"{code}.toml").read_text("utf-8"))
        return {(table, key) for table, texts in words.items() for key in texts}

    assert keys(language) == keys("ko")


def test_each_text_is_on_a_page() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (*PAGES.rglob("*.html"), *PAGES.glob("*.py")))
    words = tomllib.loads((PAGES / "words" / "ko.toml").read_text("utf-8"))
    named = set(re.findall(r"[\"'](\w+)[\"']", sources)) | {
        "ended_title",
        "ended_text",
        "link_over_title",
        "link_over_text",
        "too_many_title",
        "too_many_text",
    }
    assert set(words["page"]) - named == set()
