"""Parcels on their way: watched from the report of the shipment until the report of the delivery."""

from datetime import datetime
from typing import Any

from app.engine import Facts, TransitAlert, TransitWarning, next_transit_warning
from app.engine.model.order import Order
from app.messages.carriers import tracking_url
from app.records.shipment import Shipment
from app.service.events.publish import publish, rows_that_fit
from app.service.policies import load_facts
from app.service.ship_dates import arrival_of
from app.store import orders, shipments
from app.store.database import Tx


async def watched_from(tx: Tx, merchant_id: str, order: Order, parcel: Shipment, now: datetime) -> datetime | None:
    """When the worker looks at a parcel that is reported now. None for a parcel whose time had passed when the service
    first heard of it: an alert about it is no news."""
    warning = _next(await load_facts(tx, merchant_id, order, now), parcel)
    return warning.at if warning is not None and warning.at > now else None


async def raise_due_alert(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> TransitWarning | None:
    """Raise the alert about the parcel of the order that has been due for the longest time. None if none is due."""
    stored = await orders.load(tx, merchant_id, order_id)
    parcel = await shipments.due(tx, merchant_id, order_id, now)
    if stored is None or parcel is None:
        return None
    facts = await load_facts(tx, merchant_id, stored.order, now)
    warning = _next(facts, parcel)
    if warning is None or warning.at > now:
        await shipments.wake(tx, merchant_id, order_id, parcel, warning.at if warning else None)
        return None
    following = _next(facts, parcel, warning.alert)
    at = following.at if following else None
    if await shipments.note_alert(tx, merchant_id, order_id, parcel, warning.alert, now, at):
        data = {**parcel_data(parcel), "shipped_at": parcel.shipped_at, **arrival_of(stored.order)}
        await publish(tx, merchant_id, stored.order, f"order.{warning.alert}", now, due_at=warning.at, **data)
    return warning


def _next(facts: Facts, parcel: Shipment, *raised_now: TransitAlert) -> TransitWarning | None:
    if parcel.shipped_at is None or parcel.delivered_at is not None:
        return None
    stored = {alert for alert in TransitAlert if getattr(parcel, f"{alert}_at") is not None}
    line_ids = frozenset(line_id for line_id, _ in parcel.lines)
    return next_transit_warning(facts, parcel.shipped_at, line_ids, frozenset(stored.union(raised_now)))


def parcel_data(parcel: Shipment) -> dict[str, Any]:
    """What each event of a parcel says of it."""
    lines = rows_that_fit({"line_id": line_id, "quantity": quantity} for line_id, quantity in parcel.lines)
    carrier, number = parcel.carrier, parcel.tracking_number
    identity = {"carrier": carrier, "tracking_number": number, "tracking_url": tracking_url(carrier, number)}
    return {**identity, "lines": lines, "lines_left_out": len(parcel.lines) - len(lines)}
