"""Signed checkpoints: how far the feeds were, and digests of all that was in them. Kept outside of the database, a
checkpoint shows later that nothing before it was changed or cut.

A checkpoint goes on from the one before, so that making one reads only what is new. Events that wait in the outbox are
in the next checkpoint.
"""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from app import json_text
from app.records.checkpoint import Checkpoint, DigestedRow, FeedDigest, following
from app.records.merchant import Mode
from app.store import verification
from app.store.database import Tx
from app.store.statements import Row
from app.webhooks.signature import Secret, is_signed

_CHECKPOINT = TypeAdapter(Checkpoint)
_VERSION = 1


class CheckpointError(Exception):
    """A checkpoint cannot be read, nobody with the key has signed it, or it does not go on."""


async def advance(tx: Tx, feeds: MutableMapping[str, FeedDigest], is_enough: Callable[[], bool]) -> int:
    """Bring the digests up to the present ends of the feeds of live merchants, or until it is enough. Returns the
    number of rows.

    Raises CheckpointError for a feed that is shorter than its digest: it was cut, or the database was restored.
    """
    count = 0
    async for head in verification.feed_heads_of_all(tx):
        if head.mode == Mode.TEST:  # the feed may be deleted
            continue
        digest = feeds.get(head.merchant_id, FeedDigest())
        if head.position < digest.position:
            lengths = f"{head.position} positions, and its last checkpoint {digest.position}"
            raise CheckpointError(f"the feed of {head.merchant_id} has {lengths}")
        async for row in verification.feed_of(tx, head.merchant_id, after=digest.position):
            feeds[head.merchant_id] = digest = following(digest, digested(row))
            count += 1
            if is_enough():
                return count
    return count


def digested(row: Row) -> DigestedRow:
    """From a row of `verification.feed_of`."""
    return DigestedRow(
        position=row.position,
        event_id=row.event_id,
        type=row.type,
        at=row.at,
        subject=row.subject,
        subject_id=row.subject_id,
        body=row.body,
        source=row.hash or row.notice_data or "",
    )


def signed(feeds: Mapping[str, FeedDigest], made_at: datetime, secret: Secret) -> bytes:
    """The file: the checkpoint, and its signature over exactly this JSON."""
    content = json_text.dump({"version": _VERSION, "made_at": made_at, "feeds": _sorted(feeds)})
    return json_text.dump({"checkpoint": json_text.load(content), "signature": secret.sign(content.encode())}).encode()


def _sorted(feeds: Mapping[str, FeedDigest]) -> dict[str, dict[str, object]]:
    return {merchant_id: asdict(feeds[merchant_id]) for merchant_id in sorted(feeds)}


def write(path: Path, file: bytes) -> None:
    """All of the file or nothing of it."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(file)
    unfinished.replace(path)


def read(file: bytes, key: str) -> Checkpoint:
    """Raises CheckpointError. The key must have signed the checkpoint."""
    try:
        document = json_text.load(file.decode())
        content, signature = document["checkpoint"], str(document["signature"])
        text = json_text.dump(content)
        version = content.pop("version")
        checkpoint = _CHECKPOINT.validate_python(content)
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise CheckpointError("this is no checkpoint") from None
    if version != _VERSION:
        raise CheckpointError(f"this checkpoint has version {version}, and this release reads {_VERSION}")
    if not is_signed(key, text.encode(), signature):
        raise CheckpointError("the signature of this checkpoint is not by RECOURSE_CHECKPOINT_KEY")
    return checkpoint
