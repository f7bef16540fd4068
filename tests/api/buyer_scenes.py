"""The scenes of a seller who ends the access of a buyer."""

from tests.api.walks import Body
from tests.storefront import Storefront


async def revoke_links(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    path = f"/v1/orders/{order_id}/buyer-links"
    assert (await shop.post(path)).status_code == 201
    return path, {}


async def revoke_link(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    path = f"/v1/orders/{order_id}/buyer-links"
    link = (await shop.post(path)).json()
    return f"{path}/{link['access_id']}", {}
