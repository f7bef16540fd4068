"""One browser and one service in each worker: `open_page` shows an address, and `assert_accessible` checks a page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from playwright.async_api import Browser, Page
from typer.testing import CliRunner

from app.cli import app as command_line
from tests import databases
from tests.browser.chromium import axe_source, chromium, findings
from tests.serving import serving

OpenPage: TypeAlias = Callable[[str, int, str], Awaitable[Page]]
AssertAccessible: TypeAlias = Callable[[Page], Awaitable[None]]


@dataclass(frozen=True)
class Served:
    """The address of a service, its merchant, and the merchant's admin key."""

    url: str
    merchant_id: str
    key: str


PROFILE = {
    "name": "Mug shop",
    "names": {"ko": "머그 가게", "ja": "マグの店"},
    "contact_email": "help@mug.example",
    "phone": "02-555-0142",
    "chat_url": "https://mug.example/chat?room=1",
}


PUBLIC = "http://claims.example"
"""The address in links. Nothing listens there: the tests open the paths of links at the service."""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> str:
    return axe_source(pytestconfig.cache)


@pytest.fixture(scope="session")
def service(browser: Browser, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real service with one shop. It starts only on a machine with a browser."""
    folder = tmp_path_factory.mktemp("browser")
    url = databases.copy_sqlite(home, folder / "recourse.db")
    arguments = ("keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin")
    created = CliRunner().invoke(command_line, arguments, env={"RECOURSE_DATABASE_URL": url})
    with serving(url, folder / "log", public_url=PUBLIC) as served:
        words = created.stdout.split()
        merchant_id, key = words[1], words[-1]
        answer = httpx.put(f"{served.url}/v1/shop", json=PROFILE, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200, answer.text
        yield Served(served.url, merchant_id, key)


@pytest.fixture
async def open_page(browser: Browser, service: Served) -> AsyncIterator[OpenPage]:
    """Opens a path of the service, or a whole address, at a width and in a language of the browser."""
    async with AsyncExitStack() as stack:

        async def opened(path: str, width: int, language: str) -> Page:
            context = await browser.new_context(
                base_url=service.url, viewport={"width": width, "height": 900}, locale=language
            )
            stack.push_async_callback(context.close)
            page = await context.new_page()
            answer = await page.goto(path)
            assert answer is None or answer.ok, path  # a data: address has no answer
            return page

        yield opened


@pytest.fixture
def assert_accessible(axe: str) -> AssertAccessible:
    return partial(_assert_accessible, axe=axe)


async def _assert_accessible(page: Page, *, axe: str) -> None:
    assert await findings(page, axe) == []
