"""Claims in tests over HTTP: the request, the steps, and the reads of a claim."""

from typing import Any

from tests.api.walks import PAY, WAIT, Step, Walk
from tests.storefront import Storefront


async def refusals(shop: Storefront, claim: dict[str, Any], command: str, **body: Any) -> list[str]:
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/{command}", body)
    assert answer.status_code == 409, answer.text
    assert await read(shop, claim) == claim
    return codes(answer.json())


async def begin(shop: Storefront, walk: Walk, order_id: str = "order-1") -> dict[str, Any]:
    """Push the order, ship the order unless the claim is a cancellation, and request the claim. Returns the claim."""
    await shop.push_order(order_id, **walk.order)
    if walk.kind != "cancel":
        await shop.ship(order_id)
    request = {**walk.request, "order_id": order_id}
    if "requested_at" in request:
        shop.clock.turn(days=31)
    return await shop.claim(request.pop("kind"), request.pop("reason"), **request)


async def take(shop: Storefront, claim: dict[str, Any], step: Step) -> dict[str, Any]:
    """Take one step. Returns the changed claim."""
    if step == WAIT:
        shop.clock.turn(days=60)
        return await read(shop, claim)
    if step != PAY:
        return await shop.give(claim, *step)
    await pay(shop, claim)
    return await read(shop, claim)


async def pay(shop: Storefront, claim: dict[str, Any]) -> None:
    for refund in await shop.refunds_of(claim):
        answer = await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {"amount": refund["amount"]})
        assert answer.status_code == 200, answer.text


async def read(shop: Storefront, claim: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.get(f"/v1/claims/{claim['claim_id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def history(shop: Storefront, claim: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await shop.get(f"/v1/claims/{claim['claim_id']}/events")
    return list(answer.json()["data"])


async def order_of(shop: Storefront, claim: dict[str, Any]) -> dict[str, Any]:
    return dict((await shop.get(f"/v1/orders/{claim['order_id']}")).json())


def codes(problem: dict[str, Any]) -> list[str]:
    return [refusal["code"] for refusal in problem["refusals"]]
