"""Standalone events: events of orders and endpoints, in no claim's history.

A trigger puts each event into the outbox, as it does the events of claims. So every committed event is published.
"""

from datetime import datetime

from sqlalchemy import bindparam, insert, update

from app.records.event import StandaloneEvent
from app.store import outbox
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import notices, orders

_COLUMNS = tuple(column.name for column in notices.c)
_INSERT = Statement(insert(notices))
_NEXT_VERSION = Statement(
    update(orders)
    .where(orders.c.merchant_id == bindparam("merchant"), orders.c.order_id == bindparam("order"))
    .values(version=orders.c.version + 1)
    .returning(orders.c.version, orders.c.created_at)
)


async def add(tx: Tx, event: StandaloneEvent) -> None:
    await tx.fetch(_INSERT, {name: getattr(event, name) for name in _COLUMNS})
    await outbox.carry_trace(tx, event.merchant_id, event.event_id)


async def next_version(tx: Tx, merchant_id: str, order_id: str) -> tuple[int, datetime]:
    """The next version of an order's events, without gaps, and when the order was first stored. The caller has locked
    the order."""
    (row,) = await tx.fetch(_NEXT_VERSION, {"merchant": merchant_id, "order": order_id})
    return int(row.version), row.created_at
