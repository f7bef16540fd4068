"""What happens outside of any claim, to an order or an endpoint: written once, and told like a claim's events.

A trigger puts each into the outbox, as it does the events of claims: what is committed here will be told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, update

from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import notices, orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`subject` is a kind of thing (`order`, `endpoint`) and `subject_id` which one; `type` is in the past tense,
    such as `order.delayed`; `data` is JSON text."""

    merchant_id: str
    event_id: str
    subject: str
    subject_id: str
    type: str
    at: datetime
    data: str


_COLUMNS = tuple(column.name for column in notices.c)
_INSERT = Statement(insert(notices))
_NUMBER = Statement(
    update(orders)
    .where(orders.c.merchant_id == bindparam("merchant"), orders.c.order_id == bindparam("order"))
    .values(version=orders.c.version + 1)
    .returning(orders.c.version)
)


async def add(tx: Tx, notice: Notice) -> None:
    await tx.fetch(_INSERT, {name: getattr(notice, name) for name in _COLUMNS})


async def next_number(tx: Tx, merchant_id: str, order_id: str) -> int:
    """What is told of an order is numbered without gaps; the caller has locked the order."""
    (row,) = await tx.fetch(_NUMBER, {"merchant": merchant_id, "order": order_id})
    return int(row.version)
