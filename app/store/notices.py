"""What happens outside of any claim, to an order or an endpoint: written once, and told like a claim's events.

A trigger puts each into the outbox, as it does the events of claims: what is committed here will be told.
"""

from sqlalchemy import bindparam, insert, update

from app.records.event import StandaloneEvent
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import notices, orders

_COLUMNS = tuple(column.name for column in notices.c)
_INSERT = Statement(insert(notices))
_NUMBER = Statement(
    update(orders)
    .where(orders.c.merchant_id == bindparam("merchant"), orders.c.order_id == bindparam("order"))
    .values(version=orders.c.version + 1)
    .returning(orders.c.version)
)


async def add(tx: Tx, notice: StandaloneEvent) -> None:
    await tx.fetch(_INSERT, {name: getattr(notice, name) for name in _COLUMNS})


async def next_number(tx: Tx, merchant_id: str, order_id: str) -> int:
    """What is told of an order is numbered without gaps; the caller has locked the order."""
    (row,) = await tx.fetch(_NUMBER, {"merchant": merchant_id, "order": order_id})
    return int(row.version)
