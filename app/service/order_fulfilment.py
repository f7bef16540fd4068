"""Orders on their way: expected ship and arrival dates, delays, readiness, address changes and chosen delivery dates.

Each change publishes an event in its own transaction. A repeated report changes nothing and publishes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.engine.model.order import Order
from app.engine.model.vocabulary import DelayReason
from app.records.address_change import AddressChange, ChangeStatus
from app.records.order import StoredOrder
from app.service import ship_dates
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.events.publish import publish, rows_that_fit
from app.service.events.quiet import of_instant
from app.service.ids import new_id
from app.service.orders import OrderView, locked, read, refuse_future
from app.service.policies import load_facts
from app.store import address_changes
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Why an order ships later: a code, a message for the buyer, the new expected ship date, and the arrival date if it
    is known."""

    reason: DelayReason
    message: str
    expected_ship_on: date
    expected_arrival_on: date | None = None


async def expect(
    tx: Tx,
    caller: Caller,
    order_id: str,
    day: date,
    now: datetime,
    *,
    arrival: date | None = None,
    reason: DelayReason | None = None,
) -> OrderView:
    """Set or change the expected ship date, and the arrival date with it. A later ship date is a delay. Raises
    InvalidError for a day that has passed, and for an arrival before the shipping."""
    stored = await _unshipped(tx, caller, order_id)
    after = ship_dates.with_delay(stored.order, replace(stored.order, expected_ship_on=day), reason)
    after = ship_dates.with_arrival(stored.order, after, arrival)
    if after != stored.order:
        if day != stored.order.expected_ship_on:
            await _refuse_past(tx, caller, stored.order, now, day, "expected_ship_on")
        if arrival is not None:
            await _refuse_past(tx, caller, stored.order, now, arrival, "expected_arrival_on")
        await ship_dates.save(tx, caller.merchant_id, stored, after, now)
        await ship_dates.publish_dates(tx, caller.merchant_id, stored.order, after, now)
    return await read(tx, caller, order_id)


async def expect_arrival(tx: Tx, caller: Caller, order_id: str, day: date, now: datetime) -> OrderView:
    """Set or change the expected arrival date, also after the shipping. Raises ConflictError if everything has arrived,
    and InvalidError for a day that has passed or that is before the shipping."""
    stored = await locked(tx, caller, order_id)
    if not stored.order.is_awaited:
        raise ConflictError("nothing_to_deliver")
    if stored.order.expected_arrival_on != day:
        await _refuse_past(tx, caller, stored.order, now, day, "expected_arrival_on")
        after = ship_dates.with_arrival(stored.order, stored.order, day)
        await ship_dates.save(tx, caller.merchant_id, stored, after, now)
        await ship_dates.publish_dates(tx, caller.merchant_id, stored.order, after, now)
    return await read(tx, caller, order_id)


async def delay(tx: Tx, caller: Caller, order_id: str, delay: Delay, now: datetime) -> OrderView:
    """Set a later ship date with a reason for the buyer. Raises InvalidError for a day that is not later."""
    stored = await _unshipped(tx, caller, order_id)
    before, day = stored.order.expected_ship_on, delay.expected_ship_on
    await _refuse_past(tx, caller, stored.order, now, day, "expected_ship_on")
    if before is not None and day <= before:
        raise InvalidError("not_a_delay", expected_ship_on=str(before), field="expected_ship_on")
    after = replace(stored.order, expected_ship_on=day, delay_reason=delay.reason)
    after = ship_dates.with_arrival(stored.order, after, delay.expected_arrival_on)
    await ship_dates.save(tx, caller.merchant_id, stored, after, now)
    data: dict[str, Any] = {
        "reason": delay.reason,
        "message": delay.message,
        "previous_on": before,
        "expected_ship_on": day,
        **ship_dates.arrival_of(after),
        **ship_dates.previous_arrival_of(stored.order),
    }
    await publish(tx, caller.merchant_id, after, "order.delayed", now, **data)
    await ship_dates.warn_of_wanted_day(tx, caller.merchant_id, stored.order, after, now)
    return await read(tx, caller, order_id)


async def ready(tx: Tx, caller: Caller, order_id: str, ready_at: datetime, now: datetime) -> OrderView:
    """Record that the parcel waits for its carrier. The first report counts."""
    refuse_future(now, ready_at=ready_at)
    stored = await _unshipped(tx, caller, order_id)
    if stored.order.ready_to_ship_at is None:
        after = replace(stored.order, ready_to_ship_at=ready_at)
        await ship_dates.save(tx, caller.merchant_id, stored, after, now)
        quiet = of_instant(ready_at, now)
        data = {"ready_to_ship_at": ready_at, **ship_dates.arrival_of(after)}
        await publish(tx, caller.merchant_id, after, "order.ready_to_ship", now, quiet=quiet, **data)
    return await read(tx, caller, order_id)


