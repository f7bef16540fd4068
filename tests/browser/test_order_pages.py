"""The pages of an order in a real browser: a buyer walks from the link to the refund, on a phone and at a desk."""

import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files

import pytest
from playwright.async_api import Browser, Page

from tests.browser.buyers import Complaints, Shop, new_context, press, press_twice
from tests.browser.chromium import WIDTHS, node_modules
from tests.browser.conftest import AssertAccessible, Served

Enter = Callable[..., Awaitable[Page]]

END = {"ko": "환불이 끝났습니다", "ja": "返金が終わりました", "de": "Erstattet"}


@pytest.fixture
def storefront(service: Served) -> Shop:
    return Shop(service)


@pytest.fixture
async def enter(browser: Browser, service: Served, storefront: Shop) -> AsyncIterator[Enter]:
    """Opens a new link to an order, and presses its button. In the end the browser must not have complained."""
    contexts, complaints = [], Complaints()

    async def entered(order_id: str, width: int, language: str, *, script: bool = False) -> Page:
        contexts.append(await new_context(browser, service, width, language, script=script))
        page = await contexts[-1].new_page()
        complaints.listen(page)
        await page.goto(storefront.link(order_id))
        await press(page)
        return page

    yield entered
    for context in contexts:
        await context.close()
    assert complaints.heard == []


def test_the_scripts_of_others_are_the_files_of_their_packages(pytestconfig: pytest.Config) -> None:
    packages, folder = node_modules(pytestconfig.cache), files("app.buyer.pages") / "scripts"
    for name, row in tomllib.loads((folder / "vendored.toml").read_text("utf-8")).items():
        assert (folder / name).read_bytes() == (packages / row["package"] / row["path"]).read_bytes()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("language", END)
async def test_a_buyer_walks_from_the_link_to_the_refund(
    enter: Enter, storefront: Shop, language: str, *, script: bool
) -> None:
    order_id = storefront.order(is_delivered=True)
    page = await enter(order_id, WIDTHS[0], language, script=script)
    assert await page.locator("html").get_attribute("lang") == language
    await page.locator('a[href^="/order/request?kind=return"]').first.click()
    await page.select_option("#reason", "change_of_mind")
    if not script:
        await press(page)
    assert "21" in await page.locator("tr.sum").first.inner_text()
    if script:
        assert await press_twice(page, "#confirm", "**/order/request?**") == 1
    else:
        await press(page, "#confirm")
    claim_id = page.url.rpartition("/")[2].partition("?")[0]
    storefront.call("POST", f"/v1/claims/{claim_id}/approve")
    await page.goto(f"/order/claims/{claim_id}")
    await page.select_option("#carrier", "hanjin")
    await page.fill("#number", "508812345678")
    await press(page)
    storefront.call("POST", f"/v1/claims/{claim_id}/receive", {"lines": [{"line_id": "1", "quantity": 2}]})
    storefront.call("POST", f"/v1/claims/{claim_id}/inspect", {"lines": [{"line_id": "1", "accepted": 2}]})
    (refund,) = storefront.call("GET", f"/v1/refunds?claim_id={claim_id}")["data"]
    storefront.call("POST", f"/v1/refunds/{refund['refund_id']}/succeeded", {"provider_reference": order_id})
    await page.goto(f"/order/claims/{claim_id}")
    assert await page.locator(".state strong").inner_text() == END[language]


@pytest.mark.parametrize("language", ["ko", "ja", "de"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_everyone_can_read_and_use_every_page(
    enter: Enter, storefront: Shop, service: Served, assert_accessible: AssertAccessible, width: int, language: str
) -> None:
    page = await enter(storefront.order(is_delivered=True), width, language, script=True)
    await page.locator("summary").first.click()
    await assert_accessible(page)
    await page.locator('a[href^="/order/request?kind=return"]').first.click()
    await press(page)
    assert await page.locator('[role="alert"]').count() == 1
    await assert_accessible(page)
    await page.select_option("#reason", "change_of_mind")
    await page.wait_for_selector("#quote")
    await assert_accessible(page)
    await press(page, "#confirm")
    claim_id = page.url.rpartition("/")[2].partition("?")[0]
    await page.locator('a[href$="/edit"]').click()
    await page.select_option("#reason", "")
    await press(page)
    await page.wait_for_selector("#reason-error")
    await assert_accessible(page)
    await page.select_option("#reason", "defective")
    await page.wait_for_selector("#quote")
    await assert_accessible(page)
    await press(page, "#confirm")
    question = {"kind": "question", "text": "사진을 보내 주실 수 있나요?"}
    storefront.call("POST", f"/v1/claims/{claim_id}/contacts", question)
    await page.reload()
    await page.locator("summary").first.click()
    await assert_accessible(page)
    await page.goto("/order/claims/unknown")
    await assert_accessible(page)
    await page.goto("/order")
    await press(page, "footer button")
    await assert_accessible(page)
    await page.goto(storefront.link(storefront.order(is_delivered=False)))
    await assert_accessible(page)


@pytest.mark.parametrize("width", WIDTHS)
async def test_everyone_can_use_the_page_without_a_link(
    enter: Enter, storefront: Shop, service: Served, assert_accessible: AssertAccessible, width: int
) -> None:
    page = await enter(storefront.order(is_delivered=True), width, "ko", script=True)
    await page.fill("#q", "주차할 수 있나요")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#answers")
    await assert_accessible(page)
    await page.goto(f"/shops/{service.merchant_id}/orders")
    await press(page)
    await page.wait_for_selector("#proof-error")
    await assert_accessible(page)


async def test_the_keyboard_alone_cancels_an_order(enter: Enter, storefront: Shop) -> None:
    page = await enter(storefront.order(is_delivered=False), WIDTHS[0], "ko", script=True)
    await tab_to(page, 'a[href^="/order/request?kind=cancel"]')
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/order/request?**")
    await tab_to(page, "#reason")
    await page.keyboard.press("ArrowDown")
    await page.wait_for_selector("#quote")
    assert await page.evaluate("() => document.activeElement.id") == "reason"
    await tab_to(page, "#confirm")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/order/claims/**")


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, which the page must show."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = await page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"the Tab key does not reach {selector}")
