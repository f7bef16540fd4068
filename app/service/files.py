"""The use cases of files that show facts of a claim: add, add by URL, list, read and erase.

The SHA-256 of each file is in the claim's history, and the bytes are not. So bytes can be erased, and the history stays
whole.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.records.claim import StoredClaim
from app.records.claim_file import ClaimFile, FileStatus
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.ids import new_id
from app.service.persistence import record_aside
from app.service.resources.claim_file import file_facts
from app.store import claim_files, claims, file_leftovers, legal_holds
from app.store.database import Tx

UPLOAD_WITHIN = timedelta(hours=1)
"""Bytes that no file has after this time are deleted."""
_MARGIN = timedelta(minutes=5)
"""The most that the clocks of two machines differ."""
_RECORDS_PER_FILE = 4
"""A claim can have so many records of files for each file that it can keep: most of them are of erased files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """What a claim can keep: a number of files, and bytes of all its files."""

    files: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerLimits:
    """What a buyer can add to the claims of an order: files that are kept, records of files, and bytes."""

    files: int
    records: int
    total_bytes: int


OF_BUYER = BuyerLimits(files=10, records=30, total_bytes=100 * 1024 * 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBytes:
    """Bytes that are in the store, under an id that no file has yet. A file that is scanned waits for its scan."""

    file_id: str
    media_type: str
    size: int
    digest: str
    is_scanned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNote:
    """What somebody says about a file. `line_id` is None for the whole claim."""

    by: Actor
    line_id: str | None = None
    caption: str | None = None


async def reserve(tx: Tx, merchant_id: str, file_id: str, now: datetime) -> None:
    """Bytes will be stored. Without `add` they are deleted after UPLOAD_WITHIN."""
    await file_leftovers.add(tx, merchant_id, file_id, now + UPLOAD_WITHIN)


async def add(
    tx: Tx, caller: Caller, claim_id: str, kept: KeptBytes, note: FileNote, now: datetime, *, limits: FileLimits
) -> ClaimFile:
    """Give reserved bytes to a claim.

    Raises NotFoundError, InvalidError for a line that the claim has not, and ConflictError above a limit or for an
    upload that took too long.
    """
    stored = await _claim_within_limits(tx, caller, claim_id, note, now, limits=limits, size=kept.size)
    if not await file_leftovers.take(tx, caller.merchant_id, kept.file_id, now + _MARGIN):
        raise ConflictError("upload_took_too_long", field="file")
    file = ClaimFile(
        file_id=kept.file_id,
        claim_id=claim_id,
        line_id=note.line_id,
        status=FileStatus.WAITING if kept.is_scanned else FileStatus.READY,
        media_type=kept.media_type,
        size=kept.size,
        digest=kept.digest,
        source_url=None,
        caption=note.caption,
        role=note.by.role.value,
        author=note.by.name,
        added_at=now,
    )
    return await _add(tx, caller, stored, file, note.by, now)


async def add_url(
    tx: Tx, caller: Caller, claim_id: str, url: str, note: FileNote, now: datetime, *, limits: FileLimits
) -> ClaimFile:
    """Add a file that is at a URL of somebody else. The service does not fetch the URL. Raises as `add`."""
    stored = await _claim_within_limits(tx, caller, claim_id, note, now, limits=limits, size=0)
    file = ClaimFile(
        file_id=new_id(now),
        claim_id=claim_id,
        line_id=note.line_id,
        status=FileStatus.READY,
        media_type=None,
        size=None,
        digest=sha256(url.encode()).hexdigest(),
        source_url=url,
        caption=note.caption,
        role=note.by.role.value,
        author=note.by.name,
        added_at=now,
    )
    return await _add(tx, caller, stored, file, note.by, now)


async def of_buyer(tx: Tx, caller: Caller, claim_id: str) -> list[ClaimFile]:
    """The files that the buyer has added, the oldest first. Raises NotFoundError."""
    await require_claim(tx, caller, claim_id)
    most, role = OF_BUYER.records, Role.BUYER.value
    return await claim_files.page(tx, caller.merchant_id, claim_id, limit=most, after=None, role=role)


async def page(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: str | None) -> list[ClaimFile]:
    """For an API key. The oldest file comes first. Raises NotFoundError."""
    rows = await claim_files.page(tx, caller.merchant_id, claim_id, limit=limit, after=after)
    if not rows:
        await require_claim(tx, caller, claim_id)
    return rows


async def read(tx: Tx, caller: Caller, claim_id: str, file_id: str) -> ClaimFile:
    """For an API key. Raises NotFoundError, also for a file of another claim."""
    file = await claim_files.load(tx, caller.merchant_id, file_id)
    if file is None or file.claim_id != claim_id:
        raise NotFoundError("file", file_id)
    return file


async def erase(tx: Tx, caller: Caller, claim_id: str, file_id: str, by: Actor, now: datetime) -> ClaimFile:
    """Forget the bytes, the caption and the URL. The record stays, with its digest and with who has erased it. A file
    that is erased already does not change. Raises NotFoundError, and ConflictError for an order on legal hold."""
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await require_claim(tx, caller, claim_id)
    hold = await legal_holds.load(tx, caller.merchant_id, stored.claim.order_id)
    if hold is not None:
        raise ConflictError("order_on_legal_hold", set_at=hold.set_at.isoformat())
    file = await read(tx, caller, claim_id, file_id)
    erased = await end(tx, caller.merchant_id, file, FileStatus.ERASED, by, now)
    return erased or file


async def end(
    tx: Tx, merchant_id: str, file: ClaimFile, status: FileStatus, by: Actor, now: datetime
) -> ClaimFile | None:
    """Erase a file, under the lock of the claim's order. None for a file that is erased already."""
    ended = await claim_files.erase(tx, merchant_id, file.file_id, status, now, role=by.role.value, name=by.name)
    if ended is None:
        return None
    if file.has_bytes:
        await file_leftovers.add(tx, merchant_id, file.file_id, now)
    stored = await claims.load(tx, merchant_id, file.claim_id)
    if stored is None:
        raise LookupError(f"file {file.file_id} has no claim")
    await record_aside(tx, merchant_id, stored, "claim.file_erased", _event_data(ended, by), now)
    return ended


async def require_claim(tx: Tx, caller: Caller, claim_id: str) -> StoredClaim:
    """Raises NotFoundError."""
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None or not caller.reaches(stored.claim.order_id):
        raise NotFoundError("claim", claim_id)
    return stored


async def _claim_within_limits(
    tx: Tx, caller: Caller, claim_id: str, note: FileNote, now: datetime, *, limits: FileLimits, size: int
) -> StoredClaim:
    """The claim under the lock of its order, so that two uploads cannot both take the last place."""
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await require_claim(tx, caller, claim_id)
    if note.line_id is not None and stored.claim.line(note.line_id) is None:
        raise InvalidError("line_not_in_claim", line_id=note.line_id, field="line_id")
    if caller.order_id is not None:
        await _refuse_above_limits_of_buyer(tx, caller.merchant_id, caller.order_id, size)
    used = await claim_files.used(tx, caller.merchant_id, claim_id)
    if used.held >= limits.files:
        raise ConflictError("too_many_files", limit=limits.files, field="file")
    if used.records >= limits.files * _RECORDS_PER_FILE:
        raise ConflictError("too_many_file_records", limit=limits.files * _RECORDS_PER_FILE, field="file")
    if used.size + size > limits.total_bytes:
        raise ConflictError("files_too_large", limit=limits.total_bytes, used=int(used.size), field="file")
    return stored


async def _refuse_above_limits_of_buyer(tx: Tx, merchant_id: str, order_id: str, size: int) -> None:
    """The claims of an order have no number, so a buyer has limits for the whole order."""
    used = await claim_files.used_by_buyer(tx, merchant_id, order_id)
    if used.held >= OF_BUYER.files or used.records >= OF_BUYER.records:
        raise ConflictError("too_many_files_of_buyer", limit=OF_BUYER.files, field="file")
    if used.size + size > OF_BUYER.total_bytes:
        raise ConflictError("files_of_buyer_too_large", limit=OF_BUYER.total_bytes, used=int(used.size), field="file")


async def _add(
    tx: Tx, caller: Caller, stored: StoredClaim, file: ClaimFile, by: Actor, now: datetime
) -> ClaimFile:  # fmt: skip
    await claim_files.add(tx, caller.merchant_id, file)
    await record_aside(tx, caller.merchant_id, stored, "claim.file_added", _event_data(file, by), now)
    return file


def _event_data(file: ClaimFile, by: Actor) -> dict[str, Any]:
    """No words of a person: a history cannot be erased."""
    return {"by": by, "file": file_facts(file)}
