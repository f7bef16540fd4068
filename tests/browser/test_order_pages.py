"""The pages of an order in a real browser: a buyer walks from the link to the refund, on a phone and at a desk."""

import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser.buyers import Complaints, Shop, new_context, press, press_twice
from tests.browser.chromium import WIDTHS, node_modules
from tests.browser.conftest import AssertAccessible, Served
from tests.files import PDF

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
    await expect(page.locator("tr.sum").first).to_contain_text("21")
    if script:
        news = page.locator("#news")
        await expect(news).to_contain_text("21")
        assert await news.evaluate("each => each.offsetWidth") <= 1
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
    await type_while_the_claim_changes(page, storefront, claim_id)
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


async def test_files_are_named_measured_and_sent_on_the_page(
    enter: Enter, storefront: Shop, assert_accessible: AssertAccessible
) -> None:
    order_id = storefront.order(is_delivered=True)
    claim_id = storefront.claim(order_id)
    page = await enter(order_id, WIDTHS[0], "ko", script=True)
    await page.goto(f"/order/claims/{claim_id}")
    await page.set_input_files("#file", [a_file(number) for number in range(6)])
    assert await page.locator("#chosen li").count() == 6
    assert await page.locator("#file-problem").inner_text() == "파일은 한 번에 최대 5개까지 보내실 수 있습니다."
    await page.evaluate("() => document.querySelector('#file').dataset.otherBytes = 10")
    await page.set_input_files("#file", [a_file(1)])
    assert "photo-1.pdf 파일이 너무 큽니다." in await page.locator("#file-problem").inner_text()
    await assert_accessible(page)
    await page.locator("#send-files").click()
    assert await page.locator("#file").evaluate("file => file.validity.customError")
    await page.evaluate("() => document.querySelector('#file').dataset.otherBytes = 1000")
    await page.set_input_files("#file", [a_file(1), a_file(2)])
    assert await page.locator("#chosen").inner_text() == "photo-1.pdf · 0.1MB\nphoto-2.pdf · 0.1MB"
    await page.locator("#send-files").click()
    await page.wait_for_selector('#photos a[href^="/files/"] >> nth=1')
    await expect(page.locator("#done")).to_have_text("접수되었습니다.")
    await expect(page.locator("#send-files")).to_be_focused()
    assert page.url.endswith(claim_id)
    await assert_accessible(page)


async def test_the_page_of_a_claim_looks_again_only_while_somebody_sees_it(enter: Enter, storefront: Shop) -> None:
    order_id = storefront.order(is_delivered=True)
    claim_id = storefront.claim(order_id)
    page = await enter(order_id, WIDTHS[0], "ja", script=True)
    await page.clock.install()
    await page.goto(f"/order/claims/{claim_id}")
    looks: list[str] = []
    page.on("request", lambda request: looks.append(request.url))
    await page.evaluate("() => Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    await page.clock.run_for(95_000)
    assert looks == []
    await page.evaluate("() => delete document.hidden")
    async with page.expect_response("**/status?**") as answer:
        await page.clock.run_for(31_000)
    assert (await answer.value).status == 204
    storefront.call("POST", f"/v1/claims/{claim_id}/approve")
    async with page.expect_response("**/status?**") as answer:
        await page.clock.run_for(31_000)
    assert (await answer.value).status == 200
    await page.wait_for_selector("#status a")
    await expect(page.locator("#status")).to_contain_text("承認されました")


async def type_while_the_claim_changes(page: Page, storefront: Shop, claim_id: str) -> None:
    """The new state appears, and what is typed stays."""
    await page.fill("#text", "typed")
    storefront.call("POST", f"/v1/claims/{claim_id}/release")
    await page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    await page.wait_for_selector("#status a")
    assert await page.evaluate("() => [document.activeElement.id, document.activeElement.value]") == ["text", "typed"]


def a_file(number: int) -> FilePayload:
    return {"name": f"photo-{number}.pdf", "mimeType": "application/pdf", "buffer": PDF + bytes(number)}


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
