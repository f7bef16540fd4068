"""The feed of a merchant: all of its published events, in one order without gaps.

Positions are given out under a lock on the merchant's head. The lock is held until the commit, so that a reader that
goes on from the last position it saw misses nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, func, insert, literal, select, update

from app.records.event import FeedEvent
from app.store import upcasts
from app.store.database import Tx
from app.store.statements import Listing, Statement
from app.store.tables import feed, feed_heads, outbox

_COLUMNS = tuple(column.name for column in feed.c)
_OF_MERCHANT = feed.c.merchant_id == bindparam("merchant")
_BEGIN = Statement(insert(feed_heads))
_FIRST_OF_OUTBOX = (
    select(outbox.c.event_id)
    .where(outbox.c.merchant_id == feed_heads.c.merchant_id)
    .order_by(outbox.c.event_id)
    .limit(1)
    .scalar_subquery()
)
"""In this form the database uses the index. A scan of the table would read the rows that were deleted lately."""
_TAKE = Statement(
    select(feed_heads.c.merchant_id, feed_heads.c.position)
    .where(_FIRST_OF_OUTBOX.is_not(None))
    .order_by(feed_heads.c.told_at)
    .limit(1)
    .with_for_update(skip_locked=True, of=feed_heads)
)
_ADVANCE = Statement(
    update(feed_heads)
    .where(feed_heads.c.merchant_id == bindparam("merchant"))
    .values(position=bindparam("new_position"), told_at=bindparam("new_told_at"))
)
_POSTPONE = Statement(
    update(feed_heads).where(feed_heads.c.merchant_id == bindparam("merchant")).values(told_at=bindparam("new_told_at"))
)
_INSERT = Statement(insert(feed))
_LOAD = Statement(select(feed).where(_OF_MERCHANT, feed.c.event_id == bindparam("event")))
_EVENT_AT = Statement(select(feed.c.event_id).where(_OF_MERCHANT, feed.c.position == bindparam("place")))
_FIRST_AFTER = Statement(
    select(func.min(feed.c.position).label("position")).where(_OF_MERCHANT, feed.c.event_id > bindparam("event"))
)
_HEAD = Statement(select(feed_heads.c.position).where(feed_heads.c.merchant_id == bindparam("merchant")))
_OF_TYPES = bindparam("types", type_=String).like(literal("%,", String) + feed.c.type + literal(",%", String))
_PAGE = Listing(
    select(feed).where(_OF_MERCHANT).order_by(feed.c.position).limit(bindparam("at_most")),
    {
        "after": feed.c.position > bindparam("after"),
        "from_position": feed.c.position >= bindparam("from_position"),
        "to_position": feed.c.position <= bindparam("to_position"),
        "from_id": feed.c.event_id >= bindparam("from_id"),
        "before_id": feed.c.event_id < bindparam("before_id"),
        "types": _OF_TYPES,
    },
)


async def begin(tx: Tx, merchant_id: str, now: datetime) -> None:
    """Make a merchant's feed, empty. Without a feed head no event of the merchant is published."""
    await tx.fetch(_BEGIN, {"merchant_id": merchant_id, "position": 0, "told_at": now})


async def take_head(tx: Tx) -> tuple[str, int] | None:
    """Lock the feed of the merchant whose last turn is the longest ago, of those with events in the outbox. Returns
    the merchant and the last position given out; None when no merchant has events, or others hold the feeds."""
    row = await tx.first(_TAKE)
    return None if row is None else (row.merchant_id, row.position)


async def add(tx: Tx, events: Sequence[FeedEvent]) -> None:
    """Store the next events with their positions. The caller holds the head."""
    await tx.run_all(_INSERT, [{name: getattr(event, name) for name in _COLUMNS} for event in events])


async def advance(tx: Tx, merchant_id: str, position: int, now: datetime) -> None:
    """Store the last position that was given out, and end the merchant's turn."""
    await tx.fetch(_ADVANCE, {"merchant": merchant_id, "new_position": position, "new_told_at": now})


async def postpone(tx: Tx, merchant_id: str, now: datetime) -> None:
    """End the merchant's turn without a new position."""
    await tx.fetch(_POSTPONE, {"merchant": merchant_id, "new_told_at": now})


async def load(tx: Tx, merchant_id: str, event_id: str) -> FeedEvent | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "event": event_id})
    return None if row is None else FeedEvent(**row._asdict())


async def event_at(tx: Tx, merchant_id: str, position: int) -> str | None:
    """The id of the event at a position, if the position has been given out."""
    row = await tx.first(_EVENT_AT, {"merchant": merchant_id, "place": position})
    return None if row is None else str(row.event_id)


async def last_before(tx: Tx, merchant_id: str, event_id: str) -> int:
    """The last position before the first event whose id is above an id. 0 if there is none."""
    first = await tx.first(_FIRST_AFTER, {"merchant": merchant_id, "event": event_id})
    if first is not None and first.position is not None:
        return int(first.position) - 1
    head = await tx.first(_HEAD, {"merchant": merchant_id})
    return 0 if head is None else int(head.position)


async def page(tx: Tx, merchant_id: str, *, limit: int, **narrowed: Any) -> list[FeedEvent]:
    """In the order of positions. Narrowed by `after`, `from_position`, `to_position`, `from_id`, `before_id`, and
    `types`."""
    conditions = {name: _bound(name, value) for name, value in narrowed.items() if value is not None}
    values: Mapping[str, Any] = {"merchant": merchant_id, "at_most": limit, **conditions}
    return [FeedEvent(**row._asdict()) for row in await tx.fetch(_PAGE.narrowed(conditions), values)]


def _bound(name: str, value: Any) -> Any:
    """A set of types is bound as one text with a comma before and after each type: a list of any length is not one
    value."""
    return f",{','.join(sorted(upcasts.with_older_event_types(value)))}," if name == "types" else value
