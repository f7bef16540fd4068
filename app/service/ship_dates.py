"""Expected ship dates: told when they are set or changed, and watched until the goods have left."""

from datetime import date, datetime

from app.engine.model.order import Order
from app.engine.ship_dates import next_warning
from app.records.order import StoredOrder
from app.service.events.publish import publish
from app.service.policies import load_facts
from app.store import deadlines, orders
from app.store.database import Tx


async def add(tx: Tx, merchant_id: str, order: Order, now: datetime) -> None:
    """A new order, watched from now on."""
    await orders.add(tx, merchant_id, order, now, wakes_at=await wakes_at(tx, merchant_id, order, now, now))
    await tell_of_date(tx, merchant_id, None, order, now)


async def save(tx: Tx, merchant_id: str, stored: StoredOrder, after: Order, now: datetime) -> None:
    """Write what has changed of an order; where its ship date is to be looked at another time, note when."""
    await orders.save(tx, merchant_id, stored.order, after, now)
    was = await wakes_at(tx, merchant_id, stored.order, stored.created_at, now)
    will = await wakes_at(tx, merchant_id, after, stored.created_at, now)
    if was != will:
        await deadlines.wake_order(tx, merchant_id, after.order_id, will)


async def tell_of_date(tx: Tx, merchant_id: str, before: date | None, order: Order, now: datetime) -> None:
    """That the date was set or changed, if it was."""
    day = order.expected_ship_on
    if day in (None, before):
        return
    if before is None:
        await publish(tx, merchant_id, order, "order.ship_date_set", now, expected_ship_on=day)
    else:
        await publish(tx, merchant_id, order, "order.ship_date_changed", now, previous_on=before, expected_ship_on=day)


async def wakes_at(tx: Tx, merchant_id: str, order: Order, since: datetime, now: datetime) -> datetime | None:
    """When something may have to be said of the order by itself; whether it has been said already is seen then."""
    facts = await load_facts(tx, merchant_id, order, now)
    warning = next_warning(facts, since=since)
    return warning.at if warning else None
