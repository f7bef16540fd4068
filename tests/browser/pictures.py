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
from tests.pages import DOCS
from tests.serving import serving

_PICTURES = DOCS / "pictures"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/recourse.db"
        _recourse(url, "migrate")
        words = _recourse(url, "keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin").split()
        with serving(url, Path(folder) / "log") as service:
            asyncio.run(_take(Shop(Served(service.url, words[1], words[-1]))))


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


def _recourse(database_url: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "app", *arguments]
    environment = {**os.environ, "RECOURSE_DATABASE_URL": database_url}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
