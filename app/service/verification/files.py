"""The bytes of files: each file that is not erased has bytes in the store, and they have the SHA-256 of the record."""

import hashlib
from collections.abc import AsyncIterator

from app.files.store import BytesMissingError, FileStore, key_of
from app.records.claim_file import ClaimFile
from app.store import claim_files
from app.store.database import Database

_FILES_A_PAGE = 100


async def of_bytes(database: Database, store: FileStore) -> AsyncIterator[str | None]:
    """One sentence for each file whose bytes are missing or different, and None after each file. A file that is erased
    meanwhile is not among them. Raises StoreUnavailableError."""
    after = ("", "")
    while True:
        async with database.read() as tx:
            rows = await claim_files.with_bytes(tx, after, limit=_FILES_A_PAGE)
        for merchant_id, file in rows:
            if difference := await _difference(store, merchant_id, file):
                async with database.read() as tx:
                    present = await claim_files.load(tx, merchant_id, file.file_id)
                if present is not None and present.has_bytes:
                    yield f"file {file.file_id} of claim {file.claim_id}: {difference}"
            yield None
            after = (merchant_id, file.file_id)
        if len(rows) < _FILES_A_PAGE:
            return


async def _difference(store: FileStore, merchant_id: str, file: ClaimFile) -> str | None:
    digest, size = hashlib.sha256(), file.size or 0
    try:
        async for block in store.read(key_of(merchant_id, file.file_id), 0, size + 1):
            digest.update(block)
    except BytesMissingError:
        return "its bytes are missing"
    return None if digest.hexdigest() == file.digest else "its bytes are not what the record says"
