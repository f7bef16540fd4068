"""Orders with their lines, payments and shipments. The order's row is the lock for all that is claimed on it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, literal_column, select, tuple_, update

from app.engine.order import Order, OrderLine, Payment
from app.store import codec
from app.store.database import Tx
from app.store.tables import order_lines, orders, payments
from app.store.types import JsonObject, JsonRows, JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    order: Order
    created_at: datetime
    updated_at: datetime


_UNITS = ("open_cancel", "open_other", "cancelled", "returned", "exchanged", "refunded")
_LINE_VALUES = tuple(field.name for field in fields(OrderLine) if field.name not in ("units", "records"))
_LINE_CHANGES = ("shipped", "delivered", "shipped_at", "delivered_at", "credited")
_ORDER_VALUES = tuple(
    field.name for field in fields(Order) if field.name not in ("lines", "payments", "records", "order_id")
)


def _pairs(*columns: Any) -> list[Any]:
    pairs: list[Any] = []
    for column in columns:
        pairs += (literal_column(f"'{column.name}'"), column)
    return pairs


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
            *_pairs(*(_SORTED_LINES.c[name] for name in _LINE_VALUES)),
            literal_column("'records'"),
            JsonValue(_SORTED_LINES.c.records),
            literal_column("'units'"),
            JsonObject(*_pairs(*(_SORTED_LINES.c[name] for name in _UNITS))),
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
    JsonRows(JsonObject(*_pairs(*(_SORTED_PAYMENTS.c[field.name] for field in fields(Payment)))))
).scalar_subquery()

SNAPSHOT = (*orders.c, _LINES.label("line_rows"), _PAYMENTS.label("payment_rows"))
"""The columns that `from_row` reads; any statement over `orders` may select them."""

_KEY = and_(orders.c.merchant_id == bindparam("merchant"), orders.c.order_id == bindparam("order"))
_LOCK = select(orders.c.order_id).where(_KEY).with_for_update()
_LOAD = select(*SNAPSHOT).where(_KEY)
_PAGE = select(*SNAPSHOT).where(orders.c.merchant_id == bindparam("merchant"))
_NEWEST = (orders.c.created_at.desc(), orders.c.order_id.desc())
_INSERT = insert(orders)
_INSERT_LINE = insert(order_lines)
_INSERT_PAYMENT = insert(payments)
_UPDATE = (
    update(orders)
    .where(_KEY)
    .values({name: bindparam(f"new_{name}") for name in (*_ORDER_VALUES, "records", "updated_at")})
)
_LINE_KEY = and_(
    order_lines.c.merchant_id == bindparam("merchant"),
    order_lines.c.order_id == bindparam("order"),
    order_lines.c.line_id == bindparam("line"),
)
_UPDATE_LINE = (
    update(order_lines)
    .where(_LINE_KEY)
    .values({name: bindparam(f"new_{name}") for name in (*_LINE_CHANGES, *_UNITS)})
)
_STATED = tuple(name for name in (*_LINE_VALUES, "records") if name not in ("line_id", "replaces", *_LINE_CHANGES))
_RESTATE_LINE = update(order_lines).where(_LINE_KEY).values({name: bindparam(f"new_{name}") for name in _STATED})
_DELETE_LINE = order_lines.delete().where(_LINE_KEY)
_UPDATE_PAYMENT = (
    update(payments)
    .where(
        payments.c.merchant_id == bindparam("merchant"),
        payments.c.order_id == bindparam("order"),
        payments.c.payment_id == bindparam("payment"),
    )
    .values(method=bindparam("new_method"), captured=bindparam("new_captured"), refunded=bindparam("new_refunded"))
)


async def lock(tx: Tx, merchant_id: str, order_id: str) -> None:
    """Wait for all others who work on this order. SQLite has locked the whole database already."""
    if tx.dialect.name != "sqlite":
        await tx.execute(_LOCK, {"merchant": merchant_id, "order": order_id})


async def load(tx: Tx, merchant_id: str, order_id: str) -> StoredOrder | None:
    row = (await tx.execute(_LOAD, {"merchant": merchant_id, "order": order_id})).one_or_none()
    return None if row is None else from_row(row)


async def page(
    tx: Tx, merchant_id: str, *, limit: int, after: tuple[datetime, str] | None = None, **equal: str
) -> list[StoredOrder]:
    """Newest first, from behind the (created_at, order_id) of the last one seen."""
    statement = _PAGE.where(*(orders.c[name] == value for name, value in equal.items()))
    if after is not None:
        statement = statement.where(tuple_(orders.c.created_at, orders.c.order_id) < after)
    rows = await tx.execute(statement.order_by(*_NEWEST).limit(limit), {"merchant": merchant_id})
    return [from_row(row) for row in rows]


def from_row(row: Row[Any]) -> StoredOrder:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for access by column name
    order = Order(
        order_id=values["order_id"],
        lines=codec.lines(values["line_rows"]),
        payments=codec.payments(values["payment_rows"]),
        records=codec.records(values["records"]),
        **{name: values[name] for name in _ORDER_VALUES},
    )
    return StoredOrder(order=order, created_at=values["created_at"], updated_at=values["updated_at"])


async def add(tx: Tx, merchant_id: str, order: Order, now: datetime) -> None:
    key = {"merchant_id": merchant_id, "order_id": order.order_id}
    stamps = {"created_at": now, "updated_at": now}
    await tx.execute(_INSERT, {**key, **_order_values(order), **stamps})
    await _add_lines(tx, key, list(enumerate(order.lines)))
    await _add_payments(tx, key, list(enumerate(order.payments)), now)


async def save(tx: Tx, merchant_id: str, before: Order, after: Order, now: datetime) -> None:
    """Write what differs: units and progress of lines, money of payments, the order's own values."""
    key = {"merchant": merchant_id, "order": before.order_id}
    row_key = {"merchant_id": merchant_id, "order_id": before.order_id}
    if _order_values(before) != _order_values(after):
        changes = {f"new_{name}": value for name, value in _order_values(after).items()}
        await tx.execute(_UPDATE, {**key, **changes, "new_updated_at": now})
    await _save_lines(tx, key, row_key, before, after)
    known = {payment.payment_id: payment for payment in before.payments}
    changed = [payment for payment in after.payments if known.get(payment.payment_id, payment) != payment]
    for payment in changed:
        await tx.execute(_UPDATE_PAYMENT, {**key, **_payment_changes(payment)})
    fresh = [(i, payment) for i, payment in enumerate(after.payments) if payment.payment_id not in known]
    await _add_payments(tx, row_key, fresh, now)


