"""Deadlines in tests over HTTP: what a worker does at an instant."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.service.deadlines import fire_due
from app.store.database import Database
from tests.api.claims import history
from tests.storefront import Storefront

Body = dict[str, Any]
SHIPS_TOMORROW = {"expected_ship_on": "2026-06-09"}


async def tick(shop: Storefront, database: Database) -> int:
    """Fire every deadline that is due, as a worker does. Returns the number of fired deadlines."""
    fired = 0
    for _ in range(20):
        count = await fire_due(database, shop.clock())
        if not count:
            return fired
        fired += count
    raise AssertionError("deadlines fire without end")


async def fire_at(shop: Storefront, database: Database, instant: str | datetime) -> int:
    shop.clock.instant = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return await tick(shop, database)


async def just_before_and_at(shop: Storefront, database: Database, instant: str) -> tuple[int, int]:
    """The number of deadlines that fire one microsecond before an instant, and the number that fire at the instant.
    What was due a minute before has fired."""
    moment = datetime.fromisoformat(instant)
    await fire_at(shop, database, moment - timedelta(minutes=1))
    return await fire_at(shop, database, moment - timedelta(microseconds=1)), await fire_at(shop, database, moment)


async def wake_all(database: Database) -> None:
    """Make every claim, refund and order wake now, due or not due."""
    async with database.engine.begin() as connection:
        for table in ("claims", "refunds", "orders"):
            await connection.execute(text(f"UPDATE {table} SET wakes_at = created_at"))


async def buy(shop: Storefront, order_id: str = "order-1", **changes: Any) -> Body:
    """An order that ships far in the future, so that its ship date publishes no event."""
    return await shop.push_order(order_id, **{"expected_ship_on": "2027-01-29", **changes})


async def steps(shop: Storefront, claim: Body) -> list[str]:
    return [event["type"].removeprefix("claim.") for event in await history(shop, claim)]


async def publish(shop: Storefront, base: str = "kr", **terms: Any) -> None:
    answer = await shop.post("/v1/policies", {"base": base, "policy_id": "house", "terms": terms})
    assert answer.status_code == 201, answer.text


async def owe_refund(shop: Storefront) -> tuple[Body, Body]:
    await buy(shop)
    claim = await shop.give(await shop.claim("cancel"), "approve")
    (refund,) = await shop.refunds_of(claim)
    return claim, refund
