"""Scenes of refunds and of accounts for refunds."""

from collections.abc import Awaitable, Callable

from tests.api.walks import Body
from tests.storefront import ORDER, Storefront

Scene = Callable[[Storefront, str], Awaitable[tuple[str, Body]]]
"""From a new order id: the path and the body of a request that the service accepts."""


def report_refund(status: str) -> Scene:
    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id)
        claim = await shop.give(await shop.claim("cancel", order_id=order_id), "approve")
        (refund,) = await shop.refunds_of(claim)
        return f"/v1/refunds/{refund['refund_id']}/{status}", {"amount": 12000, "provider_reference": order_id}

    return scene


async def add_refund_part(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path, _ = await report_refund("parts")(shop, order_id)
    return path, {"amount": 4000, "provider_reference": order_id}


ACCOUNT: Body = {"bank": "088", "number": "110-123-456789", "holder": "김민지"}


def use_refund_account(path: str, body: Body) -> Scene:
    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id, payments=[{**ORDER["payments"][0], "method": "virtual_account"}])
        claim = await shop.give(await shop.claim("cancel", order_id=order_id), "approve")
        return f"/v1/claims/{claim['claim_id']}/refund-account{path}", body

    return scene


async def update_refund(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path, _ = await report_refund("processing")(shop, order_id)
    return path.removesuffix("/processing"), {"metadata": {"ticket": "CS-118"}}
