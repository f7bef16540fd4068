"""The feed of a merchant: every published event in order, for merchants that poll."""

from collections.abc import Collection

from app.records.event import FeedEvent
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.events.types import require_known
from app.store import feed
from app.store.database import Tx


async def page(tx: Tx, caller: Caller, *, limit: int, after: int, types: Collection[str] | None) -> list[FeedEvent]:
    """The events after a position, oldest first."""
    require_known(types or ())
    return await feed.page(tx, caller.merchant_id, limit=limit, after=after, types=types)


async def read(tx: Tx, caller: Caller, event_id: str) -> FeedEvent:
    event = await feed.load(tx, caller.merchant_id, event_id)
    if event is None:
        raise NotFoundError("event", event_id)
    return event
