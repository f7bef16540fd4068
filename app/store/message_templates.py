"""Merchants' own templates. Each version is written once, and the newest version is in force."""

from sqlalchemy import and_, bindparam, func, insert, select

from app.records.message_template import StoredTemplate
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import message_templates

_t = message_templates.c
_COLUMNS = tuple(column.name for column in _t)
_NEWEST = (
    select(_t.event, _t.audience, _t.language, func.max(_t.version).label("version"))
    .where(_t.merchant_id == bindparam("merchant"))
    .group_by(_t.event, _t.audience, _t.language)
    .subquery("newest")
)
_IN_FORCE = (
    select(message_templates)
    .join(
        _NEWEST,
        and_(*(_t[name] == _NEWEST.c[name] for name in ("event", "audience", "language", "version"))),
    )
    .where(_t.merchant_id == bindparam("merchant"))
)
_ALL_IN_FORCE = Statement(_IN_FORCE.order_by(_t.event, _t.audience, _t.language))
_OF_EVENT = Statement(_IN_FORCE.where(_t.event == bindparam("happened")))
_NEXT_VERSION = Statement(
    select((func.coalesce(func.max(_t.version), 0) + 1).label("version")).where(
        _t.merchant_id == bindparam("merchant"),
        _t.event == bindparam("happened"),
        _t.audience == bindparam("reader"),
        _t.language == bindparam("spoken"),
    )
)
_INSERT = Statement(insert(message_templates))


async def in_force(tx: Tx, merchant_id: str) -> list[StoredTemplate]:
    """The newest version of each template, including removals."""
    return [StoredTemplate(**row._asdict()) for row in await tx.fetch(_ALL_IN_FORCE, {"merchant": merchant_id})]


async def of_event(tx: Tx, merchant_id: str, event: str) -> dict[tuple[str, str], StoredTemplate]:
    """The newest version for each audience and language."""
    rows = await tx.fetch(_OF_EVENT, {"merchant": merchant_id, "happened": event})
    return {(row.audience, row.language): StoredTemplate(**row._asdict()) for row in rows}


async def next_version(tx: Tx, merchant_id: str, event: str, audience: str, language: str) -> int:
    key = {"merchant": merchant_id, "happened": event, "reader": audience, "spoken": language}
    (row,) = await tx.fetch(_NEXT_VERSION, key)
    return int(row.version)


async def add(tx: Tx, template: StoredTemplate) -> None:
    """Raises IntegrityError when another transaction has written this version meanwhile."""
    await tx.fetch(_INSERT, {name: getattr(template, name) for name in _COLUMNS})
