"""Expected ship and arrival dates: published when they are set or changed. Ship dates are watched until the goods are
shipped."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.engine import mark_of_past, misses_wanted_day, next_warning, wanted_day
from app.engine.model.order import Order
from app.engine.model.vocabulary import DelayReason
from app.records.buyer import Buyer
from app.records.order import StoredOrder
from app.service.errors import InvalidError
from app.service.events.publish import publish
from app.service.events.quiet import Quiet
from app.service.policies import load_facts
from app.store import deadlines, orders, shipments
from app.store.database import Tx


async def add(tx: Tx, merchant_id: str, order: Order, buyer: Buyer | None, now: datetime) -> None:
    """Store a new order, and watch its ship date from now on."""
    wakes_at = await _next_warning_at(tx, merchant_id, order, now, now)
    await orders.add(tx, merchant_id, order, now, buyer=buyer, wakes_at=wakes_at)
    await publish_dates(tx, merchant_id, None, order, now)


async def save(tx: Tx, merchant_id: str, stored: StoredOrder, after: Order, now: datetime) -> None:
    """Store the changes of an order, and the instant of the next warning where that has changed."""
    await orders.save(tx, merchant_id, stored.order, after, now)
    earlier = await _next_warning_at(tx, merchant_id, stored.order, stored.created_at, now)
    later = await _next_warning_at(tx, merchant_id, after, stored.created_at, now)
    if earlier != later:
        await deadlines.wake_order(tx, merchant_id, after.order_id, later)
    if after.expected_arrival_on != stored.order.expected_arrival_on:
        await shipments.wake_all(tx, merchant_id, after.order_id, now)


def with_delay(before: Order, after: Order, reason: DelayReason | None) -> Order:
    """The changed order, with the reason of its delay if its date moves to a later day."""
    was, day = before.expected_ship_on, after.expected_ship_on
    is_later = was is not None and day is not None and day > was
    return replace(after, delay_reason=reason or DelayReason.OTHER) if is_later else after


def with_dates(before: Order, after: Order, stated: Order) -> Order:
    """The order after a push, with the delay and the arrival date that the push states."""
    return with_arrival(before, with_delay(before, after, stated.delay_reason), stated.expected_arrival_on)


def with_arrival(before: Order, after: Order, stated: date | None) -> Order:
    """The changed order with its arrival date. A new ship date without an arrival date leaves the arrival unknown: the
    old arrival date was made for the old ship date. Raises InvalidError for an arrival before the shipping."""
    is_same = after.expected_ship_on == before.expected_ship_on
    after = replace(after, expected_arrival_on=stated or (before.expected_arrival_on if is_same else None))
    refuse_arrival_before_shipping(after)
    return after


def refuse_arrival_before_shipping(order: Order) -> None:
    """Once a parcel has left, the expected ship date limits the arrival no more: it may have left earlier."""
    day, arrival = order.expected_ship_on, order.expected_arrival_on
    has_left = any(line.shipped > 0 for line in order.lines)
    if day is not None and arrival is not None and arrival < day and not has_left:
        raise InvalidError("arrival_before_shipping", expected_ship_on=str(day), field="expected_arrival_on")


async def publish_dates(tx: Tx, merchant_id: str, before: Order | None, order: Order, now: datetime) -> None:
    """Publish a new or changed ship date, together with the arrival date. Without another ship date, publish another
    arrival date. Equal dates publish nothing. A later ship date is a delay with a reason. A date that has passed
    already makes no messages, and neither does the warning about it. Warn of a wanted day that the dates miss."""
    await _publish_changed_date(tx, merchant_id, before, order, now)
    await warn_of_wanted_day(tx, merchant_id, before, order, now)


async def _publish_changed_date(tx: Tx, merchant_id: str, before: Order | None, order: Order, now: datetime) -> None:
    was, day = before.expected_ship_on if before else None, order.expected_ship_on
    if day is None or day == was:
        await _publish_arrival(tx, merchant_id, before, order, now)
        return
    quiet = await _quiet_if_past(tx, merchant_id, order, day, now)
    if quiet:
        await deadlines.mark_order(tx, merchant_id, order.order_id, mark_of_past(day))
    name, data = "order.ship_date_set", arrival_of(order) | {"expected_ship_on": day}
    if before is not None and was is not None:
        name, data = "order.ship_date_changed", {"previous_on": was, **data, **previous_arrival_of(before)}
    if was is not None and day > was:
        name, data = "order.delayed", {"reason": order.delay_reason, "message": None, **data}
    await publish(tx, merchant_id, order, name, now, quiet=quiet, **data)


def arrival_of(order: Order) -> dict[str, Any]:
    """What each event about shipping says of the arrival."""
    return {
        "expected_arrival_on": order.expected_arrival_on,
        "wanted_on": wanted_day(order),
        "gift": order.gift,
    }


def previous_arrival_of(order: Order) -> dict[str, Any]:
    return {"previous_arrival_on": order.expected_arrival_on}


async def warn_of_wanted_day(tx: Tx, merchant_id: str, before: Order | None, order: Order, now: datetime) -> None:
    """Warn the seller once that the goods are expected after the day by which the buyer wants them. Another wanted day
    that is missed has a warning of its own."""
    wanted = wanted_day(order)
    is_known = before is not None and misses_wanted_day(before) and wanted_day(before) == wanted
    if wanted is None or is_known or not misses_wanted_day(order):
        return
    quiet = await _quiet_if_past(tx, merchant_id, order, wanted, now)
    data = {**arrival_of(order), "expected_ship_on": order.expected_ship_on}
    await publish(tx, merchant_id, order, "order.wanted_day_missed", now, quiet=quiet, **data)


async def _publish_arrival(tx: Tx, merchant_id: str, before: Order | None, order: Order, now: datetime) -> None:
    """Publish another arrival date, unless everything has arrived."""
    was, day = before.expected_arrival_on if before else None, order.expected_arrival_on
    if day is None or day == was or not order.is_awaited:
        return
    quiet = await _quiet_if_past(tx, merchant_id, order, day, now)
    data = {"previous_on": was, **arrival_of(order)}
    await publish(tx, merchant_id, order, "order.arrival_date_set", now, quiet=quiet, **data)


async def _quiet_if_past(tx: Tx, merchant_id: str, order: Order, day: date, now: datetime) -> Quiet | None:
    facts = await load_facts(tx, merchant_id, order, now)
    return Quiet.PAST if day < facts.calendar.local_day(now) else None


async def _next_warning_at(tx: Tx, merchant_id: str, order: Order, since: datetime, now: datetime) -> datetime | None:
    """The instant of the next warning about the order's ship date, published or not. None without a warning."""
    facts = await load_facts(tx, merchant_id, order, now)
    warning = next_warning(facts, since=since)
    return warning.at if warning else None
