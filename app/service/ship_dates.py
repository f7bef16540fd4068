"""Expected ship dates: published when they are set or changed, and watched until the goods are shipped."""

from datetime import date, datetime

from app.engine import next_warning
from app.engine.model.order import Order
from app.records.order import StoredOrder
from app.service.events.publish import publish
from app.service.policies import load_facts
from app.store import deadlines, orders
from app.store.database import Tx


async def add(tx: Tx, merchant_id: str, order: Order, now: datetime) -> None:
    """Store a new order, and watch its ship date from now on."""
    await orders.add(tx, merchant_id, order, now, wakes_at=await _next_warning_at(tx, merchant_id, order, now, now))
    await publish_date(tx, merchant_id, None, order, now)


async def save(tx: Tx, merchant_id: str, stored: StoredOrder, after: Order, now: datetime) -> None:
    """Store the changes of an order, and the instant of the next warning where that has changed."""
    await orders.save(tx, merchant_id, stored.order, after, now)
    earlier = await _next_warning_at(tx, merchant_id, stored.order, stored.created_at, now)
    later = await _next_warning_at(tx, merchant_id, after, stored.created_at, now)
    if earlier != later:
        await deadlines.wake_order(tx, merchant_id, after.order_id, later)


async def publish_date(tx: Tx, merchant_id: str, before: date | None, order: Order, now: datetime) -> None:
    """Publish a new or changed date. The same date publishes nothing."""
    day = order.expected_ship_on
    if day in (None, before):
        return
    if before is None:
        await publish(tx, merchant_id, order, "order.ship_date_set", now, expected_ship_on=day)
    else:
        await publish(tx, merchant_id, order, "order.ship_date_changed", now, previous_on=before, expected_ship_on=day)


async def _next_warning_at(tx: Tx, merchant_id: str, order: Order, since: datetime, now: datetime) -> datetime | None:
    """The instant of the next warning about the order's ship date, published or not. None without a warning."""
    facts = await load_facts(tx, merchant_id, order, now)
    warning = next_warning(facts, since=since)
    return warning.at if warning else None