async def deliver_on(
    tx: Tx, caller: Caller, order_id: str, days: Mapping[str, date], now: datetime
) -> OrderView:  # fmt: skip
    """Set the days on which the buyer wants lines to arrive. Raises InvalidError and ConflictError with the line."""
    stored = await locked(tx, caller, order_id)
    for line_id, day in days.items():
        line = stored.order.line(line_id)
        if line is None:
            raise InvalidError("unknown_line", line_ids=(line_id,), field="lines")
        if line.unshipped <= 0:
            raise ConflictError("already_shipped", line_id=line_id, field="lines")
        await _refuse_past(tx, caller, stored.order, now, day, "lines")
    lines = tuple(replace(line, deliver_on=days.get(line.line_id, line.deliver_on)) for line in stored.order.lines)
    chosen = [
        {"line_id": after.line_id, "previous_on": before.deliver_on, "deliver_on": after.deliver_on}
        for before, after in zip(stored.order.lines, lines, strict=True)
        if before.deliver_on != after.deliver_on
    ]
    if chosen:
        after = replace(stored.order, lines=lines)
        await ship_dates.save(tx, caller.merchant_id, stored, after, now)
        lines_shown = rows_that_fit(chosen)
        data: dict[str, Any] = {"lines": lines_shown, "lines_left_out": len(chosen) - len(lines_shown)}
        await publish(tx, caller.merchant_id, after, "order.delivery_date_chosen", now, **data)
        await ship_dates.warn_of_wanted_day(tx, caller.merchant_id, stored.order, after, now)
    return await read(tx, caller, order_id)


async def change_address(tx: Tx, caller: Caller, order_id: str, address: str, now: datetime) -> AddressChange:
    """Request another delivery address. `address` is JSON text. Raises ConflictError while a change is open, and after
    any shipment: the change could never be accepted."""
    stored = await locked(tx, caller, order_id)
    if any(line.shipped for line in stored.order.lines):
        raise ConflictError("already_shipped")
    open_change = await address_changes.open_one(tx, caller.merchant_id, order_id)
    if open_change is not None:
        raise ConflictError("address_change_open", change_id=open_change.change_id)
    change = AddressChange(
        order_id=order_id,
        change_id=new_id(now),
        status=ChangeStatus.REQUESTED,
        address=address,
        requested_at=now,
    )
    await address_changes.add(tx, caller.merchant_id, change)
    await _publish_change(tx, caller, stored.order, change, now)
    return change


async def accept_address(tx: Tx, caller: Caller, order_id: str, change_id: str, now: datetime) -> AddressChange:
    """Accept a change. Raises ConflictError `already_shipped` after any shipment: parcels are not redirected."""
    order = (await locked(tx, caller, order_id)).order
    change = await _change(tx, caller, order_id, change_id)
    if change.status is ChangeStatus.ACCEPTED:
        return change
    _refuse_decided(change)
    if any(line.shipped for line in order.lines):
        raise ConflictError("already_shipped")
    return await _decide(tx, caller, order, replace(change, status=ChangeStatus.ACCEPTED, decided_at=now))


async def refuse_address(
    tx: Tx, caller: Caller, order_id: str, change_id: str, reason: str, now: datetime
) -> AddressChange:
    """Refuse a change with a reason for the buyer, and delete the address."""
    order = (await locked(tx, caller, order_id)).order
    change = await _change(tx, caller, order_id, change_id)
    if change.status is ChangeStatus.REFUSED and change.reason == reason:
        return change
    _refuse_decided(change)
    refused = replace(change, status=ChangeStatus.REFUSED, reason=reason, address=None, decided_at=now)
    return await _decide(tx, caller, order, refused)


async def addresses(tx: Tx, caller: Caller, order_id: str) -> list[AddressChange]:
    """The newest change comes first."""
    changes = await address_changes.of_order(tx, caller.merchant_id, order_id)
    if not changes:
        await read(tx, caller, order_id)
    return changes


async def _decide(tx: Tx, caller: Caller, order: Order, change: AddressChange) -> AddressChange:
    await address_changes.decide(tx, caller.merchant_id, change)
    await _publish_change(tx, caller, order, change, change.decided_at or change.requested_at)
    return change


async def _publish_change(tx: Tx, caller: Caller, order: Order, change: AddressChange, now: datetime) -> None:
    """Publish the status of a change, without the address: events are stored forever and go to many consumers."""
    reason: dict[str, Any] = {"reason": change.reason} if change.reason is not None else {}
    name = f"order.address_change_{change.status}"
    await publish(tx, caller.merchant_id, order, name, now, change_id=change.change_id, **reason)


async def _change(tx: Tx, caller: Caller, order_id: str, change_id: str) -> AddressChange:
    change = await address_changes.load(tx, caller.merchant_id, order_id, change_id)
    if change is None:
        raise NotFoundError("address_change", change_id)
    return change


def _refuse_decided(change: AddressChange) -> None:
    if change.status is not ChangeStatus.REQUESTED:
        raise ConflictError("address_change_decided", status=change.status)


async def _unshipped(tx: Tx, caller: Caller, order_id: str) -> StoredOrder:
    """The order, locked. Raises ConflictError if all its units are shipped."""
    stored = await locked(tx, caller, order_id)
    if not any(line.unshipped > 0 for line in stored.order.lines):
        raise ConflictError("nothing_to_ship")
    return stored


async def _refuse_past(tx: Tx, caller: Caller, order: Order, now: datetime, day: date, field: str) -> None:
    """Raises InvalidError for a past day of the policy's calendar."""
    facts = await load_facts(tx, caller.merchant_id, order, now)
    if day < facts.calendar.local_day(now):
        raise InvalidError("day_in_past", day=str(day), field=field)
