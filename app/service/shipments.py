"""Parcels of an order: shipped and delivered. A report may be late, repeated or out of order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from app.engine.model.order import Order, OrderLine, without_overtaken
from app.records.option_change import OvertakenReason
from app.records.shipment import Shipment
from app.service import ship_dates
from app.service.callers import Caller
from app.service.claim_followups import carry_on_cancellations, carry_on_exchanges
from app.service.errors import ConflictError, InvalidError
from app.service.events.publish import publish
from app.service.events.quiet import of_instant
from app.service.orders import OrderView, locked, read, refuse_future
from app.service.overtaken_options import end_overtaken
from app.service.transit import parcel_data, watched_from
from app.store import address_changes, orders, shipments
from app.store.database import Tx


async def ship(
    tx: Tx, caller: Caller, order_id: str, parcel: Shipment, now: datetime, *, arrival: date | None = None
) -> OrderView:
    """Record a shipped parcel. Without lines the parcel has all unshipped units. A repeated report changes nothing.

    `arrival` is a new expected arrival date of the order. Open cancellations of its units continue by their policy.
    Raises ConflictError for units that were not ordered or were cancelled: the seller must call these units back.
    """
    refuse_future(now, shipped_at=parcel.shipped_at)
    stored = await locked(tx, caller, order_id)
    order = stored.order
    reported = await shipments.load(tx, caller.merchant_id, order_id, parcel.carrier, parcel.tracking_number)
    if reported is not None and reported.shipped_at is not None:
        if parcel.lines and sorted(parcel.lines) != sorted(reported.lines):
            raise ConflictError("shipment_differs", field="lines")
        return await read(tx, caller, order_id)
    delivered_at = reported.delivered_at if reported else None
    parcel = replace(parcel, lines=parcel.lines or _all_unshipped(order), delivered_at=delivered_at)
    shipped = _shipped(replace(order, expected_arrival_on=arrival or order.expected_arrival_on), parcel)
    if parcel.delivered_at is not None:
        refuse_arrival_before_departure(parcel.shipped_at, parcel.delivered_at, "shipped_at")
        shipped = delivered_with(shipped, parcel, parcel.delivered_at)
    await ship_dates.save(tx, caller.merchant_id, stored, shipped, now)
    write = shipments.add if reported is None else shipments.save
    wakes_at = await watched_from(tx, caller.merchant_id, shipped, parcel, now)
    await write(tx, caller.merchant_id, order_id, parcel, wakes_at=wakes_at)
    await _publish_parcel(tx, caller, shipped, parcel, now)
    await ship_dates.warn_of_wanted_day(tx, caller.merchant_id, order, shipped, now)
    await end_overtaken(tx, caller.merchant_id, order, shipped, OvertakenReason.SHIPMENT, now)
    if not any(line.unshipped > 0 for line in shipped.lines):
        await address_changes.forget_addresses(tx, caller.merchant_id, order_id)
    await carry_on_cancellations(tx, caller.merchant_id, order_id, now)
    return await read(tx, caller, order_id)


async def deliver(tx: Tx, caller: Caller, order_id: str, parcel: Shipment, now: datetime) -> OrderView:
    """Record a delivered parcel. The first report counts.

    A parcel without a shipment report is stored, and counts as delivered when its shipment is reported.
    """
    refuse_future(now, delivered_at=parcel.delivered_at)
    order = (await locked(tx, caller, order_id)).order
    reported = await shipments.load(tx, caller.merchant_id, order_id, parcel.carrier, parcel.tracking_number)
    if reported is None:
        await shipments.add(tx, caller.merchant_id, order_id, parcel)
    elif reported.delivered_at is None and parcel.delivered_at is not None:
        refuse_arrival_before_departure(reported.shipped_at, parcel.delivered_at, "delivered_at")
        arrived = replace(reported, delivered_at=parcel.delivered_at)
        await shipments.save(tx, caller.merchant_id, order_id, arrived)
        delivered = delivered_with(order, reported, parcel.delivered_at)
        await orders.save(tx, caller.merchant_id, order, delivered, now)
        await publish_delivery(tx, caller, delivered, arrived, now)
        await carry_on_exchanges(tx, caller.merchant_id, delivered, now)
    return await read(tx, caller, order_id)


def refuse_arrival_before_departure(shipped_at: datetime | None, delivered_at: datetime, field: str) -> None:
    if shipped_at is not None and delivered_at < shipped_at:
        raise InvalidError("delivered_before_shipped", field=field)


async def _publish_parcel(tx: Tx, caller: Caller, order: Order, parcel: Shipment, now: datetime) -> None:
    """Publish the shipment. Publish the delivery too, if it was reported before."""
    data = {**parcel_data(parcel), "shipped_at": parcel.shipped_at, **ship_dates.arrival_of(order)}
    quiet = of_instant(parcel.shipped_at, now)
    await publish(tx, caller.merchant_id, order, "order.shipped", now, quiet=quiet, **data)
    if parcel.delivered_at is not None:
        await publish_delivery(tx, caller, order, parcel, now)


async def publish_delivery(tx: Tx, caller: Caller, order: Order, parcel: Shipment, now: datetime) -> None:
    data = {**parcel_data(parcel), "delivered_at": parcel.delivered_at}
    quiet = of_instant(parcel.delivered_at, now)
    await publish(tx, caller.merchant_id, order, "order.delivered", now, quiet=quiet, **data)


def _all_unshipped(order: Order) -> tuple[tuple[str, int], ...]:
    unshipped = tuple((line.line_id, line.unshipped) for line in order.lines if line.unshipped > 0)
    if not unshipped:
        raise ConflictError("nothing_to_ship")
    return unshipped


def _shipped(order: Order, parcel: Shipment) -> Order:
    def ship_units(line: OrderLine, quantity: int) -> OrderLine:
        if quantity > line.unshipped:
            raise ConflictError(
                "units_not_shippable",
                line_id=line.line_id,
                quantity=quantity,
                unshipped=line.unshipped,
                ordered=line.quantity,
                cancelled=line.units.cancelled,
                changed=line.units.changed,
                shipped=line.shipped,
                field="lines",
            )
        shipped_at = _later(line.shipped_at, parcel.shipped_at)
        return without_overtaken(replace(line, shipped=line.shipped + quantity, shipped_at=shipped_at))

    return _with_units(order, parcel, ship_units)


def delivered_with(order: Order, parcel: Shipment, at: datetime) -> Order:
    def deliver_units(line: OrderLine, quantity: int) -> OrderLine:
        delivered = min(
            line.shipped, line.delivered + quantity
        )  # the delivery of a replacement may already be confirmed
        return replace(line, delivered=delivered, delivered_at=_later(line.delivered_at, at))

    return _with_units(order, parcel, deliver_units)


def _with_units(order: Order, parcel: Shipment, change: Callable[[OrderLine, int], OrderLine]) -> Order:
    quantities = dict(parcel.lines)
    unknown = quantities.keys() - {line.line_id for line in order.lines}
    if unknown:
        raise InvalidError("unknown_line", line_ids=tuple(sorted(unknown)), field="lines")
    lines = tuple(
        change(line, quantities[line.line_id]) if line.line_id in quantities else line for line in order.lines
    )
    return replace(order, lines=lines)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    instants = [instant for instant in (one, other) if instant is not None]
    return max(instants) if instants else None
