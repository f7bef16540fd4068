"""A shop that bad input must not change, and a function that sends bad input to the shop."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api.bad_input.webhooks import HOOK
from tests.storefront import Storefront


@pytest.fixture
async def busy_shop(shop: Storefront) -> AsyncIterator[tuple[Storefront, dict[str, str]]]:
    """A shop with an order, an open claim and a pending refund, and the ids for the paths of the tables. Bad input must
    not change the shop."""
    await shop.push_order()
    approved = await shop.give(await shop.claim("cancel"), "approve")
    (refund,) = await shop.refunds_of(approved)
    await shop.push_order("order-3")
    claim = await shop.claim("cancel", order_id="order-3")
    endpoint = (await shop.post("/v1/webhook-endpoints", HOOK)).json()
    key = (await shop.post("/v1/api-keys", {"name": "warehouse", "scopes": ["claims:read"]})).json()
    before = await everything_listed(shop)
    ids = {
        "claim_id": claim["claim_id"],
        "refund_id": refund["refund_id"],
        "delivery_id": "none",
        "key_id": key["key_id"],
    }
    yield shop, {**ids, "endpoint_id": endpoint["endpoint_id"]}
    assert await everything_listed(shop) == before


async def everything_listed(shop: Storefront) -> list[Any]:
    lists = [(await shop.get(path, limit=100)).json() for path in ("/v1/orders", "/v1/claims", "/v1/refunds")]
    return [*lists, *[(await shop.get(path)).json() for path in ("/v1/webhook-endpoints", "/v1/api-keys")]]


def as_json(body: Any) -> bytes:
    """JSON that may hold NaN and halves of surrogate pairs, as some clients send it."""
    return json.dumps(body).encode()


async def send(
    shop: Storefront, method: str, path: str, content: bytes | AsyncIterator[bytes], **headers: str
) -> httpx.Response:
    extra_headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return await shop.http.request(
        method,
        path,
        content=content,
        headers={
            "authorization": f"Bearer {shop.token}",
            "idempotency-key": "k",
            "content-type": "application/json",
            **extra_headers,
        },
    )
