"""A buyer who talks to the service over HTTP with the token of one order."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import httpx

from tests.storefront import Storefront


@dataclass
class Visit:
    """The token of a session, or of a storefront. Every HTTP method returns the httpx response."""

    http: httpx.AsyncClient
    token: str
    headers: dict[str, str]

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **self.headers}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        if method in ("GET", "DELETE"):
            return await self.http.request(method, path, params=query, headers=headers)
        return await self.http.request(method, path, params=query, headers=headers, json=body or {})

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.call("GET", f"/buyer/v1{path}", **query)

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        return await self.call("POST", f"/buyer/v1{path}", body)

    async def put(self, path: str, body: Any) -> httpx.Response:
        return await self.call("PUT", f"/buyer/v1{path}", body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.call("DELETE", f"/buyer/v1{path}")

    def speaking(self, language: str) -> "Visit":
        return replace(self, headers={"Accept-Language": language})


async def link_to(shop: Storefront, order_id: str = "order-1", **body: Any) -> dict[str, Any]:
    answer = await shop.post(f"/v1/orders/{order_id}/buyer-links", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def open_link(shop: Storefront, link: dict[str, Any]) -> httpx.Response:
    return await shop.http.post("/buyer/v1/sessions", json={"token": link["token"]})


async def visit(shop: Storefront, order_id: str = "order-1") -> Visit:
    """A session that a new link of the order has opened."""
    answer = await open_link(shop, await link_to(shop, order_id))
    assert answer.status_code == 201, answer.text
    return Visit(shop.http, answer.json()["token"], {})


async def signed_in(shop: Storefront, order_id: str = "order-1", **body: Any) -> Visit:
    """The browser of a buyer who has signed in at the storefront."""
    answer = await shop.post(f"/v1/orders/{order_id}/buyer-tokens", body)
    assert answer.status_code == 201, answer.text
    return Visit(shop.http, answer.json()["token"], {})
