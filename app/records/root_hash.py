"""The root hash of a merchant's day: a Merkle root over the heads of the histories that have grown since the day
before, over the entries of the audit trail, and over the root of the day before.

The tree is that of RFC 9162, section 2.1.1: a leaf is hashed with the byte 0 in front, and a node with the byte 1.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.records.field_digest import hash_of, instant, optional

FIRST = "0" * 64
"""What stands in the place of the root before the first."""
_TEXT = re.compile(
    r"Recourse root hash 1\nmerchant: (?P<merchant>\S+)\nday: (?P<day>\d{4}-\d\d-\d\d)\nroot: (?P<root>[0-9a-f]{64})\n?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RootHash:
    """`position` is the last position of the feed that the root covers, and `entries_until_at` the first instant whose
    entries of the audit trail it does not cover. `leaves` is their number, without the root before."""

    merchant_id: str
    day_on: date
    position: int
    entries_until_at: datetime
    leaves: int
    previous: str
    root: str
    made_at: datetime

    @property
    def text(self) -> str:
        """What can be published: nobody learns from it what is in the histories."""
        return f"Recourse root hash 1\nmerchant: {self.merchant_id}\nday: {self.day_on}\nroot: {self.root}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRoot:
    """A root hash that was kept elsewhere. A root alone names neither a merchant nor a day."""

    root: str
    merchant_id: str | None = None
    day_on: date | None = None


def read_published(text: str) -> PublishedRoot | None:
    """None for a text that is no root hash."""
    if re.fullmatch(r"[0-9a-f]{64}", text.strip()):
        return PublishedRoot(root=text.strip())
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    return PublishedRoot(root=found["root"], merchant_id=found["merchant"], day_on=date.fromisoformat(found["day"]))


def head_leaf(claim_id: str, head: str) -> bytes:
    return f"claim {claim_id} {head}".encode()


def entry_leaf(fields: Iterable[str | datetime | None]) -> bytes:
    """Of an entry of the audit trail, from its columns."""
    texts = (instant(each) if isinstance(each, datetime) else optional(each) for each in fields)
    return f"entry {hash_of(texts)}".encode()


def root_of(previous: str, leaves: Sequence[bytes]) -> str:
    """The leaves are in the order in which they are given."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in (f"root {previous}".encode(), *leaves)]
    return _root(level).hex()


def _root(level: Sequence[bytes]) -> bytes:
    """The left part is the largest power of two below the number of leaves."""
    if len(level) == 1:
        return level[0]
    left = 1 << ((len(level) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + _root(level[:left]) + _root(level[left:])).digest()
