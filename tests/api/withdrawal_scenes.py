"""The scenes of withdrawals: one that is declared, and one that the seller decides."""

from collections.abc import Mapping

from tests.api.refund_scenes import Scene
from tests.api.walks import Body
from tests.storefront import Storefront


async def declare_withdrawal(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/withdrawals", {"order_number": order_id, "name": "김민지", "email": "minji@example.com"}


def decide_withdrawal(decision: str, body: Body) -> Scene:
    """A withdrawal that waits, and an order."""

    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id)
        path, declaration = await declare_withdrawal(shop, order_id)
        withdrawal = (await shop.post(path, declaration)).json()
        named = {name: value.replace("{order_id}", order_id) for name, value in body.items()}
        return f"{path}/{withdrawal['withdrawal_id']}/{decision}", named

    return scene


WITHDRAWALS: Mapping[str, Scene] = {
    "POST /v1/withdrawals": declare_withdrawal,
    "POST /v1/withdrawals/{withdrawal_id}/match": decide_withdrawal("match", {"order_id": "{order_id}"}),
    "POST /v1/withdrawals/{withdrawal_id}/close": decide_withdrawal("close", {"reason": "Not an order of ours."}),
}
