"""Orders with their lines and payments. The row of an order is the lock for all changes to its claims."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update

from app import json_text
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.to_ship import is_to_ship, wanted_day
from app.records.buyer import Buyer
from app.records.order import StoredOrder
from app.records.order_words import words_of_buyer, words_of_order
from app.records.sorting import PageQuery, SortedPage
from app.store import buyers, metadata, order_words
from app.store.database import Tx
from app.store.order_snapshot import LINE_VALUES, ORDER_VALUES, PAYMENT_VALUES, SNAPSHOT, UNITS, stored_order
from app.store.order_words import Source
from app.store.sorting import SortedListing
from app.store.statements import Statement
from app.store.tables import order_lines, orders, payments
from app.store.types import JsonTexts
from app.turns import in_turns

_PAYMENT_CHANGES = tuple(name for name in PAYMENT_VALUES if name != "payment_id")
_LINE_CHANGES = (
    *("shipped", "delivered", "shipped_at", "first_delivered_at", "delivered_at", "credited", "recharged"),
    *("deliver_on", "repairs", "repaired_at", "cure_days", "changing"),
)
_LINE_PROGRESS = (*_LINE_CHANGES, "records", *UNITS)
_CHARGES = (
    *("shipping_refunded", "outbound_charged", "rounded", "not_captured", "surplus_refunded", "fees_charged"),
    "tax_free_refunded",
)
_BOARD = ("to_ship", "wanted_first_on")
_KEY = and_(orders.c.merchant_id == bindparam("merchant"), orders.c.order_id == bindparam("order"))
_LOCK = Statement(select(orders.c.order_id).where(_KEY).with_for_update())
_TOUCH = Statement(update(orders).where(_KEY).values(updated_at=bindparam("now")).returning(orders.c.order_id))
_LOAD = Statement(select(*SNAPSHOT).where(_KEY))
_LOAD_MANY = Statement(
    select(*SNAPSHOT).where(
        orders.c.merchant_id == bindparam("merchant"),
        orders.c.order_id.in_(select(JsonTexts(bindparam("orders")).table_valued("value").c.value)),
    )
)
_LIST = SortedListing(
    select(*SNAPSHOT).where(orders.c.merchant_id == bindparam("merchant")),
    {
        "buyer_id": orders.c.buyer_id == bindparam("buyer_id"),
        "metadata_key": metadata.has(orders),
        **order_words.conditions(orders.c.order_id),
    },
    created=(orders.c.created_at, orders.c.order_id),
    updated=(orders.c.updated_at, orders.c.order_id),
)
_INSERT = Statement(insert(orders))
_INSERT_LINE = Statement(insert(order_lines))
_INSERT_PAYMENT = Statement(insert(payments))
_UPDATE = Statement(
    update(orders)
    .where(_KEY)
    .values({name: bindparam(f"new_{name}") for name in (*ORDER_VALUES, *_BOARD, "records", "updated_at")})
)
_UPDATE_PROGRESS = Statement(
    update(orders).where(_KEY).values({name: bindparam(f"new_{name}") for name in (*_CHARGES, *_BOARD)})
)
_LINE_KEY = and_(
    order_lines.c.merchant_id == bindparam("merchant"),
    order_lines.c.order_id == bindparam("order"),
    order_lines.c.line_id == bindparam("line"),
)
_UPDATE_LINE = Statement(
    update(order_lines).where(_LINE_KEY).values({name: bindparam(f"new_{name}") for name in _LINE_PROGRESS})
)
_MADE = ("line_id", "replaces", "option_change", *_LINE_CHANGES)
_STATED = tuple(name for name in (*LINE_VALUES, "records") if name not in _MADE)
_RESTATE_LINE = Statement(
    update(order_lines).where(_LINE_KEY).values({name: bindparam(f"new_{name}") for name in _STATED})
)
_DELETE_LINE = Statement(order_lines.delete().where(_LINE_KEY))
_UPDATE_PAYMENT = Statement(
    update(payments)
    .where(
        payments.c.merchant_id == bindparam("merchant"),
        payments.c.order_id == bindparam("order"),
        payments.c.payment_id == bindparam("payment"),
    )
    .values({name: bindparam(f"new_{name}") for name in _PAYMENT_CHANGES})
)


async def lock(tx: Tx, merchant_id: str, order_id: str) -> bool:
    """Lock an order. False when the order does not exist.

    An order that can be loaded after False was committed in between, and must not be changed. On SQLite the
    transaction has locked the whole database already.
    """
    return tx.is_sqlite or bool(await tx.fetch(_LOCK, {"merchant": merchant_id, "order": order_id}))


async def touch(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> bool:
    """Lock an order for a change, as `lock` does, and set `updated_at`. Without a change the caller must roll back."""
    return bool(await tx.fetch(_TOUCH, {"merchant": merchant_id, "order": order_id, "now": now}))


async def load(tx: Tx, merchant_id: str, order_id: str) -> StoredOrder | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "order": order_id})
    return None if row is None else stored_order(row)


async def load_many(tx: Tx, merchant_id: str, order_ids: Collection[str]) -> dict[str, StoredOrder]:
    """Orders by their ids."""
    rows = await tx.fetch(_LOAD_MANY, {"merchant": merchant_id, "orders": json_text.dump(list(order_ids))})
    return {stored.order.order_id: stored for stored in map(stored_order, rows)}


async def page(tx: Tx, merchant_id: str, query: PageQuery, **where: Any) -> SortedPage[StoredOrder]:
    """`where` has values of the conditions of `_LIST`, and `q`: what somebody looks for."""
    words, sought = await order_words.narrowing(tx, merchant_id, where.pop("q", None))
    narrowed = [*(where.keys() - {"metadata_value"}), *words]
    page = await _LIST.page(tx, query, {"merchant": merchant_id, **where, **sought}, narrowed)
    return SortedPage(rows=[stored_order(row) async for row in in_turns(page.rows)], total=page.total)


async def add(
    tx: Tx,
    merchant_id: str,
    order: Order,
    now: datetime,
    *,
    buyer: Buyer | None = None,
    wakes_at: datetime | None = None,
) -> None:
    """`wakes_at` is when the worker must look at the order."""
    key = {"merchant_id": merchant_id, "order_id": order.order_id}
    stamps = {"created_at": now, "updated_at": now}
    watch = {"version": 0, "alerted": None, "wakes_at": wakes_at}
    await tx.fetch(_INSERT, {**key, **_order_values(order), **stamps, **watch, "metadata": "{}"})
    await _add_lines(tx, key, list(enumerate(order.lines)))
    await _add_payments(tx, key, list(enumerate(order.payments)), now)
    if buyer is not None and buyer != Buyer():
        await buyers.add(tx, merchant_id, order.order_id, buyer, now)
    words = {Source.ORDER: _words(order), Source.BUYER: words_of_buyer(buyer or Buyer())}
    await order_words.add(tx, merchant_id, order.order_id, words)


async def save(tx: Tx, merchant_id: str, before: Order, after: Order, now: datetime) -> None:
    """Write all differences: the merchant's data of the order, and its progress."""
    if before != after:
        changes = {f"new_{name}": value for name, value in _order_values(after).items()}
        await tx.fetch(_UPDATE, {**_key(merchant_id, before), **changes, "new_updated_at": now})
    old = {line.line_id: line for line in before.lines}
    restated = [
        {**_key(merchant_id, before), "line": line.line_id, **_stated(line)}
        for line in after.lines
        if line.line_id in old and _stated(old[line.line_id]) != _stated(line)
    ]
    await _save_lines(tx, merchant_id, before, after)  # first, since an open change of option may hold the old quantity
    await tx.run_all(_RESTATE_LINE, restated)
    for line_id in old.keys() - {line.line_id for line in after.lines}:
        await tx.fetch(_DELETE_LINE, {**_key(merchant_id, before), "line": line_id})
    await _save_payments(tx, merchant_id, before, after, now)
    await _save_words(tx, merchant_id, before, after)


