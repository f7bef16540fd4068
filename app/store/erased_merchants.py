"""Deletes the rows of test merchants that are erased, some at a time. The triggers that keep histories let no other
merchant's rows go."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, literal, select, tuple_, update

from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import api_keys, claim_files, file_leftovers, merchants, metadata, worker_turns

DELETED_AT_ONCE = 1_000
_KEPT = {merchants, api_keys, file_leftovers, worker_turns}
"""Keys are of the live merchant. The worker deletes the bytes of files, and then the leftovers. The turns of workers
are of no merchant."""
_TABLES = tuple(table for table in reversed(metadata.sorted_tables) if table not in _KEPT)
"""Rows that others refer to come last."""


def _some_of(table: Table) -> Any:
    """The keys of a batch of rows."""
    keys = select(*table.primary_key.columns).where(table.c.merchant_id == bindparam("merchant"))
    return keys.limit(DELETED_AT_ONCE)


def _deletion(table: Table, *returning: Any) -> Statement:
    some = _some_of(table).cte("some")
    is_one = tuple_(*table.primary_key.columns).in_(select(*some.c))
    return Statement(delete(table).where(is_one).returning(*(returning or (literal(1).label("deleted"),))))


_NEXT = Statement(select(merchants.c.merchant_id).where(merchants.c.erased_at.is_not(None)).limit(1))
_ALL = Statement(select(merchants.c.merchant_id).where(merchants.c.erased_at.is_not(None)))
_DELETIONS = {table: _deletion(table) for table in _TABLES if table is not claim_files}
_DELETE_FILES = _deletion(claim_files, claim_files.c.file_id, claim_files.c.size, claim_files.c.erased_at)
_LEAVE_BYTES = Statement(insert(file_leftovers))
_BYTES_ARE_DUE = Statement(
    update(file_leftovers)
    .where(file_leftovers.c.merchant_id == bindparam("merchant"), file_leftovers.c.wakes_at > bindparam("now"))
    .values(wakes_at=bindparam("now"))
)
_DELETE_MERCHANT = Statement(delete(merchants).where(merchants.c.merchant_id == bindparam("merchant")))


async def next_merchant(tx: Tx) -> str | None:
    """A merchant whose rows are to be deleted. None if there is none."""
    row = await tx.first(_NEXT)
    return None if row is None else str(row.merchant_id)


async def erased_merchants(tx: Tx) -> frozenset[str]:
    """The merchants whose rows are being deleted."""
    return frozenset(row.merchant_id for row in await tx.fetch(_ALL))


async def delete_some(tx: Tx, merchant_id: str, now: datetime) -> int:
    """Delete a batch of rows of one table, or at last the merchant. Returns how many rows. `now` is of the system
    clock."""
    for table in _TABLES:
        deleted = await _delete_from(tx, table, merchant_id, now)
        if deleted:
            return deleted
    await tx.fetch(_BYTES_ARE_DUE, {"merchant": merchant_id, "now": now})
    await tx.fetch(_DELETE_MERCHANT, {"merchant": merchant_id})
    return 1


async def _delete_from(tx: Tx, table: Table, merchant_id: str, now: datetime) -> int:
    if table is not claim_files:
        return len(await tx.fetch(_DELETIONS[table], {"merchant": merchant_id}))
    files = await tx.fetch(_DELETE_FILES, {"merchant": merchant_id})
    with_bytes = [row.file_id for row in files if row.size is not None and row.erased_at is None]
    rows = [{"merchant_id": merchant_id, "file_id": file_id, "wakes_at": now} for file_id in with_bytes]
    await tx.run_all(_LEAVE_BYTES, rows)
    return len(files)
