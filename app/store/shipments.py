"""Parcels of orders, by carrier and tracking number."""

from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update

from app import json_text
from app.records.shipment import Shipment
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import shipments

_KEY = and_(
    shipments.c.merchant_id == bindparam("merchant"),
    shipments.c.order_id == bindparam("order"),
    shipments.c.carrier == bindparam("by"),
    shipments.c.tracking_number == bindparam("number"),
)
_LOAD = Statement(select(shipments).where(_KEY))
_OF_ORDER = Statement(
    select(shipments)
    .where(shipments.c.merchant_id == bindparam("merchant"), shipments.c.order_id == bindparam("order"))
    .order_by(shipments.c.carrier, shipments.c.tracking_number)
)
_INSERT = Statement(insert(shipments))
_UPDATE = Statement(
    update(shipments)
    .where(_KEY)
    .values({name: bindparam(f"new_{name}") for name in ("lines", "shipped_at", "delivered_at", "wakes_at")})
)
_DUE = Statement(
    select(shipments)
    .where(
        shipments.c.merchant_id == bindparam("merchant"),
        shipments.c.order_id == bindparam("order"),
        shipments.c.wakes_at <= bindparam("now"),
    )
    .order_by(shipments.c.wakes_at, shipments.c.carrier, shipments.c.tracking_number)
    .limit(1)
)
_WAKE = Statement(update(shipments).where(_KEY).values(wakes_at=bindparam("new_wakes_at")))
_WAKE_ALL = Statement(
    update(shipments)
    .where(
        shipments.c.merchant_id == bindparam("merchant"),
        shipments.c.order_id == bindparam("order"),
        shipments.c.wakes_at.is_not(None),
    )
    .values(wakes_at=bindparam("now"))
)
_NOTE = {
    alert: Statement(
        update(shipments)
        .where(_KEY, shipments.c[f"{alert}_at"].is_(None))
        .values({f"{alert}_at": bindparam("now"), "wakes_at": bindparam("new_wakes_at")})
        .returning(shipments.c.order_id)
    )
    for alert in ("carrier_silent", "transit_delayed")
}
"""The row keeps that an alert was raised, so that no alert is raised twice."""


async def load(tx: Tx, merchant_id: str, order_id: str, carrier: str, number: str) -> Shipment | None:
    key = {"merchant": merchant_id, "order": order_id, "by": carrier, "number": number}
    row = await tx.first(_LOAD, key)
    return None if row is None else _shipment(row)


async def of_order(tx: Tx, merchant_id: str, order_id: str) -> list[Shipment]:
    rows = await tx.fetch(_OF_ORDER, {"merchant": merchant_id, "order": order_id})
    return [_shipment(row) for row in rows]


async def add(tx: Tx, merchant_id: str, order_id: str, parcel: Shipment, *, wakes_at: datetime | None = None) -> None:
    """`wakes_at` is when the worker must look at the parcel."""
    values = {
        "merchant_id": merchant_id,
        "order_id": order_id,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "lines": json_text.dump(parcel.lines),
        "shipped_at": parcel.shipped_at,
        "delivered_at": parcel.delivered_at,
        "carrier_silent_at": parcel.carrier_silent_at,
        "transit_delayed_at": parcel.transit_delayed_at,
        "wakes_at": wakes_at,
    }
    await tx.fetch(_INSERT, values)


async def save(tx: Tx, merchant_id: str, order_id: str, parcel: Shipment, *, wakes_at: datetime | None = None) -> None:
    values = {
        "merchant": merchant_id,
        "order": order_id,
        "by": parcel.carrier,
        "number": parcel.tracking_number,
        "new_lines": json_text.dump(parcel.lines),
        "new_shipped_at": parcel.shipped_at,
        "new_delivered_at": parcel.delivered_at,
        "new_wakes_at": wakes_at,
    }
    await tx.fetch(_UPDATE, values)


async def due(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> Shipment | None:
    """The parcel of the order that has been due for the longest time."""
    row = await tx.first(_DUE, {"merchant": merchant_id, "order": order_id, "now": now})
    return None if row is None else _shipment(row)


async def wake(tx: Tx, merchant_id: str, order_id: str, parcel: Shipment, at: datetime | None) -> None:
    await tx.fetch(_WAKE, {**_key(merchant_id, order_id, parcel), "new_wakes_at": at})


async def wake_all(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> None:
    """Look again at each parcel of the order that is watched."""
    await tx.fetch(_WAKE_ALL, {"merchant": merchant_id, "order": order_id, "now": now})


async def note_alert(
    tx: Tx, merchant_id: str, order_id: str, parcel: Shipment, alert: str, now: datetime, at: datetime | None
) -> bool:
    """Keep that the alert was raised, and set the timer. False if it was raised before."""
    values = {**_key(merchant_id, order_id, parcel), "now": now, "new_wakes_at": at}
    return bool(await tx.fetch(_NOTE[alert], values))


def _key(merchant_id: str, order_id: str, parcel: Shipment) -> dict[str, str]:
    number = parcel.tracking_number
    return {"merchant": merchant_id, "order": order_id, "by": parcel.carrier, "number": number}


def _shipment(row: Row) -> Shipment:
    return Shipment(
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        lines=tuple((line_id, quantity) for line_id, quantity in json_text.load(row.lines)),
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        carrier_silent_at=row.carrier_silent_at,
        transit_delayed_at=row.transit_delayed_at,
    )