async def save_progress(tx: Tx, merchant_id: str, before: Order, after: Order, now: datetime) -> None:
    """Write what a decision has changed: units, credits, repairs, records of failed cures, claimed payments, shipping
    refunded or charged, and what refunds were rounded by."""
    changes = _progress(after)
    if changes != _progress(before):
        await tx.fetch(_UPDATE_PROGRESS, {**_key(merchant_id, before), **changes})
    if before.lines is not after.lines:
        await _save_lines(tx, merchant_id, before, after)
        await _save_words(tx, merchant_id, before, after)
    if before.payments is not after.payments:
        await _save_payments(tx, merchant_id, before, after, now)


async def _save_lines(tx: Tx, merchant_id: str, before: Order, after: Order) -> None:
    old = {line.line_id: line for line in before.lines}
    changes = [
        {**_key(merchant_id, before), "line": line.line_id, **_line_changes(line)}
        for line in after.lines
        if (was := old.get(line.line_id, line)) is not line and _line_changes(was) != _line_changes(line)
    ]
    await tx.run_all(_UPDATE_LINE, changes)
    fresh = [(position, line) for position, line in enumerate(after.lines) if line.line_id not in old]
    await _add_lines(tx, {"merchant_id": merchant_id, "order_id": before.order_id}, fresh)


