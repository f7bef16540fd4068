"""Root hashes: the worker makes one for each day and merchant, after the day has ended in UTC, and a merchant lists
them to publish them."""

from datetime import UTC, date, datetime, timedelta

from app.records.root_hash import FIRST, RootHash, root_of
from app.service.callers import Caller
from app.store import root_hashes
from app.store.database import Database, Tx

_AFTER_MIDNIGHT = timedelta(minutes=10)
"""No transaction of the day before is open any more."""


async def make_next(database: Database, now: datetime, *, after: str = "") -> int:
    """Make the root of yesterday of one merchant that has none. Returns how many were made."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if now < midnight + _AFTER_MIDNIGHT:
        return 0
    day = midnight.date() - timedelta(days=1)

    async def work(tx: Tx) -> int:
        found = await root_hashes.next_without(tx, day, after=after)
        if found is None:
            return 0
        merchant_id, position = found
        before = await root_hashes.last(tx, merchant_id)
        leaves = await root_hashes.leaves(tx, merchant_id, before, position, midnight)
        previous = before.root if before else FIRST
        root = RootHash(
            merchant_id=merchant_id,
            day_on=day,
            position=position,
            entries_until_at=midnight,
            leaves=len(leaves),
            previous=previous,
            root=root_of(previous, leaves),
            made_at=now,
        )
        await root_hashes.add(tx, root)
        return 1

    return await database.write(work)


async def page(tx: Tx, caller: Caller, *, limit: int, after: tuple[date] | None) -> list[RootHash]:
    """The newest day comes first."""
    return await root_hashes.page(tx, caller.merchant_id, limit=limit, before=after and after[0])
