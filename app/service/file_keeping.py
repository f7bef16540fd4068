"""The bytes of files: kept before their record, served while their record allows it, and deleted after it.

No transaction is open while bytes move. A process that dies in between leaves bytes without a record, which nobody can
read, and a worker deletes them.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from app.files.cleaning import Cleaning
from app.files.links import FileLinks
from app.files.store import FileStore, StoreUnavailableError, key_of
from app.files.tables import TableReading
from app.records.claim_file import ClaimFile, FileStatus
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.files import FileLimits, KeptBytes, reserve
from app.service.ids import new_id
from app.store import claim_files, file_leftovers
from app.store.database import Database, Tx

_SWEPT_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the composition root built for files. With `are_scanned`, a new file waits for its scan."""

    store: FileStore
    cleaning: Cleaning
    tables: TableReading
    links: FileLinks
    limits: FileLimits
    are_scanned: bool = False


async def keep(database: Database, files: Files, caller: Caller, sent: BinaryIO, now: datetime) -> KeptBytes:
    """Clean what a client has sent, and store it under a new id. Raises what `Cleaning.prepare` and `FileStore.put`
    raise."""
    merchant_id, file_id = caller.merchant_id, new_id(now)
    prepared = await files.cleaning.prepare(f"{merchant_id}/{caller.order_id or ''}", sent)
    try:
        await database.write(lambda tx: reserve(tx, merchant_id, file_id, now))
        await files.store.put(key_of(merchant_id, file_id), prepared.content)
    finally:
        if prepared.content is not sent:
            prepared.content.close()
    return KeptBytes(
        file_id=file_id,
        media_type=prepared.media_type,
        size=prepared.size,
        digest=prepared.digest,
        is_scanned=files.are_scanned,
    )


async def linked(tx: Tx, merchant_id: str, file_id: str) -> ClaimFile:
    """The file of a link. Raises NotFoundError for a file that waits for its scan, or whose bytes were erased."""
    file = await claim_files.load(tx, merchant_id, file_id)
    if file is None or not is_readable(file):
        raise NotFoundError("file", file_id)
    return file


def is_readable(file: ClaimFile) -> bool:
    return file.status is FileStatus.READY and file.has_bytes


def content_of(files: Files, merchant_id: str, file: ClaimFile, start: int, stop: int) -> AsyncIterator[bytes]:
    """The bytes from `start` until before `stop`. Raises what `FileStore.read` raises."""
    return files.store.read(key_of(merchant_id, file.file_id), start, stop)


async def discard(database: Database, store: FileStore, merchant_id: str, file_id: str) -> None:
    """Delete bytes that no file has any more. What cannot be deleted now, a worker deletes later."""
    with suppress(StoreUnavailableError):
        await store.delete(key_of(merchant_id, file_id))
        await database.write(lambda tx: file_leftovers.remove(tx, merchant_id, file_id))


async def sweep(database: Database, store: FileStore, now: datetime) -> int:
    """Delete bytes that no file has and that are due. Returns how many."""
    async with database.read() as tx:
        due = await file_leftovers.due(tx, now, limit=_SWEPT_AT_ONCE)
    for row in due:
        await store.delete(key_of(row.merchant_id, row.file_id))
        await database.write(lambda tx, row=row: file_leftovers.remove(tx, row.merchant_id, row.file_id))  # type: ignore[misc]
    return len(due)
