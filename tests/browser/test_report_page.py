"""The reports of the desk in a real browser: on a phone and at a desk, by keys, and without script."""

import csv
import io
import time
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page

from tests.browser.buyers import Complaints, Shop, new_context
from tests.browser.chromium import WIDTHS, findings
from tests.browser.conftest import AssertAccessible, Served
from tests.browser.test_desk_pages import LANGUAGES, enter

DAYS = "from_on=2026-01-01&to_on=2030-12-31"


@pytest.fixture
def storefront(service: Served) -> Shop:
    shop = Shop(service)
    shop.claim(shop.order(is_delivered=True))
    _until_counted(shop)
    return shop


def _until_counted(shop: Shop) -> None:
    for _ in range(100):
        if shop.call("GET", f"/v1/reports/rates?{DAYS}")["rows"]:
            return
        time.sleep(0.1)
    raise AssertionError("the worker of the service has not counted the claim")


async def _signed_in(page: Page, storefront: Shop) -> None:
    body = {"email": f"{uuid4().hex[:8]}@mug.example", "role": "manager", "delivery": "answer"}
    await page.goto(f"/desk/invitation?token={storefront.call('POST', '/v1/staff-invitations', body)['token']}")
    await enter(page)


def _claims_in(path: Path) -> int:
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    return sum(int(row["claims"]) for row in rows)


@pytest.mark.parametrize(("width", "script"), [(WIDTHS[0], False), (WIDTHS[1], True)])
async def test_a_manager_reads_reports_by_keys(
    browser: Browser,
    service: Served,
    storefront: Shop,
    assert_accessible: AssertAccessible,
    *,
    width: int,
    script: bool,
) -> None:
    context, complaints = await new_context(browser, service, width, LANGUAGES[width], script=script), Complaints()
    page = await context.new_page()
    complaints.listen(page)
    await _signed_in(page, storefront)
    await page.goto(f"/desk/reports?{DAYS}")
    assert await page.locator("figure svg").count() > 0
    table = page.locator("section.report details").first
    await table.locator("summary").focus()
    await page.keyboard.press("Enter")
    assert await table.locator("table").is_visible()
    if script:  # axe is a script
        await assert_accessible(page)
    await page.fill("#to_on", "2026-01-02")
    await page.locator("#to_on").focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert "to_on=2026-01-02" in page.url
    assert await page.locator("figure svg").count() == 0
    await page.goto(f"/desk/reports?{DAYS}")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="CSV").first.click()
    assert _claims_in(await (await download.value).path()) >= 1
    await context.close()
    assert complaints.heard == []


async def test_the_page_of_reports_is_accessible_on_a_phone(
    browser: Browser, service: Served, storefront: Shop, axe: str
) -> None:
    """Wide tables scroll in their own frames, so the width of the page is measured instead of that of each part."""
    context = await new_context(browser, service, WIDTHS[0], LANGUAGES[WIDTHS[0]], script=True)
    page = await context.new_page()
    await _signed_in(page, storefront)
    await page.goto(f"/desk/reports?{DAYS}")
    assert [found for found in await findings(page, axe) if not found.startswith("too wide")] == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[0]
    await context.close()
