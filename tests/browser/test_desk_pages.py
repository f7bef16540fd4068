"""The desk in a real browser: a clerk walks from the invitation to the decision, on a phone and at a desk, by keys."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from tests.api.staff import PASSWORD
from tests.browser.buyers import Complaints, Shop, new_context
from tests.browser.chromium import WIDTHS
from tests.browser.conftest import AssertAccessible, Served

Enter = Callable[..., Awaitable[Page]]
LANGUAGES = {320: "ko", 1440: "ja"}
assert set(LANGUAGES) == set(WIDTHS)


@pytest.fixture
def storefront(service: Served) -> Shop:
    return Shop(service)


@pytest.fixture
async def invited(browser: Browser, service: Served, storefront: Shop) -> AsyncIterator[Enter]:
    """Opens the link of an invitation. In the end the browser must not have complained."""
    contexts, complaints = [], Complaints()

    async def opened(width: int, language: str, *, script: bool) -> Page:
        contexts.append(await new_context(browser, service, width, language, script=script))
        page = await contexts[-1].new_page()
        complaints.listen(page)
        body = {"email": f"{uuid4().hex[:8]}@mug.example", "role": "clerk", "delivery": "answer"}
        token = storefront.call("POST", "/v1/staff-invitations", body)["token"]
        await page.goto(f"/desk/invitation?token={token}")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert complaints.heard == []


async def press(page: Page, button: str = "main form button") -> None:
    async with page.expect_navigation():
        await page.locator(button).first.click()


async def enter(page: Page) -> None:
    """From the invitation to the queue."""
    await page.fill("#name", "김민지")
    await page.fill("#password", PASSWORD)
    await page.fill("#password_again", PASSWORD)
    await press(page)
    await press(page)
    secret = await page.locator('[name="secret"]').get_attribute("value")
    await page.fill("#code", pyotp.TOTP(secret or "").at(datetime.now(UTC)))
    await press(page)
    await page.locator("main a.button").click()
    await page.wait_for_url(re.compile(r"/desk$"))


async def choose_by_keys(page: Page) -> None:
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("j")
    await page.keyboard.press("Shift+X")
    assert await page.locator("tr.row input:checked").count() == 2
    await page.evaluate(  # the letter of a Korean keyboard in the place of j, which an input method would send
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ㅏ', code: 'KeyK', bubbles: true}))"
    )
    assert await page.locator("tr.row.here").count() == 1


async def receive_by_keys(page: Page, storefront: Shop, assert_accessible: AssertAccessible) -> None:
    """An unknown parcel, and then one that is fine: `g r`, a scan, and one press. Its refund is then to pay: `g m`."""
    claim_id = storefront.claim(order_id := storefront.order(is_delivered=True))
    storefront.call("POST", f"/v1/claims/{claim_id}/approve", {})
    async with page.expect_navigation():
        await page.keyboard.press("g")
        await page.keyboard.press("r")
    for code in ("0000-1111", order_id):
        assert await page.evaluate("document.activeElement.id") == "code"
        await page.keyboard.insert_text(code)
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await assert_accessible(page)
    async with page.expect_navigation():
        await page.keyboard.press("a")
    assert await page.evaluate("document.activeElement.id") == "code"
    assert storefront.call("GET", f"/v1/claims/{claim_id}")["state"] == "accepted"
    await page.keyboard.press("Escape")  # out of the field
    async with page.expect_navigation():
        await page.keyboard.press("g")
        await page.keyboard.press("m")
    await assert_accessible(page)
    await press(page, "tr.row a.open")
    await assert_accessible(page)


async def fill_a_reply_by_its_number(page: Page, assert_accessible: AssertAccessible) -> None:
    async with page.expect_navigation():
        await page.keyboard.press("Numpad3")
    await expect(page.locator("#text")).to_be_focused()
    await expect(page.locator("#text")).not_to_have_value("")
    await assert_accessible(page)
    await page.keyboard.press("Escape")


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_clerk_can_read_and_use_every_page_by_keys(
    invited: Enter, storefront: Shop, assert_accessible: AssertAccessible, width: int
) -> None:
    claims = [storefront.claim(storefront.order(is_delivered=True)) for _ in range(2)]
    page = await invited(width, LANGUAGES[width], script=True)
    await assert_accessible(page)
    await enter(page)
    await assert_accessible(page)
    await choose_by_keys(page)
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    assert await page.evaluate("document.activeElement.id") == "q"
    await page.keyboard.press("Escape")
    await press(page, 'button[name="do"][value="hold"]')
    await assert_accessible(page)
    await page.goto(f"/desk/claims/{claims[0]}/decide/make_offer")
    await assert_accessible(page)
    await page.goto(f"/desk/claims/{claims[0]}")
    await assert_accessible(page)
    await fill_a_reply_by_its_number(page, assert_accessible)
    async with page.expect_navigation():
        await page.keyboard.press("h")
    await assert_accessible(page)
    for _ in range(2):  # look, and then press
        async with page.expect_navigation():
            await page.keyboard.press("a")
        await assert_accessible(page)
    assert storefront.call("GET", f"/v1/claims/{claims[0]}")["hold"]["reason"] == "seller_check"
    async with page.expect_navigation():
        await page.keyboard.press("g")
        await page.keyboard.press("a")
    await assert_accessible(page)
    await receive_by_keys(page, storefront, assert_accessible)
    await press(page, ".who form button")
    await assert_accessible(page)
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(overflow)


async def test_a_clerk_without_script_holds_a_claim_and_reads_before_what_the_buyer_will_read(
    invited: Enter, storefront: Shop
) -> None:
    claim_id = storefront.claim(storefront.order(is_delivered=True))
    page = await invited(WIDTHS[1], "ko", script=False)
    await enter(page)
    await page.goto(f"/desk/claims/{claim_id}")
    await press(page, f'a[href="/desk/claims/{claim_id}/decide/hold"]')
    await press(page)
    await expect(page.locator("#preview")).to_contain_text("보류")
    await press(page, 'button[value="confirm"]')
    await expect(page.locator("#said")).to_contain_text("처리했습니다.")
