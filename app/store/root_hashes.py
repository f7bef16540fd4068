"""Root hashes: one for each day of a merchant, and what they are made of."""

from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, insert, literal, select, tuple_

from app.records.root_hash import FIRST, RootHash, entry_leaf, head_leaf
from app.store.database import Tx
from app.store.merchant_clocks import is_live
from app.store.statements import Listing, Statement
from app.store.tables import audit_entries, claim_events, feed, feed_heads, merchants, root_hashes

_c = root_hashes.c
_FIELDS = tuple(field.name for field in fields(RootHash))
_READ = tuple(_c[name] for name in _FIELDS)
_ROWS_A_PAGE = 1_000
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_INSERT = Statement(insert(root_hashes))
_LAST = Statement(select(*_READ).where(_c.merchant_id == bindparam("merchant")).order_by(_c.day_on.desc()).limit(1))
_PAGE = Listing(
    select(*_READ)
    .where(_c.merchant_id == bindparam("merchant"))
    .order_by(_c.day_on.desc())
    .limit(bindparam("at_most")),
    {"before": _c.day_on < bindparam("before")},
)
_WITHOUT = Statement(
    select(merchants.c.merchant_id, feed_heads.c.position)
    .select_from(merchants.outerjoin(feed_heads, feed_heads.c.merchant_id == merchants.c.merchant_id))
    .where(
        is_live(merchants),
        merchants.c.merchant_id > bindparam("after"),
        ~exists(select(literal(1)).where(_c.merchant_id == merchants.c.merchant_id, _c.day_on >= bindparam("day"))),
    )
    .order_by(merchants.c.merchant_id)
    .limit(1)
)
_EVERY = Statement(
    select(*_READ)
    .where(tuple_(_c.merchant_id, _c.day_on) > tuple_(bindparam("merchant"), bindparam("after", type_=_c.day_on.type)))
    .order_by(_c.merchant_id, _c.day_on)
    .limit(_ROWS_A_PAGE)
)
_HEADS = Statement(
    select(feed.c.position, claim_events.c.claim_id, claim_events.c.seq, claim_events.c.hash)
    .select_from(
        feed.outerjoin(
            claim_events,
            and_(claim_events.c.merchant_id == feed.c.merchant_id, claim_events.c.event_id == feed.c.event_id),
        )
    )
    .where(
        feed.c.merchant_id == bindparam("merchant"),
        feed.c.position > bindparam("after"),
        feed.c.position <= bindparam("upto"),
    )
    .order_by(feed.c.position)
    .limit(_ROWS_A_PAGE)
)
_e = audit_entries.c
_PLACE = (_e.created_at, _e.entry_id)
_HASHED = ("entry_id", "created_at", "action", "actor_kind", "actor_id", "actor_name", "ip_address", "subject")
_ENTRIES = Statement(
    select(*(_e[name] for name in (*_HASHED, "subject_id", "changes")))
    .where(
        _e.merchant_id == bindparam("merchant"),
        tuple_(*_PLACE)
        > tuple_(bindparam("after_at", type_=_e.created_at.type), bindparam("after_id", type_=_e.entry_id.type)),
        _e.created_at < bindparam("until"),
    )
    .order_by(*_PLACE)
    .limit(_ROWS_A_PAGE)
)


async def add(tx: Tx, root: RootHash) -> None:
    """Raises IntegrityError if the day has a root already."""
    await tx.fetch(_INSERT, {name: getattr(root, name) for name in _FIELDS})


async def last(tx: Tx, merchant_id: str) -> RootHash | None:
    row = await tx.first(_LAST, {"merchant": merchant_id})
    return None if row is None else RootHash(**row._asdict())


async def page(tx: Tx, merchant_id: str, *, limit: int, before: date | None) -> list[RootHash]:
    """The newest day comes first."""
    narrowed = {} if before is None else {"before": before}
    rows = await tx.fetch(_PAGE.narrowed(narrowed), {"merchant": merchant_id, "at_most": limit, **narrowed})
    return [RootHash(**row._asdict()) for row in rows]


async def next_without(tx: Tx, day: date, *, after: str) -> tuple[str, int] | None:
    """The next live merchant that has no root of a day or later, and the last position of its feed."""
    row = await tx.first(_WITHOUT, {"day": day, "after": after})
    return None if row is None else (str(row.merchant_id), int(row.position or 0))


async def every(tx: Tx) -> AsyncIterator[RootHash]:
    """The roots of all merchants, by merchant and day."""
    values: dict[str, Any] = {"merchant": "", "after": date(2000, 1, 1)}
    while rows := await tx.fetch(_EVERY, values):
        for row in rows:
            yield RootHash(**row._asdict())
        values = {"merchant": rows[-1].merchant_id, "after": rows[-1].day_on}


async def leaves(tx: Tx, merchant_id: str, before: RootHash | None, position: int, until: datetime) -> list[bytes]:
    """The heads of the histories that have grown in the feed after the root before, by the ids of the claims, and then
    the entries of the audit trail since."""
    heads: dict[str, tuple[int, str]] = {}
    values: dict[str, Any] = {"merchant": merchant_id, "after": before.position if before else 0, "upto": position}
    while rows := await tx.fetch(_HEADS, values):
        for row in rows:
            if row.claim_id is not None and heads.get(row.claim_id, (0, FIRST))[0] < row.seq:
                heads[row.claim_id] = (row.seq, row.hash)
        values["after"] = rows[-1].position
    of_claims = [head_leaf(claim_id, heads[claim_id][1]) for claim_id in sorted(heads)]
    return [*of_claims, *[leaf async for leaf in _entries(tx, merchant_id, before, until)]]


async def _entries(tx: Tx, merchant_id: str, before: RootHash | None, until: datetime) -> AsyncIterator[bytes]:
    since = before.entries_until_at if before else _BEGINNING
    values: dict[str, Any] = {"merchant": merchant_id, "after_at": since, "after_id": "", "until": until}
    while rows := await tx.fetch(_ENTRIES, values):
        for row in rows:
            yield entry_leaf(row)
        values |= {"after_at": rows[-1].created_at, "after_id": rows[-1].entry_id}
