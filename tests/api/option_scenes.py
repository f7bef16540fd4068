"""Scenes of changes of option: each has a change that takes the request."""

from tests.api.refund_scenes import Scene
from tests.api.walks import Body
from tests.storefront import Storefront


def answer_option_change(decision: str, body: Body) -> Scene:
    """A change of option that waits for an answer."""

    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id)
        path = f"/v1/orders/{order_id}/option-changes"
        change = (await shop.post(path, BLUE)).json()
        return f"{path}/{change['change_id']}/{decision}", body

    return scene


async def pay_for_option(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path, body = await answer_option_change("confirm-payment", DIFFERENCE)(shop, order_id)
    accepted = await shop.post(f"{path.removesuffix('confirm-payment')}accept")
    assert accepted.status_code == 200
    return path, body


BLUE: Body = {"line_id": "1", "quantity": 1, "sku": "MUG-BLUE", "unit_price": 14000}
DIFFERENCE: Body = {"payment_id": "pay-2", "method": "card", "amount": 2000}
