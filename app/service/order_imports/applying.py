"""One group of an import, in one transaction: the same use cases as a push of an order and the report of a parcel, so
all of their rules hold. What a use case refuses is a refusal of the row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.engine.model.order import Order
from app.imports.fields import ImportKind
from app.imports.row_groups import Reading, RowGroup, RowRefusal
from app.records.buyer import Buyer
from app.records.order_import import ImportResult
from app.service import orders
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.order_imports.merging import buyer_of, changes_between, merged
from app.service.order_imports.outcome import GroupRefusedError, Outcome
from app.service.order_imports.parcels import apply_parcel, report_of_order
from app.service.orders import OrderPush
from app.store import buyers
from app.store import orders as stored_orders
from app.store.database import Tx

_CHANGES_NAMED = 20
"""Names of changed fields that are kept for a row."""


async def apply(tx: Tx, caller: Caller, group: RowGroup, reading: Reading, now: datetime) -> Outcome:
    """Raises GroupRefusedError."""
    if group.refusals:
        raise GroupRefusedError(group.refusals)
    try:
        if reading.kind is ImportKind.ORDERS:
            return await _apply_order(tx, caller, group, reading, now)
        return await apply_parcel(tx, caller, group, reading, now)
    except (ConflictError, InvalidError, NotFoundError) as error:
        reason = RowRefusal(row=group.numbers[0], field=error.field, code=error.code, params=error.params)
        raise GroupRefusedError([reason]) from None


def refused(group: RowGroup, refusals: Sequence[RowRefusal], reading: Reading) -> Outcome:
    """The outcome of a group of which nothing is imported."""
    order_id = group.name if reading.kind is ImportKind.ORDERS else str(group.rows[0].values.get("order_id", ""))
    return Outcome(result=ImportResult.REFUSED, order_id=order_id or None, refusals=tuple(refusals))


async def _apply_order(tx: Tx, caller: Caller, group: RowGroup, reading: Reading, now: datetime) -> Outcome:
    merchant_id, order_id = caller.merchant_id, group.name
    is_there = await stored_orders.lock(tx, merchant_id, order_id)
    stored = await stored_orders.load(tx, merchant_id, order_id) if is_there else None
    known = await buyers.load(tx, merchant_id, order_id) if stored else None
    after = merged(stored.order if stored else None, group, reading)
    buyer = buyer_of(known, group)
    changes = list(changes_between(stored.order, after.order)) if stored else []
    if stored is not None and buyer != (known or Buyer()):
        changes.append("buyer")
    if stored is None or changes:
        pushed = after.order if stored is None else _as_pushed(after.order)
        push = OrderPush(order=pushed, buyer=None if buyer == Buyer() else buyer)
        await orders.put(tx, caller, push, now)
    changes += await report_of_order(tx, caller, order_id, after.rows, reading, now)
    if stored is None:
        return Outcome(result=ImportResult.NEW, order_id=order_id, refusals=after.left_out)
    result = ImportResult.CHANGED if changes else ImportResult.UNCHANGED
    return Outcome(
        result=result, order_id=order_id, changes=tuple(changes[:_CHANGES_NAMED]), refusals=after.left_out
    )  # fmt: skip


def _as_pushed(order: Order) -> Order:
    """The part of an order that a storefront states. Its policy stays, and so does what was sent in exchange."""
    lines = tuple(line for line in order.lines if line.replaces is None)
    return replace(order, lines=lines, policy="", expected_arrival_on=None)
