"""The FAQ of a merchant: entries with versions, and the entries that answer a question."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.faq.search import Index
from app.records.faq_entry import FaqEntry
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.store import faq_entries
from app.store.database import Tx

MOST_ENTRIES = 500
"""The entries in force of a merchant in one language."""
MOST_ANSWERS = 3
"""The answers to one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFaqEntry:
    """The next version of an entry. `author` is the person who wrote it, or None for the name of the key."""

    entry_id: str
    language: str
    question: str
    phrasings: tuple[str, ...]
    answer: str
    author: str | None


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """`closeness` is from 0, nothing in common, to 1, the same meanings."""

    entry: FaqEntry
    closeness: float


async def list_entries(tx: Tx, caller: Caller, language: str | None) -> list[FaqEntry]:
    """The entries in force, in one language or in all."""
    return await faq_entries.in_force(tx, caller.merchant_id, language)


async def versions(tx: Tx, caller: Caller, language: str, entry_id: str) -> list[FaqEntry]:
    """All versions of an entry, the newest first. Raises NotFoundError."""
    found = await faq_entries.versions(tx, caller.merchant_id, language, entry_id)
    if not found:
        raise NotFoundError("faq_entry", entry_id)
    return found


async def put(tx: Tx, caller: Caller, new: NewFaqEntry, now: datetime) -> FaqEntry:
    """Store the next version of an entry; it is in force at once. Raises ConflictError above MOST_ENTRIES."""
    earlier = await faq_entries.versions(tx, caller.merchant_id, new.language, new.entry_id)
    if not _is_in_force(earlier):
        in_force = await faq_entries.in_force(tx, caller.merchant_id, new.language)
        if len(in_force) >= MOST_ENTRIES:
            raise ConflictError("too_many_faq_entries", limit=MOST_ENTRIES)
    entry = FaqEntry(
        merchant_id=caller.merchant_id,
        entry_id=new.entry_id,
        language=new.language,
        version=_next_version(earlier),
        question=new.question,
        phrasings=new.phrasings,
        answer=new.answer,
        written_by=caller.signs(new.author),
        created_at=now,
    )
    await faq_entries.add(tx, entry)
    return entry


async def remove(tx: Tx, caller: Caller, language: str, entry_id: str, now: datetime) -> FaqEntry:
    """Take an entry out of force, and return its last version. Versions stay stored. Raises NotFoundError."""
    earlier = await faq_entries.versions(tx, caller.merchant_id, language, entry_id)
    if not _is_in_force(earlier):
        raise NotFoundError("faq_entry", entry_id)
    last = earlier[0]
    removal = FaqEntry(
        merchant_id=caller.merchant_id,
        entry_id=entry_id,
        language=language,
        version=_next_version(earlier),
        question=last.question,
        phrasings=last.phrasings,
        answer=None,
        written_by=caller.name,
        created_at=now,
    )
    await faq_entries.add(tx, removal)
    return last


async def find(entries: Sequence[FaqEntry], language: str, question: str) -> list[FaqMatch]:
    """The entries in force that answer a question, the best first, at most MOST_ANSWERS. None is an answer too."""
    by_id = {entry.entry_id: entry for entry in entries}
    phrasings = {entry_id: entry.ways_to_ask for entry_id, entry in by_id.items()}
    matches = await asyncio.to_thread(lambda: Index(phrasings, language).find(question))
    return [FaqMatch(by_id[match.entry], match.closeness) for match in matches[:MOST_ANSWERS]]


def _is_in_force(newest_first: Sequence[FaqEntry]) -> bool:
    return bool(newest_first) and newest_first[0].answer is not None


def _next_version(newest_first: Sequence[FaqEntry]) -> int:
    return newest_first[0].version + 1 if newest_first else 1
