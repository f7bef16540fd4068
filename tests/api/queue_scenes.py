"""Scenes of the seller's work on claims: each has a claim that takes the request."""

from collections.abc import Mapping

from tests.api.refund_scenes import Scene
from tests.api.walks import Body
from tests.storefront import Storefront


async def decide_claims(shop: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/claims/bulk", {"command": "approve", "claim_ids": [await _claim(shop, order_id)]}


async def command_orders(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    return "/v1/orders/bulk", {"command": "confirm", "order_ids": [order_id]}


async def update_claim_work(shop: Storefront, order_id: str) -> tuple[str, Body]:
    return f"/v1/claims/{await _claim(shop, order_id)}/work", {"tags": ["vip"], "seen": True}


async def _claim(shop: Storefront, order_id: str) -> str:
    await shop.push_order(order_id)
    return str((await shop.claim("cancel", order_id=order_id))["claim_id"])


async def update_claim(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    claim = await shop.claim("cancel", order_id=order_id)
    return f"/v1/claims/{claim['claim_id']}", {"metadata": {"ticket": "CS-118"}}


QUEUE: Mapping[str, Scene] = {
    "POST /v1/claims/bulk": decide_claims,
    "POST /v1/orders/bulk": command_orders,
    "PATCH /v1/claims/{claim_id}/work": update_claim_work,
}
