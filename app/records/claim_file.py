"""Files of a claim: photos, documents and videos that show facts. The bytes are in a store, and not in the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FileStatus(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    INFECTED = "infected"
    ERASED = "erased"


HELD = frozenset({FileStatus.WAITING, FileStatus.READY})
"""The statuses of a file whose bytes are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFile:
    """`digest` is the SHA-256 of the kept bytes, in hexadecimal, and `size` is their number. A file that is registered
    by its URL has no type and no size, and the digest of the URL. `line_id` is None for the whole claim. `role` and
    `author` name who has added the file, and `erased_role` and `erased_by` who has erased the bytes."""

    file_id: str
    claim_id: str
    line_id: str | None
    status: FileStatus
    media_type: str | None
    size: int | None
    digest: str
    source_url: str | None
    caption: str | None
    role: str
    author: str
    added_at: datetime
    erased_at: datetime | None = None
    erased_role: str | None = None
    erased_by: str | None = None

    @property
    def has_bytes(self) -> bool:
        return self.size is not None and self.status in HELD
