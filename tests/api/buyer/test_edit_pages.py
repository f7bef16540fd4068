"""The page on which a buyer changes a request, as a browser without script sees it."""

from typing import Any

import httpx
import pytest

from app.buyer.pages.texts import PAGE_LANGUAGES, text
from tests.api.buyer.pages import Browser, enter, forms
from tests.storefront import ORDER, Storefront

LINES = [*ORDER["lines"], {"line_id": "2", "sku": "MUG-BLUE", "title": "파란 컵", "quantity": 1, "unit_price": 3000}]


async def opened(shop: Storefront, **changes: Any) -> tuple[Browser, dict[str, Any], str]:
    """A browser in front of a claim for one mug, the claim, and the address of its form."""
    await shop.push_order(lines=LINES)
    await shop.ship()
    claim = await shop.claim("return", **{"note": "첫 줄\n둘째 줄", "conditions": ["opened"], **changes})
    browser = await enter(shop)
    await browser.open(f"/order/claims/{claim['claim_id']}")
    return browser, claim, f"/order/claims/{claim['claim_id']}/edit"


async def confirmed(browser: Browser, action: str, **fields: Any) -> httpx.Response:
    """The answer to a form whose quote the buyer has seen."""
    await browser.send(action, step="check", **fields)
    return await browser.send(action, step="confirm", **fields)


async def test_a_buyer_changes_a_request(shop: Storefront) -> None:
    browser, claim, action = await opened(shop)
    assert f'href="{action}"' in browser.text
    await browser.open(action)
    (form,) = [each for each in forms(browser.text) if each.action == action]
    assert {name: form.fields[name] for name in ("units:1", "units:2", "version")} == {
        "units:1": "1",
        "units:2": "0",
        "version": "1",
    }
    assert '<option value="change_of_mind" selected>' in browser.text
    assert "첫 줄\n둘째 줄" in browser.text
    assert 'max="2"' in browser.text
    wish = {"units:1": 2, "units:2": 1, "reason": "defective", "note": "금이 갔어요."}
    assert (await browser.send(action, step="check", **wish)).status_code == 200
    assert 'id="quote"' in browser.text
    assert "27,000원" in browser.text
    answer = await browser.send(action, step="confirm", **wish)
    assert str(answer.url).partition("?")[0].endswith(f"/order/claims/{claim['claim_id']}")
    assert text("done", "ko") in browser.text
    edited = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (edited["reason"], edited["note"], edited["conditions"]) == ("defective", "금이 갔어요.", ["opened"])
    assert [(line["line_id"], line["quantity"]) for line in edited["lines"]] == [("1", 2), ("2", 1)]


async def test_errors_stand_at_their_fields_and_keep_what_was_entered(sqlite_shop: Storefront) -> None:
    browser, _, action = await opened(sqlite_shop)
    await browser.open(action)
    assert (await browser.send(action, step="check", **{"units:1": "x", "reason": ""})).status_code == 422
    for field in ("line-1", "reason"):
        assert f'href="#{field}"' in browser.text
        assert f'id="{field}-error"' in browser.text
    assert 'value="x"' in browser.text
    same = await confirmed(browser, action, **{"units:1": 1, "reason": "change_of_mind", "note": "?"})
    assert same.status_code == 200
    await browser.open(action)
    sent = {"units:1": 1, "reason": "change_of_mind", "note": "?"}
    assert (await confirmed(browser, action, **sent)).status_code == 409
    assert "변경할 내용이 없습니다" in browser.text
    assert 'role="alert"' in browser.text


async def test_goods_that_are_too_late_are_refused_on_the_page(sqlite_shop: Storefront) -> None:
    browser, claim, action = await opened(sqlite_shop)
    sqlite_shop.clock.turn(days=9)
    browser = await enter(sqlite_shop)
    await browser.open(action)
    late = {"units:1": 1, "units:2": 1, "reason": "change_of_mind", "note": ""}
    assert (await browser.send(action, step="check", **late)).status_code == 409
    assert "기한이 6월 15일(월)에 끝났습니다" in browser.text
    assert (await sqlite_shop.get(f"/v1/claims/{claim['claim_id']}")).json()["version"] == 1


async def test_a_form_of_another_version_shows_the_newest_and_a_decided_claim_has_no_form(
    sqlite_shop: Storefront,
) -> None:
    browser, claim, action = await opened(sqlite_shop)
    await browser.open(action)
    await sqlite_shop.give(claim, "reclassify", {"reason": "wrong_item"})
    wish = {"units:1": 2, "reason": "wrong_item", "note": ""}
    assert (await confirmed(browser, action, **wish)).status_code == 409
    assert text("stale", "ko") in browser.text
    assert 'name="version" value="2"' in browser.text
    await sqlite_shop.give(claim, "approve")
    assert (await browser.send(action, step="confirm", **wish)).status_code == 409
    assert f'href="{action}"' not in browser.text
    assert str((await browser.open(action)).url).endswith(f"/order/claims/{claim['claim_id']}")


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
async def test_the_form_speaks_each_language_and_keeps_what_was_entered(sqlite_shop: Storefront, language: str) -> None:
    browser, _, action = await opened(sqlite_shop)
    await browser.open(action)
    entered = {"units:1": 2, "reason": "other", "note": "mine", "step": "show"}
    (form,) = [each for each in forms(browser.text) if each.action == action]
    answer = await browser.post(
        f"{action}?language={language}", {**form.fields, **{n: str(v) for n, v in entered.items()}}
    )
    assert answer.status_code == 200
    assert f"<h1>{text('edit', language)}</h1>" in browser.text
    assert ">mine</textarea>" in browser.text
    assert 'name="version" value="1"' in browser.text
