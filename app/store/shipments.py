"""Parcels of orders, by carrier and tracking number."""

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
    .values({name: bindparam(f"new_{name}") for name in ("lines", "shipped_at", "delivered_at")})
)


async def load(tx: Tx, merchant_id: str, order_id: str, carrier: str, number: str) -> Shipment | None:
    key = {"merchant": merchant_id, "order": order_id, "by": carrier, "number": number}
    row = await tx.first(_LOAD, key)
    return None if row is None else _shipment(row)


async def of_order(tx: Tx, merchant_id: str, order_id: str) -> list[Shipment]:
    rows = await tx.fetch(_OF_ORDER, {"merchant": merchant_id, "order": order_id})
    return [_shipment(row) for row in rows]


async def add(tx: Tx, merchant_id: str, order_id: str, parcel: Shipment) -> None:
    values = {
        "merchant_id": merchant_id,
        "order_id": order_id,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "lines": json_text.dump(parcel.lines),
        "shipped_at": parcel.shipped_at,
        "delivered_at": parcel.delivered_at,
    }
    await tx.fetch(_INSERT, values)


async def save(tx: Tx, merchant_id: str, order_id: str, parcel: Shipment) -> None:
    values = {
        "merchant": merchant_id,
        "order": order_id,
        "by": parcel.carrier,
        "number": parcel.tracking_number,
        "new_lines": json_text.dump(parcel.lines),
        "new_shipped_at": parcel.shipped_at,
        "new_delivered_at": parcel.delivered_at,
    }
    await tx.fetch(_UPDATE, values)


def _shipment(row: Row) -> Shipment:
    return Shipment(
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        lines=tuple((line_id, quantity) for line_id, quantity in json_text.load(row.lines)),
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
    )
