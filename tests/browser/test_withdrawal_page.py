"""The page of a withdrawal in a real browser, on a phone and at a desk, and without a mouse."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from tests.browser.buyers import new_context, press
from tests.browser.chromium import WIDTHS
from tests.browser.conftest import AssertAccessible, OpenPage, Served
from tests.browser.test_order_pages import tab_to
from tests.pdfs import require_fonts, text_of

ENTERED = {"name": "Lena Vogt", "order_number": "2026-1", "email": "lena@example.com", "goods": "Tasse"}
DONE = {"ko": "청약철회가 접수되었습니다", "de": "Ihr Widerruf ist eingegangen"}


@pytest.fixture
async def plain_page(browser: Browser, service: Served) -> AsyncIterator[Page]:
    """A page of a German browser on a phone, without script."""
    context = await new_context(browser, service, WIDTHS[0], "de", script=False)
    yield await context.new_page()
    await context.close()


@pytest.mark.parametrize("language", DONE)
@pytest.mark.parametrize("width", WIDTHS)
async def test_everyone_can_read_and_use_each_step(
    open_page: OpenPage, service: Served, assert_accessible: AssertAccessible, width: int, language: str
) -> None:
    page = await open_page(f"/withdraw/{service.merchant_id}", width, language)
    await assert_accessible(page)
    await press(page)
    await page.wait_for_selector("#email-error")
    await assert_accessible(page)
    for field, value in ENTERED.items():
        await page.fill(f"#{field}", value)
    await press(page)
    await page.wait_for_selector('button[value="confirm"]')
    await assert_accessible(page)
    await press(page)
    await page.wait_for_selector('[role="status"]')
    assert await page.locator("h1").inner_text() == DONE[language]
    await assert_accessible(page)


async def test_the_keyboard_alone_withdraws_without_script_and_gets_the_receipt(
    plain_page: Page, service: Served
) -> None:
    require_fonts()
    page = plain_page
    await page.goto(f"/withdraw/{service.merchant_id}")
    for field, value in ENTERED.items():
        await tab_to(page, f"#{field}")
        await page.keyboard.type(value)
    await tab_to(page, "main button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector('button[value="confirm"]')
    await tab_to(page, 'button[value="confirm"]')
    await page.keyboard.press("Enter")
    await page.wait_for_selector('[role="status"]')
    assert await page.locator("h1").inner_text() == DONE["de"]
    async with page.expect_download() as download:
        await page.click('a[href*="/receipts/"]')
    receipt = await (await download.value).path()
    assert "2026-1" in text_of(receipt.read_bytes())
