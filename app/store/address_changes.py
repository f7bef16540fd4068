"""Changes of delivery address. An address is stored until the goods are shipped."""

from collections.abc import Collection

from sqlalchemy import and_, bindparam, insert, literal_column, select, update

from app import json_text
from app.records.address_change import AddressChange, ChangeStatus
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import address_changes
from app.store.types import JsonTexts

_COLUMNS = [address_changes.c[name] for name in AddressChange.__slots__]
_OF_ORDER = and_(
    address_changes.c.merchant_id == bindparam("merchant"), address_changes.c.order_id == bindparam("order")
)
_THIS = and_(_OF_ORDER, address_changes.c.change_id == bindparam("change"))
_LIST_MAX = 100
_INSERT = Statement(insert(address_changes))
_LOAD = Statement(select(*_COLUMNS).where(_THIS))
_LOAD_MANY = Statement(
    select(*_COLUMNS).where(
        address_changes.c.merchant_id == bindparam("merchant"),
        address_changes.c.order_id.in_(select(JsonTexts(bindparam("orders")).table_valued("value").c.value)),
        address_changes.c.change_id.in_(select(JsonTexts(bindparam("changes")).table_valued("value").c.value)),
    )
)
_OPEN_OF_MANY = Statement(
    select(*_COLUMNS).where(
        address_changes.c.merchant_id == bindparam("merchant"),
        address_changes.c.order_id.in_(select(JsonTexts(bindparam("orders")).table_valued("value").c.value)),
        address_changes.c.status == literal_column("'requested'"),  # a literal, so that the partial index fits
    )
)
_LIST = Statement(select(*_COLUMNS).where(_OF_ORDER).order_by(address_changes.c.change_id.desc()).limit(_LIST_MAX))
_OPEN = Statement(
    select(*_COLUMNS).where(_OF_ORDER, address_changes.c.status == bindparam("open")).limit(bindparam("at_most"))
)
_DECIDE = Statement(
    update(address_changes)
    .where(_THIS)
    .values({name: bindparam(f"new_{name}") for name in ("status", "address", "reason", "decided_at")})
)
_FORGET = Statement(update(address_changes).where(_OF_ORDER).values(address=None))


async def add(tx: Tx, merchant_id: str, change: AddressChange) -> None:
    """Raises IntegrityError while another change of the order is open."""
    values = {name: getattr(change, name) for name in AddressChange.__slots__}
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **values})


async def load(tx: Tx, merchant_id: str, order_id: str, change_id: str) -> AddressChange | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "order": order_id, "change": change_id})
    return None if row is None else _change(row)


async def load_many(
    tx: Tx, merchant_id: str, order_ids: Collection[str], change_ids: Collection[str]
) -> dict[str, AddressChange]:
    """Changes of these orders by their ids."""
    values = {"orders": json_text.dump(list(order_ids)), "changes": json_text.dump(list(change_ids))}
    rows = await tx.fetch(_LOAD_MANY, {"merchant": merchant_id, **values})
    return {row.change_id: _change(row) for row in rows}


async def of_order(tx: Tx, merchant_id: str, order_id: str) -> list[AddressChange]:
    """The newest first, at most 100."""
    rows = await tx.fetch(_LIST, {"merchant": merchant_id, "order": order_id})
    return [_change(row) for row in rows]


async def open_one(tx: Tx, merchant_id: str, order_id: str) -> AddressChange | None:
    values = {"merchant": merchant_id, "order": order_id, "open": ChangeStatus.REQUESTED, "at_most": 1}
    row = await tx.first(_OPEN, values)
    return None if row is None else _change(row)


async def open_of_many(tx: Tx, merchant_id: str, order_ids: Collection[str]) -> dict[str, AddressChange]:
    """The open change of each order that has one, by order."""
    rows = await tx.fetch(_OPEN_OF_MANY, {"merchant": merchant_id, "orders": json_text.dump(list(order_ids))})
    return {row.order_id: _change(row) for row in rows}


async def decide(tx: Tx, merchant_id: str, change: AddressChange) -> None:
    key = {"merchant": merchant_id, "order": change.order_id, "change": change.change_id}
    values = {f"new_{name}": getattr(change, name) for name in ("status", "address", "reason", "decided_at")}
    await tx.fetch(_DECIDE, {**key, **values})


async def forget_addresses(tx: Tx, merchant_id: str, order_id: str) -> None:
    """After the goods have been sent, the addresses are not needed any more."""
    await tx.fetch(_FORGET, {"merchant": merchant_id, "order": order_id})


def _change(row: Row) -> AddressChange:
    return AddressChange(**{**row._asdict(), "status": ChangeStatus(row.status)})
