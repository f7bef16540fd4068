"""A buyer in front of a browser: an order of the shop, a link to it, and the pages behind the link."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from tests.browser.conftest import Served


@dataclass
class Shop:
    """A storefront that pushes orders and decides claims over HTTP, with the admin key of the merchant."""

    served: Served

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.served.key}"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        answer = httpx.request(method, f"{self.served.url}{path}", json=body or {}, headers=headers)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def order(self, *, is_delivered: bool) -> str:
        """A paid order of two mugs and a shirt: today's, or one that arrived yesterday. Returns its id."""
        order_id = f"2026-{uuid4().hex[:8]}"
        now = datetime.now(UTC)
        paid_at = now - timedelta(days=3 if is_delivered else 0, minutes=1)
        lines = [
            {"line_id": "1", "sku": "MUG", "title": "머그컵 화이트", "quantity": 2, "unit_price": 12_000},
            {"line_id": "2", "sku": "SHIRT-M", "title": "리넨 셔츠 M", "quantity": 1, "unit_price": 39_000},
        ]
        payments = [{"payment_id": "pay-1", "method": "card", "amount": 66_000}]
        body = {"country": "KR", "currency": "KRW", "paid_at": paid_at.isoformat(), "shipping_charged": 3_000}
        self.call("PUT", f"/v1/orders/{order_id}", {**body, "lines": lines, "payments": payments})
        if is_delivered:
            parcel = {"carrier": "cj", "tracking_number": f"T{order_id}"}
            shipped = {**parcel, "shipped_at": (now - timedelta(days=2)).isoformat()}
            self.call("POST", f"/v1/orders/{order_id}/shipments", shipped)
            delivered = {**parcel, "delivered_at": (now - timedelta(days=1)).isoformat()}
            self.call("POST", f"/v1/orders/{order_id}/deliveries", delivered)
        return order_id

    def claim(self, order_id: str) -> str:
        """A request to return one mug, for which the shop has not decided. Returns its id."""
        lines = [{"line_id": "1", "quantity": 1}]
        asked = {"order_id": order_id, "kind": "return", "reason": "change_of_mind", "lines": lines}
        return str(self.call("POST", "/v1/claims", asked)["claim_id"])

    def link(self, order_id: str) -> str:
        """The path of a new link to the order."""
        link = self.call("POST", f"/v1/orders/{order_id}/buyer-links")
        return f"/c?link={link['token']}"


@dataclass
class Complaints:
    """What a browser says of its pages: errors of scripts, and what a Content-Security-Policy forbids."""

    heard: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, line: ConsoleMessage) -> None:
        """An answer such as 404 or 422 is no complaint."""
        if line.type in ("error", "warning") and not line.text.startswith("Failed to load resource"):
            self.heard.append(line.text)


async def new_context(browser: Browser, served: Served, width: int, language: str, *, script: bool) -> BrowserContext:
    return await browser.new_context(
        base_url=served.url,
        viewport={"width": width, "height": 900},
        locale=language,
        java_script_enabled=script,
    )


async def press(page: Page, button: str = "main button:not(.quiet)") -> None:
    """Press the first such button, and wait for the page that it leads to. The default is the main button."""
    async with page.expect_navigation():
        await page.locator(button).first.click()


_PRESS_TWICE = """button => {
  button.click();
  setTimeout(() => { button.click(); console.debug('pressed again'); }, 200);
}"""


async def press_twice(page: Page, button: str, address: str) -> int:
    """Press a button again before its request is answered, and wait for the page behind it. Returns how many requests
    for the address there were."""
    requests, is_pressed_again = [], asyncio.Event()

    async def hold(route: Route) -> None:
        requests.append(route.request)
        await is_pressed_again.wait()
        await route.continue_()

    page.on("console", lambda line: is_pressed_again.set() if line.text == "pressed again" else None)
    await page.route(address, hold)
    async with page.expect_navigation():
        await page.locator(button).evaluate(_PRESS_TWICE)
    await page.unroute(address)
    return len(requests)
