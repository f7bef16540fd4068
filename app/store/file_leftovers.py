"""Bytes that no file has: an upload that has not ended, a file that was erased, and the rows of an import. A worker
deletes them when they are due."""

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, insert, select, update

from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import file_leftovers

_c = file_leftovers.c
_KEY = and_(_c.merchant_id == bindparam("merchant"), _c.file_id == bindparam("file"))
_INSERT = Statement(insert(file_leftovers))
_TAKE = Statement(delete(file_leftovers).where(_KEY, _c.wakes_at > bindparam("before")).returning(_c.file_id))
_MOVE = Statement(
    update(file_leftovers)
    .where(_KEY, _c.wakes_at > bindparam("before"))
    .values(wakes_at=bindparam("new_wakes_at"))
    .returning(_c.file_id)
)
_REMOVE = Statement(delete(file_leftovers).where(_KEY))
_DUE = Statement(
    select(_c.merchant_id, _c.file_id)
    .where(_c.wakes_at <= bindparam("now"))
    .order_by(_c.wakes_at)
    .limit(bindparam("at_most"))
)


async def add(tx: Tx, merchant_id: str, file_id: str, wakes_at: datetime) -> None:
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, "file_id": file_id, "wakes_at": wakes_at})


async def take(tx: Tx, merchant_id: str, file_id: str, before: datetime) -> bool:
    """The bytes have a file from now on. False if a worker may delete them before this instant, or has."""
    return bool(await tx.fetch(_TAKE, {"merchant": merchant_id, "file": file_id, "before": before}))


async def move(tx: Tx, merchant_id: str, file_id: str, before: datetime, wakes_at: datetime) -> bool:
    """A worker deletes the bytes at another instant. False if it may delete them before `before`, or has."""
    values = {"merchant": merchant_id, "file": file_id, "before": before, "new_wakes_at": wakes_at}
    return bool(await tx.fetch(_MOVE, values))


async def remove(tx: Tx, merchant_id: str, file_id: str) -> None:
    """The bytes are deleted."""
    await tx.fetch(_REMOVE, {"merchant": merchant_id, "file": file_id})


async def due(tx: Tx, now: datetime, *, limit: int) -> list[Row]:
    """The `merchant_id` and `file_id` of leftovers, the longest due first."""
    return await tx.fetch(_DUE, {"now": now, "at_most": limit})
