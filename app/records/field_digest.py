"""A hash over fields, which no two lists of fields share."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime


def hash_of(fields: Iterable[str]) -> str:
    """SHA-256 in hexadecimal. Each field is hashed by itself, so that no text can pass for two fields."""
    hashed = hashlib.sha256()
    for field in fields:
        hashed.update(hashlib.sha256(field.encode()).digest())
    return hashed.hexdigest()


def optional(text: str | None) -> str:
    """A field that may be missing. A missing text is not an empty text."""
    return "" if text is None else f"={text}"


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
