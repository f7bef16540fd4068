"""The public page of a policy in a real browser: for everyone, on a phone, at a desk, on paper and in a frame."""

import pytest
from playwright.async_api import Page

from app.messages.translations import LANGUAGES
from tests.browser.chromium import WIDTHS, findings
from tests.browser.conftest import AssertAccessible, OpenPage, Served

FOCUSED = """() => {
  const {href, tagName} = document.activeElement;
  const {outlineStyle} = getComputedStyle(document.activeElement);
  return {seen: href ?? tagName, outlined: outlineStyle !== 'none'};
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
async def test_everyone_can_read_the_page(
    open_page: OpenPage, service: Served, assert_accessible: AssertAccessible, width: int, language: str
) -> None:
    page = await open_page(f"{address(service)}?language={language}", width, language)
    assert await page.locator("html").get_attribute("lang") == language
    await assert_accessible(page)


async def test_the_keyboard_reaches_every_link_of_the_page(open_page: OpenPage, service: Served) -> None:
    page = await open_page(address(service), WIDTHS[0], "ko")
    assert set(await tabbed(page)) == {"SUMMARY", "https://mug.example/chat?room=1", "mailto:help@mug.example"}


async def test_the_keyboard_unfolds_the_exceptions_for_other_goods(open_page: OpenPage, service: Served) -> None:
    page = await open_page(address(service), WIDTHS[0], "ko")
    folded = page.get_by_text("디지털 콘텐츠 제공이 시작된 경우").last
    assert not await folded.is_visible()
    await page.locator("summary").focus()
    await page.keyboard.press("Enter")
    assert await folded.is_visible()


async def tabbed(page: Page) -> list[str]:
    """The links and the fold that the Tab key reaches from the beginning of the page. Each is outlined."""
    reached = []
    for _ in range(await page.locator("a, summary").count()):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(FOCUSED)
        assert focused["outlined"], focused
        reached.append(focused["seen"])
    return reached


async def test_the_page_prints_all_that_it_shows_and_folds(open_page: OpenPage, service: Served) -> None:
    page = await open_page(address(service), WIDTHS[1], "ko")
    shown = (await page.locator("main").inner_text()).splitlines()
    folded = await page.locator("details li").all_text_contents()
    fold = await page.locator("summary").inner_text()
    await page.emulate_media(media="print")
    printed = await page.locator("main").inner_text()
    assert [line for line in [*shown, *folded] if line not in printed] == [fold]
    assert await page.locator("details li").first.is_visible()
    assert (await page.pdf(format="A4")).startswith(b"%PDF-")


async def test_another_site_shows_the_page_in_a_frame(open_page: OpenPage, service: Served) -> None:
    page = await open_page("about:blank", WIDTHS[1], "ko")
    await page.context.grant_permissions(["local-network-access"])  # Chromium asks before a site shows a local address
    another_site = service.url.replace("127.0.0.1", "localhost")
    frame = f'<iframe src="{service.url}{address(service)}"></iframe>'
    await page.route(f"{another_site}/", lambda route: route.fulfill(body=frame, content_type="text/html"))
    await page.goto(f"{another_site}/")
    assert await page.frame_locator("iframe").locator("h1").inner_text() == "머그 가게 취소·반품·교환·환불 안내"


async def test_a_page_with_faults_does_not_pass(open_page: OpenPage, axe: str) -> None:
    page = await open_page("data:text/html,<img src=x><p style='width:900px;color:%23bbb'>faint", WIDTHS[0], "en")
    found = "\n".join(await findings(page, axe))
    for fault in ("image-alt: img", "color-contrast: p", "html-has-lang: html", "too wide: <p"):
        assert fault in found


def address(service: Served, policy: str = "storefront_kr") -> str:
    return f"/shops/{service.merchant_id}/policies/{policy}"