async def _save_words(tx: Tx, merchant_id: str, before: Order, after: Order) -> None:
    if _names(before) != _names(after):
        words, now_words = _words(before), _words(after)
        await order_words.replace(tx, merchant_id, after.order_id, Source.ORDER, before=words, after=now_words)


def _words(order: Order) -> frozenset[str]:
    return words_of_order(order.order_id, _names(order))


def _names(order: Order) -> list[tuple[str | None, str | None]]:
    return [(line.sku, line.title) for line in order.lines]


async def _save_payments(tx: Tx, merchant_id: str, before: Order, after: Order, now: datetime) -> None:
    old = {payment.payment_id: payment for payment in before.payments}
    for payment in after.payments:
        if old.get(payment.payment_id, payment) != payment:
            await tx.fetch(_UPDATE_PAYMENT, {**_key(merchant_id, before), **_payment_changes(payment)})
    fresh = [(i, payment) for i, payment in enumerate(after.payments) if payment.payment_id not in old]
    await _add_payments(tx, {"merchant_id": merchant_id, "order_id": before.order_id}, fresh, now)


def _key(merchant_id: str, order: Order) -> dict[str, Any]:
    return {"merchant": merchant_id, "order": order.order_id}


async def _add_lines(tx: Tx, key: dict[str, str], lines: Sequence[tuple[int, OrderLine]]) -> None:
    rows = [{**key, "position": position, **_line_values(line)} for position, line in lines]
    await tx.run_all(_INSERT_LINE, rows)


async def _add_payments(tx: Tx, key: dict[str, str], fresh: Sequence[tuple[int, Payment]], now: datetime) -> None:
    rows = [
        {
            **key,
            "position": position,
            **{name: getattr(payment, name) for name in PAYMENT_VALUES},
            "captured_at": now,
        }
        for position, payment in fresh
    ]
    await tx.run_all(_INSERT_PAYMENT, rows)


def _order_values(order: Order) -> dict[str, Any]:
    values = {name: getattr(order, name) for name in ORDER_VALUES}
    return {**values, **_board_values(order), "records": json_text.dump(order.records)}


def _board_values(order: Order) -> dict[str, Any]:
    """What the board of orders is read by."""
    return {"to_ship": is_to_ship(order), "wanted_first_on": wanted_day(order)}


def _progress(order: Order) -> dict[str, Any]:
    values = {name: getattr(order, name) for name in _CHARGES} | _board_values(order)
    return {f"new_{name}": value for name, value in values.items()}


def _line_values(line: OrderLine) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in LINE_VALUES}
    units = {name: getattr(line.units, name) for name in UNITS}
    return {**values, **units, "records": json_text.dump(line.records)}


def _line_changes(line: OrderLine) -> dict[str, Any]:
    progress = {f"new_{name}": getattr(line, name) for name in _LINE_CHANGES}
    units = {f"new_{name}": getattr(line.units, name) for name in UNITS}
    return {**progress, **units, "new_records": json_text.dump(line.records)}


def _stated(line: OrderLine) -> dict[str, Any]:
    """The merchant's data of a line, without its progress."""
    values = {f"new_{name}": getattr(line, name) for name in _STATED if name != "records"}
    return {**values, "new_records": json_text.dump(line.records)}


def _payment_changes(payment: Payment) -> dict[str, Any]:
    changes = {f"new_{name}": getattr(payment, name) for name in _PAYMENT_CHANGES}
    return {"payment": payment.payment_id, **changes}
