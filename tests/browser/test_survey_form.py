"""The survey on the page of a claim that was refused, in a real browser: read, answered, and without a mouse."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page

from tests.api.test_refused_claims import DUPLICATE
from tests.browser.buyers import Shop, new_context, press
from tests.browser.chromium import WIDTHS
from tests.browser.conftest import AssertAccessible, Served
from tests.browser.test_order_pages import tab_to

OpenRefused = Callable[..., Awaitable[Page]]

THANKS = {"ko": "감사합니다.", "ja": "ありがとうございます。"}
SEND = ".survey button"


@pytest.fixture
async def open_refused(browser: Browser, service: Served) -> AsyncIterator[OpenRefused]:
    """Shows the page of a claim that the shop has just refused."""
    shop, contexts = Shop(service), []

    async def opened(width: int, language: str, *, script: bool) -> Page:
        order_id = shop.order(is_delivered=False)
        lines = [{"line_id": "1", "quantity": 1}]
        asked = {"order_id": order_id, "kind": "cancel", "reason": "change_of_mind", "lines": lines}
        claim = shop.call("POST", "/v1/claims", asked)
        shop.call("POST", f"/v1/claims/{claim['claim_id']}/reject", DUPLICATE)
        contexts.append(await new_context(browser, service, width, language, script=script))
        page = await contexts[-1].new_page()
        await page.goto(shop.link(order_id))
        await press(page)
        await page.goto(f"/order/claims/{claim['claim_id']}")
        return page

    yield opened
    for context in contexts:
        await context.close()


@pytest.mark.parametrize("language", THANKS)
@pytest.mark.parametrize("width", WIDTHS)
async def test_everyone_can_read_and_answer_the_survey(
    open_refused: OpenRefused, assert_accessible: AssertAccessible, width: int, language: str
) -> None:
    page = await open_refused(width, language, script=True)
    await assert_accessible(page)
    await press(page, SEND)
    assert await page.locator("#score-error").count() == 1
    await assert_accessible(page)
    await page.locator(".choice", has=page.locator('[name="score"][value="bad"]')).click()
    await press(page, SEND)
    assert await page.get_by_text(THANKS[language]).count() == 1
    await assert_accessible(page)


async def test_the_keyboard_alone_answers_the_survey_without_script(open_refused: OpenRefused) -> None:
    page = await open_refused(WIDTHS[0], "ko", script=False)
    await tab_to(page, "#score")
    await page.keyboard.press("ArrowRight")
    await tab_to(page, "#reason_understood")
    await page.keyboard.press("Space")
    await tab_to(page, "#words")
    await page.keyboard.type("다음에는 이유를 더 빨리 알려 주세요.")
    await tab_to(page, SEND)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert await page.locator(".said p").all_inner_texts() == ["보통", "다음에는 이유를 더 빨리 알려 주세요."]
