"""The feed of a merchant: every published event in order, for merchants that poll."""

from collections.abc import Collection
from typing import NamedTuple

from app.records.event import FeedEvent
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.events.types import require_known
from app.store import feed
from app.store.database import Tx


class Place(NamedTuple):
    """Where a reader of the feed is. After a restore from a backup, positions are given out again, and ids never are:
    the id says whether the reader's event is still at the position. A cursor of an earlier release has no id."""

    position: int
    event_id: str | None = None


class FeedRestoredError(Exception):
    """The feed has lost the reader's event. All that the reader has not seen comes after `go_on_after`; None is the
    beginning."""

    def __init__(self, go_on_after: Place | None) -> None:
        super().__init__(go_on_after)
        self.go_on_after = go_on_after


async def page(
    tx: Tx, caller: Caller, *, limit: int, after: Place | None, types: Collection[str] | None
) -> list[FeedEvent]:
    """The events after a place, oldest first. Raises FeedRestoredError when the place is not in the feed any more."""
    require_known(types or ())
    if after is not None and after.position:
        await _check_place(tx, caller.merchant_id, after)
    return await feed.page(tx, caller.merchant_id, limit=limit, after=after.position if after else 0, types=types)


async def _check_place(tx: Tx, merchant_id: str, place: Place) -> None:
    found = await feed.event_at(tx, merchant_id, place.position)
    if found is None if place.event_id is None else found != place.event_id:
        raise FeedRestoredError(await _last_seen(tx, merchant_id, place))


async def _last_seen(tx: Tx, merchant_id: str, lost: Place) -> Place | None:
    """Ids rise with time. Up to the first event that is younger than the lost one, the reader has seen all: those
    events are older than the backup."""
    if lost.event_id is None:
        return None
    position = await feed.last_before(tx, merchant_id, lost.event_id)
    event_id = await feed.event_at(tx, merchant_id, position)
    return Place(position, event_id) if event_id else None


async def read(tx: Tx, caller: Caller, event_id: str) -> FeedEvent:
    event = await feed.load(tx, caller.merchant_id, event_id)
    if event is None:
        raise NotFoundError("event", event_id)
    return event
