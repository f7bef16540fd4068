"""Scenes of the data of buyers: erased, and put on legal hold."""

from collections.abc import Mapping

from app.records.api_key import Scope
from tests.api.refund_scenes import Scene
from tests.api.walks import Body
from tests.storefront import Storefront

HOLD: Body = {"reason": "소송 2026가단1234"}


def of_order(path: str, body: Body) -> Scene:
    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id)
        return f"/v1/orders/{order_id}/{path}", body

    return scene


async def lift_hold(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path, body = await of_order("legal-hold", HOLD)(shop, order_id)
    assert (await shop.put(path, body)).status_code == 200
    return path, {}


async def erase_buyer(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id, buyer_id=order_id)
    return f"/v1/buyers/{order_id}/erase", {}


PRIVACY: Mapping[str, Scene] = {
    "POST /v1/orders/{order_id}/erase": of_order("erase", {}),
    "PUT /v1/orders/{order_id}/legal-hold": of_order("legal-hold", HOLD),
    "DELETE /v1/orders/{order_id}/legal-hold": lift_hold,
    "POST /v1/buyers/{buyer_id}/erase": erase_buyer,
}
PRIVACY_SCOPES: Mapping[str, Scope] = {
    **dict.fromkeys(PRIVACY, Scope.PRIVACY_WRITE),
    "GET /v1/orders/{order_id}/privacy": Scope.ORDERS_READ,
    "GET /v1/orders/{order_id}/export": Scope.PRIVACY_WRITE,
    "GET /v1/buyers/{buyer_id}/export": Scope.PRIVACY_WRITE,
}
