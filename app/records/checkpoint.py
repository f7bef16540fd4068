"""A checkpoint: how long each merchant's feed was at an instant, and a digest of all of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDigest:
    """`digest` covers every row of the feed from the first to `position`, and the event that each row tells."""

    position: int = 0
    digest: str = BEGINNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The digests by merchant. Merchants without events have none."""

    made_at: datetime
    feeds: Mapping[str, FeedDigest]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestedRow:
    """A row of the feed. `source` is the hash of the event in the history of a claim, or the data of a notice. Empty:
    the event is gone."""

    position: int
    event_id: str
    type: str
    at: datetime
    subject: str
    subject_id: str
    body: str
    source: str


def following(before: FeedDigest, row: DigestedRow) -> FeedDigest:
    """SHA-256 over the digest before the row and the fields of the row. Each field is hashed by itself, so that no
    text can pass for two fields."""
    moment = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = (row.position, row.event_id, row.type, moment, row.subject, row.subject_id, row.body, row.source)
    hashed = hashlib.sha256(before.digest.encode())
    for field in fields:
        hashed.update(hashlib.sha256(str(field).encode()).digest())
    return FeedDigest(position=row.position, digest=hashed.hexdigest())
