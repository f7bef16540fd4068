"""Look-ups of buyers who have no link: a queue for the worker, and counts for each hour."""

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, insert, literal, select, tuple_, update

from app.records.buyer_lookup import BuyerLookup, Counted
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import buyer_lookups, lookup_counts

PURGED_AT_ONCE = 1_000

_FIELDS = tuple(BuyerLookup.__slots__)
_INSERT = Statement(insert(buyer_lookups))
_OLDEST = (
    select(buyer_lookups.c.merchant_id, buyer_lookups.c.lookup_id)
    .where(buyer_lookups.c.created_at <= bindparam("now"))
    .order_by(buyer_lookups.c.created_at)
    .limit(1)
    .with_for_update(skip_locked=True)
    .cte("oldest")
)
_TAKE = Statement(
    delete(buyer_lookups)
    .where(
        tuple_(buyer_lookups.c.merchant_id, buyer_lookups.c.lookup_id).in_(
            select(_OLDEST.c.merchant_id, _OLDEST.c.lookup_id)
        )
    )
    .returning(buyer_lookups.c.merchant_id, *(buyer_lookups.c[name] for name in _FIELDS))
)
_COUNT = Statement(
    update(lookup_counts)
    .where(
        and_(
            lookup_counts.c.merchant_id == bindparam("merchant"),
            lookup_counts.c.counted == bindparam("what"),
            lookup_counts.c.digest == bindparam("of"),
            lookup_counts.c.hour_at == bindparam("hour"),
        )
    )
    .values(lookups=lookup_counts.c.lookups + 1)
    .returning(lookup_counts.c.lookups)
)
_BEGIN = Statement(insert(lookup_counts))
_EXPIRED = (
    select(*lookup_counts.primary_key.columns)
    .where(lookup_counts.c.hour_at < bindparam("before"))
    .order_by(lookup_counts.c.hour_at)
    .limit(PURGED_AT_ONCE)
    .with_for_update(skip_locked=True)
    .cte("expired")
)
_PURGE = Statement(
    delete(lookup_counts)
    .where(tuple_(*lookup_counts.primary_key.columns).in_(select(*_EXPIRED.c)))
    .returning(literal(1).label("purged"))
)


async def add(tx: Tx, merchant_id: str, new: BuyerLookup) -> None:
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **{name: getattr(new, name) for name in _FIELDS}})


async def take(tx: Tx, now: datetime) -> tuple[str, BuyerLookup] | None:
    """Take the oldest look-up out of the queue, with its merchant's id. None if none waits."""
    row = await tx.first(_TAKE, {"now": now})
    if row is None:
        return None
    return row.merchant_id, BuyerLookup(**{name: getattr(row, name) for name in _FIELDS})


async def count(tx: Tx, merchant_id: str, counted: Counted, digest: str, hour: datetime) -> int:
    """Count one look-up, and return how many the hour has. Raises IntegrityError when another transaction counts the
    first one at the same moment."""
    row = await tx.first(_COUNT, {"merchant": merchant_id, "what": counted, "of": digest, "hour": hour})
    if row is not None:
        return int(row.lookups)
    first = {"merchant_id": merchant_id, "counted": counted, "digest": digest, "hour_at": hour, "lookups": 1}
    await tx.fetch(_BEGIN, first)
    return 1


async def purge(tx: Tx, before: datetime) -> int:
    """Delete counts of hours before an instant, at most PURGED_AT_ONCE. Returns how many."""
    return len(await tx.fetch(_PURGE, {"before": before}))
