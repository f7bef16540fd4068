"""A buyer in front of a browser: an order of the shop, a link to it, and the pages behind the link."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from playwright.async_api import Browser, BrowserContext, Page

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

    def link(self, order_id: str) -> str:
        """The path of a new link to the order."""
        link = self.call("POST", f"/v1/orders/{order_id}/buyer-links")
        return f"/c?link={link['token']}"


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
