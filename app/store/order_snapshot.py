"""An order as one JSON document: the database makes it of the order's rows, and any query over orders can select it.
Reading one document costs a fraction of reading the rows and their columns."""

from dataclasses import fields

from sqlalchemy import literal_column, select

from app import json_text
from app.engine.model.order import Order, OrderLine, Payment
from app.records.order import StoredOrder
from app.store import documents
from app.store.statements import Row
from app.store.tables import order_lines, orders, payments
from app.store.types import JsonObject, JsonRows, JsonText, JsonValue, pairs

UNITS = ("open_cancel", "open_other", "cancelled", "returned", "exchanged", "refunded", "changed")
LINE_VALUES = tuple(field.name for field in fields(OrderLine) if field.name not in ("units", "records"))
PAYMENT_VALUES = tuple(field.name for field in fields(Payment))
ORDER_VALUES = tuple(
    field.name for field in fields(Order) if field.name not in ("lines", "payments", "records", "order_id")
)


_SORTED_LINES = (
    select(order_lines)
    .where(order_lines.c.merchant_id == orders.c.merchant_id, order_lines.c.order_id == orders.c.order_id)
    .order_by(order_lines.c.position)
    .correlate(orders)
    .subquery("sorted_lines")
)
_LINES = select(
    JsonRows(
        JsonObject(
            *pairs(*(_SORTED_LINES.c[name] for name in LINE_VALUES)),
            literal_column("'records'"),
            JsonValue(_SORTED_LINES.c.records),
            literal_column("'units'"),
            JsonObject(*pairs(*(_SORTED_LINES.c[name] for name in UNITS))),
        )
    )
).scalar_subquery()
_SORTED_PAYMENTS = (
    select(payments)
    .where(payments.c.merchant_id == orders.c.merchant_id, payments.c.order_id == orders.c.order_id)
    .order_by(payments.c.position)
    .correlate(orders)
    .subquery("sorted_payments")
)
_PAYMENTS = select(
    JsonRows(JsonObject(*pairs(*(_SORTED_PAYMENTS.c[name] for name in PAYMENT_VALUES))))
).scalar_subquery()

_DOCUMENT = JsonObject(
    *pairs(*(orders.c[name] for name in ("order_id", *ORDER_VALUES))),
    literal_column("'records'"),
    JsonValue(orders.c.records),
    literal_column("'lines'"),
    JsonValue(_LINES),
    literal_column("'payments'"),
    JsonValue(_PAYMENTS),
)
SNAPSHOT = (
    JsonText(_DOCUMENT).label("order_document"),
    orders.c.created_at,
    orders.c.updated_at,
    orders.c.version.label("order_version"),
    orders.c.metadata.label("order_metadata"),
)
"""The columns that `stored_order` reads."""


def stored_order(row: Row) -> StoredOrder:
    return StoredOrder(
        order=documents.order(row.order_document),
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.order_version,
        metadata=json_text.load(row.order_metadata),
    )
