"""Changes of the option of unshipped units. A line has one open change at a time."""

from collections.abc import Collection
from dataclasses import fields

from sqlalchemy import and_, bindparam, insert, select, text, update

from app import json_text
from app.records.option_change import OptionChange, OptionChangeStatus, OvertakenReason
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import option_changes
from app.store.types import JsonTexts

_NAMES = tuple(field.name for field in fields(OptionChange))
_COLUMNS = [option_changes.c[name] for name in _NAMES]
_DECIDED = ("unit_price", "difference", "status", "payment_id", "reason", "overtaken_by", "decided_at")
_OF_ORDER = and_(option_changes.c.merchant_id == bindparam("merchant"), option_changes.c.order_id == bindparam("order"))
_THIS = and_(_OF_ORDER, option_changes.c.change_id == bindparam("change"))
_LIST_MAX = 100
_INSERT = Statement(insert(option_changes))
_LOAD = Statement(select(*_COLUMNS).where(_THIS))
_LOAD_MANY = Statement(
    select(*_COLUMNS).where(
        option_changes.c.merchant_id == bindparam("merchant"),
        option_changes.c.order_id.in_(select(JsonTexts(bindparam("orders")).table_valued("value").c.value)),
        option_changes.c.change_id.in_(select(JsonTexts(bindparam("changes")).table_valued("value").c.value)),
    )
)
_LIST = Statement(select(*_COLUMNS).where(_OF_ORDER).order_by(option_changes.c.change_id.desc()).limit(_LIST_MAX))
_IS_OPEN = text("status IN ('requested', 'awaiting_payment')")  # literals, so that the partial index fits
_OPEN_OF_LINE = Statement(
    select(*_COLUMNS).where(_OF_ORDER, option_changes.c.line_id == bindparam("line"), _IS_OPEN)
)  # fmt: skip
_OPEN_OF_MANY = Statement(
    select(*_COLUMNS)
    .where(
        option_changes.c.merchant_id == bindparam("merchant"),
        option_changes.c.order_id.in_(select(JsonTexts(bindparam("orders")).table_valued("value").c.value)),
        _IS_OPEN,
    )
    .order_by(option_changes.c.change_id)
)
_DECIDE = Statement(
    update(option_changes).where(_THIS).values({name: bindparam(f"new_{name}") for name in _DECIDED})
)  # fmt: skip


async def add(tx: Tx, merchant_id: str, change: OptionChange) -> None:
    """Raises IntegrityError while another change of the line is open."""
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **{name: getattr(change, name) for name in _NAMES}})


async def load(tx: Tx, merchant_id: str, order_id: str, change_id: str) -> OptionChange | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "order": order_id, "change": change_id})
    return None if row is None else _change(row)


async def load_many(
    tx: Tx, merchant_id: str, order_ids: Collection[str], change_ids: Collection[str]
) -> dict[str, OptionChange]:
    """Changes of these orders by their ids."""
    values = {"orders": json_text.dump(list(order_ids)), "changes": json_text.dump(list(change_ids))}
    rows = await tx.fetch(_LOAD_MANY, {"merchant": merchant_id, **values})
    return {row.change_id: _change(row) for row in rows}


async def of_order(tx: Tx, merchant_id: str, order_id: str) -> list[OptionChange]:
    """The newest first, at most 100."""
    rows = await tx.fetch(_LIST, {"merchant": merchant_id, "order": order_id})
    return [_change(row) for row in rows]


async def open_of_line(tx: Tx, merchant_id: str, order_id: str, line_id: str) -> OptionChange | None:
    row = await tx.first(_OPEN_OF_LINE, {"merchant": merchant_id, "order": order_id, "line": line_id})
    return None if row is None else _change(row)


async def open_of_many(tx: Tx, merchant_id: str, order_ids: Collection[str]) -> dict[str, list[OptionChange]]:
    """The open changes of orders, by order, the oldest first."""
    rows = await tx.fetch(_OPEN_OF_MANY, {"merchant": merchant_id, "orders": json_text.dump(list(order_ids))})
    by_order: dict[str, list[OptionChange]] = {}
    for row in rows:
        by_order.setdefault(row.order_id, []).append(_change(row))
    return by_order


async def decide(tx: Tx, merchant_id: str, change: OptionChange) -> None:
    key = {"merchant": merchant_id, "order": change.order_id, "change": change.change_id}
    await tx.fetch(_DECIDE, {**key, **{f"new_{name}": getattr(change, name) for name in _DECIDED}})


def _change(row: Row) -> OptionChange:
    values = row._asdict()
    overtaken_by = values["overtaken_by"] and OvertakenReason(values["overtaken_by"])
    return OptionChange(**{**values, "status": OptionChangeStatus(row.status), "overtaken_by": overtaken_by})
