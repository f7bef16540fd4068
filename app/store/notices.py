"""What happens outside of any claim, to an order or an endpoint: written once, and told like a claim's events.

A trigger puts each into the outbox, as it does the events of claims: what is committed here will be told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import notices


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


async def add(tx: Tx, notice: Notice) -> None:
    await tx.fetch(_INSERT, {name: getattr(notice, name) for name in _COLUMNS})
