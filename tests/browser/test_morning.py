"""A clerk's morning: every claim of the demo that waits, by keys alone, with a count of the presses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from tests.browser.chromium import WIDTHS
from tests.pages import DOCS
from tests.serving import Service, free_port

MOST_PRESSES = 80
REFUSAL = "주문 제작 상품이라 제작이 시작된 뒤에는 취소가 어렵습니다."
WAITING = "/v1/queue"


@pytest.fixture
def demo(browser: Browser, blank_sqlite_url: str, tmp_path: Path) -> Iterator[Service]:
    """It starts only on a machine with a browser."""
    served = Service(blank_sqlite_url, tmp_path / "log", {}, f"http://127.0.0.1:{free_port()}", command="demo")
    try:
        served.start()
        yield served
    finally:
        served.stop()


def printed(demo: Service) -> dict[str, str]:
    return dict(re.findall(r"^  (desk|mail|password|code|API key) +(\S+)", demo.log.read_text(), re.MULTILINE))


def waiting(demo: Service) -> dict[str, str]:
    """The claims that wait for the shop and were not held, with their suggestions."""
    key = {"Authorization": f"Bearer {printed(demo)['API key']}"}
    listed = httpx.get(f"{demo.url}{WAITING}", params={"limit": 100}, headers=key).raise_for_status().json()["data"]
    return {
        entry["subject_id"]: entry["claim"]["suggestion"]["command"]
        for entry in listed
        if entry["claim"] and entry["claim"]["suggestion"] and not entry["claim"]["held"]
    }


@dataclass
class Clerk:
    page: Page
    presses: int = 0

    async def press(self, key: str) -> None:
        self.presses += 1
        await self.page.keyboard.press(key)

    async def go(self, key: str) -> None:
        """A press that opens another page."""
        async with self.page.expect_navigation():
            await self.press(key)

    async def write(self, field: str, text: str) -> None:
        """From the button back to the field, the words, and out of the field: each is a press."""
        self.presses += 3
        await self.page.focus(field)
        await self.page.keyboard.insert_text(text)
        await self.page.keyboard.press("Escape")


async def sign_in(page: Page, demo: Service) -> None:
    words = printed(demo)
    await page.goto(words["desk"])
    for field, word in (("email", "mail"), ("password", "password"), ("code", "code")):
        await page.fill(f"#{field}", words[word])
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def row_of_keys(page: Page) -> tuple[str, str]:
    """The claim and the suggestion of the row that has the focus."""
    row = page.locator("tr.row.here")
    address = await row.locator("a.open").get_attribute("href") or ""
    return address.rpartition("/")[2], await row.get_attribute("data-suggested") or ""


async def decide_alike(clerk: Clerk) -> None:
    """Approve every row with this suggestion: choose, look at the dry run, confirm, back."""
    await clerk.press("Shift+A")
    for key in ("a", "a", "u"):
        await clerk.go(key)


async def decide_alone(clerk: Clerk, suggested: str) -> None:
    """Open the claim, take the suggestion, fill in, read what the buyer will read, confirm, back."""
    await clerk.go("Enter")
    await clerk.go("a")
    if suggested == "reject":
        await clerk.write("#message", REFUSAL)
    if await clerk.page.locator('button[value="check"][data-key="a"]').count():
        await clerk.go("a")
    if await clerk.page.locator('button[value="confirm"]').count():
        await clerk.go("a")
    await clerk.go("u")


async def test_forty_claims_take_fewer_than_eighty_presses(browser: Browser, demo: Service) -> None:
    context = await browser.new_context(locale="ko", viewport={"width": WIDTHS[1], "height": 1000})
    page = await context.new_page()
    await sign_in(page, demo)
    before = waiting(demo)
    clerk, done = Clerk(page), set[str]()
    while set(waiting(demo)) - done:
        await clerk.press("j")
        claim_id, suggested = await row_of_keys(page)
        if suggested == "approve":
            chosen = await page.locator('tr.row[data-suggested="approve"] a.open').evaluate_all(
                "links => links.map(link => link.getAttribute('href').split('/').pop())"
            )
            done.update(chosen)
            await decide_alike(clerk)
        elif claim_id not in done:
            done.add(claim_id)
            await decide_alone(clerk, suggested)
    await context.close()
    assert len(before) >= 40
    assert set(before) <= done
    after = waiting(demo)
    assert not {claim_id for claim_id in before if after.get(claim_id) == before[claim_id] != "hold"}
    assert clerk.presses < MOST_PRESSES
    assert f"fewer than {MOST_PRESSES} presses" in (DOCS / "desk.md").read_text()