async def _save_lines(tx: Tx, key: dict[str, str], row_key: dict[str, str], before: Order, after: Order) -> None:
    old = {line.line_id: line for line in before.lines}
    kept = [(old[line.line_id], line) for line in after.lines if line.line_id in old]
    restated = [_named(key, line, _stated(line)) for was, line in kept if _stated(was) != _stated(line)]
    changes = [
        _named(key, line, _line_changes(line)) for was, line in kept if _line_changes(was) != _line_changes(line)
    ]
    if restated:
        await tx.execute(_RESTATE_LINE, restated)
    if changes:
        await tx.execute(_UPDATE_LINE, changes if len(changes) > 1 else changes[0])
    await _add_lines(tx, row_key, [(i, line) for i, line in enumerate(after.lines) if line.line_id not in old])
    for line_id in old.keys() - {line.line_id for line in after.lines}:
        await tx.execute(_DELETE_LINE, {**key, "line": line_id})


def _named(key: dict[str, str], line: OrderLine, values: dict[str, Any]) -> dict[str, Any]:
    return {**key, "line": line.line_id, **values}


async def _add_lines(tx: Tx, key: dict[str, str], lines: Sequence[tuple[int, OrderLine]]) -> None:
    rows = [{**key, "position": position, **_line_values(line)} for position, line in lines]
    if rows:
        await tx.execute(_INSERT_LINE, rows)


async def _add_payments(tx: Tx, key: dict[str, str], fresh: Sequence[tuple[int, Payment]], now: datetime) -> None:
    rows = [
        {
            **key,
            "position": position,
            "payment_id": payment.payment_id,
            "method": payment.method,
            "captured": payment.captured,
            "refunded": payment.refunded,
            "captured_at": now,
        }
        for position, payment in fresh
    ]
    if rows:
        await tx.execute(_INSERT_PAYMENT, rows)


def _order_values(order: Order) -> dict[str, Any]:
    values = {name: getattr(order, name) for name in _ORDER_VALUES}
    return {**values, "records": codec.dump(order.records)}


def _line_values(line: OrderLine) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in _LINE_VALUES}
    units = {name: getattr(line.units, name) for name in _UNITS}
    return {**values, **units, "records": codec.dump(line.records)}


def _line_changes(line: OrderLine) -> dict[str, Any]:
    progress = {f"new_{name}": getattr(line, name) for name in _LINE_CHANGES}
    return {**progress, **{f"new_{name}": getattr(line.units, name) for name in _UNITS}}


def _stated(line: OrderLine) -> dict[str, Any]:
    """What the merchant says of a line, as against what has happened to it."""
    values = {f"new_{name}": getattr(line, name) for name in _STATED if name != "records"}
    return {**values, "new_records": codec.dump(line.records)}


def _payment_changes(payment: Payment) -> dict[str, Any]:
    return {
        "payment": payment.payment_id,
        "new_method": payment.method,
        "new_captured": payment.captured,
        "new_refunded": payment.refunded,
    }
