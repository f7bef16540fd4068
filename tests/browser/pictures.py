"""`python -m tests.browser.pictures`: take the pictures of the pages in docs/pictures again, with a real service."""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.buyers import Shop, new_context, press
from tests.browser.chromium import WIDTHS, chromium
from tests.browser.conftest import PROFILE, Served
from tests.browser.test_morning import sign_in
from tests.pages import DOCS
from tests.serving import Service, free_port, serving

_PICTURES = DOCS / "pictures"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/recourse.db"
        _recourse(url, "migrate")
        words = _recourse(url, "keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin").split()
        with serving(url, Path(folder) / "log") as service:
            asyncio.run(_take(Shop(Served(service.url, words[1], words[-1]))))
        demo_url, address = f"sqlite+aiosqlite:///{folder}/demo.db", f"http://127.0.0.1:{free_port()}"
        demo = Service(demo_url, Path(folder) / "demo.log", {}, address, command="demo")
        demo.start()
        try:
            asyncio.run(_take_desk(demo))
        finally:
            demo.stop()


async def _take(shop: Shop) -> None:
    shop.call("PUT", "/v1/shop", PROFILE)
    async with chromium() as browser:
        context = await new_context(browser, shop.served, WIDTHS[0], "ko", script=False)
        page = await context.new_page()
        await page.goto(shop.link(shop.order(is_delivered=True)))
        await press(page)
        await page.screenshot(path=_PICTURES / "order.png")
        await page.locator('a[href^="/order/request?kind=return"]').first.click()
        await page.select_option("#reason", "change_of_mind")
        await press(page)
        await page.locator("#quote").scroll_into_view_if_needed()
        await page.screenshot(path=_PICTURES / "request.png")


async def _take_desk(demo: Service) -> None:
    async with chromium() as browser:
        page = await (await browser.new_context(locale="ko", viewport={"width": 1280, "height": 860})).new_page()
        await sign_in(page, demo)
        await page.screenshot(path=_PICTURES / "queue.png")
        await page.locator("tr.row a.open").first.click()
        await page.locator(".suggested").wait_for()
        await page.screenshot(path=_PICTURES / "claim.png")


def _recourse(database_url: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "app", *arguments]
    environment = {**os.environ, "RECOURSE_DATABASE_URL": database_url}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
