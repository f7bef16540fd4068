"""The FAQ of merchants. Each version of an entry is written once, and the newest version is in force."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, select

from app import json_text
from app.records.faq_entry import FaqEntry
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import faq_entries

_t = faq_entries.c
_COLUMNS = tuple(column.name for column in _t)
_NEWEST = (
    select(_t.language, _t.entry_id, func.max(_t.version).label("version"))
    .where(_t.merchant_id == bindparam("merchant"))
    .group_by(_t.language, _t.entry_id)
    .subquery("newest")
)
_IN_FORCE = (
    select(faq_entries)
    .join(_NEWEST, and_(*(_t[name] == _NEWEST.c[name] for name in ("language", "entry_id", "version"))))
    .where(_t.merchant_id == bindparam("merchant"), _t.answer.is_not(None))
    .order_by(_t.language, _t.entry_id)
)
_ALL_IN_FORCE = Statement(_IN_FORCE)
_OF_LANGUAGE = Statement(_IN_FORCE.where(_t.language == bindparam("spoken")))
_VERSIONS = Statement(
    select(faq_entries)
    .where(
        _t.merchant_id == bindparam("merchant"),
        _t.language == bindparam("spoken"),
        _t.entry_id == bindparam("entry"),
    )
    .order_by(_t.version.desc())
)
_INSERT = Statement(insert(faq_entries))


async def in_force(tx: Tx, merchant_id: str, language: str | None = None) -> list[FaqEntry]:
    """The entries in force, in one language or in all, by language and id."""
    if language is None:
        return _entries(await tx.fetch(_ALL_IN_FORCE, {"merchant": merchant_id}))
    return _entries(await tx.fetch(_OF_LANGUAGE, {"merchant": merchant_id, "spoken": language}))


async def versions(tx: Tx, merchant_id: str, language: str, entry_id: str) -> list[FaqEntry]:
    """All versions of an entry, the newest first, with removals."""
    key = {"merchant": merchant_id, "spoken": language, "entry": entry_id}
    return _entries(await tx.fetch(_VERSIONS, key))


async def add(tx: Tx, entry: FaqEntry) -> None:
    """Raises IntegrityError when another transaction has written this version meanwhile."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in _COLUMNS}
    await tx.fetch(_INSERT, {**values, "phrasings": json_text.dump(entry.phrasings)})


def _entries(rows: Iterable[Row]) -> list[FaqEntry]:
    return [FaqEntry(**{**row._asdict(), "phrasings": tuple(json_text.load(row.phrasings))}) for row in rows]
