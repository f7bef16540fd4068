"""The parcels that a file tells of: those of an order's own rows, and those of a sheet of parcel numbers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.engine.model.order import Order, OrderLine
from app.imports.row_groups import GroupRow, Reading, RowGroup, RowRefusal
from app.records.order_import import ImportResult
from app.records.shipment import Shipment
from app.service import shipments
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.order_imports.outcome import GroupRefusedError, Outcome
from app.service.order_imports.words import carrier_word
from app.service.orders import locked
from app.store import import_matchings
from app.store import shipments as stored_shipments
from app.store.database import Tx


async def report_of_order(
    tx: Tx, caller: Caller, order_id: str, rows: Sequence[tuple[str, GroupRow]], reading: Reading, now: datetime
) -> list[str]:
    """Report what an order's own rows say was shipped. A parcel without a number has the number of the order. Returns
    the names of what is new."""
    parcels: dict[tuple[str, str], list[tuple[str, GroupRow]]] = {}
    for line_id, row in rows:
        if "shipped_at" in row.values:
            carrier = carrier_word(row.values.get("carrier"), reading.format)
            parcels.setdefault((carrier, row.values.get("tracking_number", order_id)), []).append((line_id, row))
    changes = []
    for (carrier, number), content in parcels.items():
        parcel = _parcel(carrier, number, [row for _, row in content], now)
        if await _report(tx, caller, order_id, parcel, [line_id for line_id, _ in content], now):
            changes.append(f"parcels.{number}")
    return changes


async def apply_parcel(tx: Tx, caller: Caller, group: RowGroup, reading: Reading, now: datetime) -> Outcome:
    """Report one parcel of a sheet, which may have lines of several orders. Raises GroupRefusedError."""
    orders = await _rows_by_order(tx, caller.merchant_id, group)
    carrier = carrier_word(group.rows[0].values["carrier"], reading.format)
    result, changes = ImportResult.UNCHANGED, []
    for order_id in sorted(orders):  # always in this order, so that two parcels never wait for each other
        rows = orders[order_id]
        parcel = _parcel(carrier, group.name, rows, now)
        known = await stored_shipments.load(tx, caller.merchant_id, order_id, carrier, group.name)
        line_ids = [row.values["line_id"] for row in rows if "line_id" in row.values]
        if await _report(tx, caller, order_id, parcel, line_ids if len(line_ids) == len(rows) else [], now):
            is_new = known is None or known.shipped_at is None
            result = ImportResult.NEW if is_new or result is ImportResult.NEW else ImportResult.CHANGED
            changes.append(f"parcels.{group.name}")
    named = tuple(changes) if result is ImportResult.CHANGED else ()
    return Outcome(result=result, order_id=min(orders), changes=named)


async def _rows_by_order(tx: Tx, merchant_id: str, group: RowGroup) -> dict[str, list[GroupRow]]:
    """A row without an order is of the only order that has its line."""
    orders: dict[str, list[GroupRow]] = {}
    for row in group.rows:
        order_id = row.values.get("order_id")
        if order_id is None:
            line_id = row.values["line_id"]
            found = await import_matchings.orders_of_line(tx, merchant_id, line_id)
            if len(found) != 1:
                code = "import_line_in_several_orders" if found else "import_line_not_found"
                refusal = RowRefusal(row=row.row, field="line_id", code=code, params={"line_id": line_id})
                raise GroupRefusedError([refusal])
            order_id = found[0]
        orders.setdefault(order_id, []).append(row)
    return orders


def _parcel(carrier: str, number: str, rows: Sequence[GroupRow], now: datetime) -> Shipment:
    """Without a day the parcel leaves when the import runs."""
    shipped = [row.values["shipped_at"] for row in rows if "shipped_at" in row.values]
    delivered = [row.values["delivered_at"] for row in rows if "delivered_at" in row.values]
    return Shipment(
        carrier=carrier,
        tracking_number=number,
        lines=(),
        shipped_at=max(shipped, default=now),
        delivered_at=max(delivered, default=None),
    )


async def _report(
    tx: Tx, caller: Caller, order_id: str, parcel: Shipment, line_ids: Sequence[str], now: datetime
) -> bool:
    """Report a parcel with the unshipped units of these lines, or of all lines. True if the service did not know it."""
    order = (await locked(tx, caller, order_id)).order
    known = await stored_shipments.load(tx, caller.merchant_id, order_id, parcel.carrier, parcel.tracking_number)
    is_new = known is None or known.shipped_at is None
    if is_new:
        content = tuple(_units(order, line_id) for line_id in line_ids)
        await shipments.ship(tx, caller, order_id, replace(parcel, lines=content, delivered_at=None), now)
    elif known is not None and not {line_id for line_id, _ in known.lines}.issuperset(line_ids):
        raise ConflictError("shipment_differs", field="tracking_number")
    is_arrived = parcel.delivered_at is not None and (known is None or known.delivered_at is None)
    if is_arrived:
        await shipments.deliver(tx, caller, order_id, replace(parcel, shipped_at=None), now)
    return is_new or is_arrived


def _units(order: Order, line_id: str) -> tuple[str, int]:
    """The units that can leave. Where none can, all of them, so that the report says why it is refused."""
    line: OrderLine | None = order.line(line_id)
    if line is None:
        raise NotFoundError("order_line", line_id)
    return line_id, line.unshipped if line.unshipped > 0 else line.quantity
