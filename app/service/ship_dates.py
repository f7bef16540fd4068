"""Expected ship dates: published when they are set or changed, and watched until the goods are shipped."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.engine import mark_of_past, next_warning
from app.engine.model.order import Order
from app.engine.model.vocabulary import DelayReason
from app.records.order import StoredOrder
from app.service.events.publish import publish
from app.service.events.quiet import Quiet
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


def with_delay(before: Order, after: Order, reason: DelayReason | None) -> Order:
    """The changed order, with the reason of its delay if its date moves to a later day."""
    was, day = before.expected_ship_on, after.expected_ship_on
    is_later = was is not None and day is not None and day > was
    return replace(after, delay_reason=reason or DelayReason.OTHER) if is_later else after


async def publish_date(tx: Tx, merchant_id: str, before: date | None, order: Order, now: datetime) -> None:
    """Publish a new or changed date. The same date publishes nothing. A later day is a delay with a reason. A date that
    has passed already makes no messages, and neither does the warning about it."""
    day = order.expected_ship_on
    if day is None or day == before:
        return
    facts = await load_facts(tx, merchant_id, order, now)
    quiet = Quiet.PAST if day < facts.calendar.local_day(now) else None
    if quiet:
        await deadlines.mark_order(tx, merchant_id, order.order_id, mark_of_past(day))
    name = "order.ship_date_set"
    data: dict[str, Any] = {"expected_ship_on": day}
    if before is not None:
        name, data = "order.ship_date_changed", {"previous_on": before, **data}
    if before is not None and day > before:
        name, data = "order.delayed", {"reason": order.delay_reason, "message": None, **data}
    await publish(tx, merchant_id, order, name, now, quiet=quiet, **data)


async def _next_warning_at(tx: Tx, merchant_id: str, order: Order, since: datetime, now: datetime) -> datetime | None:
    """The instant of the next warning about the order's ship date, published or not. None without a warning."""
    facts = await load_facts(tx, merchant_id, order, now)
    warning = next_warning(facts, since=since)
    return warning.at if warning else None
