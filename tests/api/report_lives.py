"""Random lives of a shop over HTTP, and its reports."""

import random
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from app.service.deadlines import fire_due
from app.service.reports.counts import count_changes
from app.store.database import Database
from tests.api.walks import PAY, WAIT, WALKS, Step
from tests.storefront import ORDER, Storefront

SKUS = ("MUG-WHITE", "MUG-BLACK", "=CUP")
BUYERS = ("b-1", "b-2", None)
NOTES = {"message": "그대로 쓰시면 어떨까요?"}
OFFERS = ({"alternative": "store_credit", "amount": 9000}, {"alternative": "partial_refund", "amount": 4000})

Json = dict[str, Any]


async def count_all(database: Database, shop: Storefront) -> None:
    while await count_changes(database, shop.clock(), limit=7):
        pass


async def live(shop: Storefront, database: Database, seed: int, *, claims: int) -> None:
    """Claims go their ways at the same time. Requests that the service refuses change nothing."""
    rng = random.Random(seed)
    waiting: list[tuple[str, list[Step]]] = []
    for number in range(claims):
        waiting.append(await _begin(shop, rng, number))
        for _ in range(rng.randint(0, 5)):
            await _go_on(shop, rng, waiting)
        if rng.random() < 0.3:
            await fire_due(database, shop.clock())
        if rng.random() < 0.3:
            await count_changes(database, shop.clock(), limit=rng.randint(1, 20))
    for _ in range(4 * claims):
        await _go_on(shop, rng, waiting)
    await fire_due(database, shop.clock())


async def _begin(shop: Storefront, rng: random.Random, number: int) -> tuple[str, list[Step]]:
    walk = rng.choice(list(WALKS.values()))
    order_id, sku = f"order-{number}", rng.choice(SKUS)
    order = {"buyer_id": rng.choice(BUYERS), "paid_at": shop.clock().isoformat(), **walk.order}
    order["lines"] = [{**line, "sku": sku} for line in order.get("lines", ORDER["lines"])]
    await shop.push_order(order_id, **order)
    if walk.kind != "cancel":
        await shop.ship(order_id)
    request = {key: value for key, value in walk.request.items() if key != "requested_at"}
    answer = await shop.post("/v1/claims", {**request, "order_id": order_id})
    steps = list(walk.steps)
    if rng.random() < 0.4:
        steps.insert(0, ("offers", {**rng.choice(OFFERS), **NOTES}))
        steps.insert(1, (rng.choice(("accept", "decline")), {}))
    return answer.json().get("claim_id", ""), steps


async def _go_on(shop: Storefront, rng: random.Random, waiting: list[tuple[str, list[Step]]]) -> None:
    shop.clock.turn(minutes=rng.choice((0, 1, 7, 90, 1000, 3000)))
    claim_id, steps = rng.choice(waiting)
    if not claim_id or not steps:
        return
    step, body = steps.pop(0)
    if (step, body) == WAIT:
        return
    if (step, body) == PAY:
        for refund in await shop.refunds_of({"claim_id": claim_id}):
            await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {})
    elif step in ("accept", "decline"):
        offers = (await shop.get(f"/v1/claims/{claim_id}")).json()["offers"]
        if offers:
            await shop.post(f"/v1/claims/{claim_id}/offers/{offers[-1]['offer_id']}/{step}", body)
    else:
        await shop.post(f"/v1/claims/{claim_id}/{step}", body)


async def report(shop: Storefront, name: str, from_on: date, to_on: date, **more: str) -> Json:
    days = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat(), **more}
    answer = await shop.get(f"/v1/reports/{name}", **days)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def keyed(rows: Iterable[Json], key: Callable[[Json], Any], value: Callable[[Json], Any]) -> dict[Any, Any]:
    return {key(row): value(row) for row in rows}
