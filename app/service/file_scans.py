"""The scans of new files: a file waits until the scanner has answered, and nobody can read the file until then.

An infected file is erased. A scan that failed is repeated, and the file waits. A worker that dies gives its files to
the others when its lease ends.
"""

import asyncio
import logging
import tempfile
from datetime import datetime
from pathlib import Path

from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.files.scanner import ScanFailedError, Scanner
from app.files.store import BytesMissingError, FileStore, StoreUnavailableError, key_of
from app.records.claim_file import ClaimFile, FileStatus
from app.service.file_keeping import discard
from app.service.files import end
from app.store import claim_files, claims
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

_AT_ONCE = 4
_SCANNER = Actor(role=Role.SYSTEM, name="scanner")


async def scan_due(database: Database, store: FileStore, scanner: Scanner, now: datetime) -> int:
    """Scan the files that are due. Returns how many got an answer."""
    due = await database.write(lambda tx: claim_files.take_due(tx, now, limit=_AT_ONCE))
    answers = await asyncio.gather(*(_scan(database, store, scanner, *each, now) for each in due))
    return sum(answers)


async def _scan(
    database: Database, store: FileStore, scanner: Scanner, merchant_id: str, file: ClaimFile, now: datetime
) -> bool:
    try:
        is_sound = await _is_sound(store, scanner, merchant_id, file)
    except (ScanFailedError, BytesMissingError, StoreUnavailableError) as error:
        logger.warning("file %s could not be scanned, will try again: %s", file.file_id, error)
        return False
    if is_sound:
        await database.write(lambda tx: claim_files.release(tx, merchant_id, file.file_id))
        return True
    logger.warning("file %s of claim %s is infected and was erased", file.file_id, file.claim_id)

    async def erase(tx: Tx) -> None:
        await claims.touch_order_of(tx, merchant_id, file.claim_id, now)
        await end(tx, merchant_id, file, FileStatus.INFECTED, _SCANNER, now)

    await database.write(erase)
    await discard(database, store, merchant_id, file.file_id)
    return True


async def _is_sound(store: FileStore, scanner: Scanner, merchant_id: str, file: ClaimFile) -> bool:
    """The scanner gets a copy with a name of the service."""
    with tempfile.TemporaryDirectory(prefix="recourse-scan-") as folder:
        copy = Path(folder) / file.file_id
        with copy.open("wb") as target:
            async for block in store.read(key_of(merchant_id, file.file_id), 0, file.size or 0):
                await asyncio.to_thread(target.write, block)
        return await scanner.is_sound(copy)
