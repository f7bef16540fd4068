"""The use cases of deliveries: list, read with every attempt, send again.

A delivery that is sent again keeps its event and its `webhook-id`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.records.delivery import Attempt, Delivery, DeliveryStatus, NewDelivery
from app.records.endpoint import Endpoint
from app.records.event import FeedEvent
from app.service import endpoints
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.ids import first_id, new_id
from app.store import deliveries, feed, queue
from app.store import endpoints as stored_endpoints
from app.store.database import Tx

REPLAY_MAX = 10_000
_ON_THEIR_WAY = timedelta(minutes=1)
"""An event that was not published yet when its endpoint was disabled was missed too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Events by position, including both ends, or by time, `[from_at, before_at)`. None leaves an end open."""

    from_position: int | None = None
    to_position: int | None = None
    from_at: datetime | None = None
    before_at: datetime | None = None


async def page(
    tx: Tx, caller: Caller, endpoint_id: str, *, limit: int, status: DeliveryStatus | None, after: str | None
) -> list[Delivery]:
    """The newest delivery comes first."""
    await endpoints.read(tx, caller, endpoint_id)
    return await deliveries.page(tx, caller.merchant_id, endpoint_id, limit=limit, status=status, after=after)


async def read(tx: Tx, caller: Caller, delivery_id: str) -> tuple[Delivery, list[Attempt]]:
    delivery = await deliveries.load(tx, caller.merchant_id, delivery_id)
    if delivery is None:
        raise NotFoundError("delivery", delivery_id)
    return delivery, await deliveries.attempts_at(tx, caller.merchant_id, delivery_id)


async def resend(tx: Tx, caller: Caller, delivery_id: str, now: datetime) -> tuple[Delivery, list[Attempt]]:
    """Send a delivery again at once, in any status, with the whole schedule of attempts. Raises NotFoundError for
    a deleted endpoint."""
    delivery, _ = await read(tx, caller, delivery_id)
    await endpoints.take(tx, caller, delivery.endpoint_id)
    await deliveries.resend(tx, caller.merchant_id, delivery_id, now)
    return await read(tx, caller, delivery_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """`next_cursor` is where the next call goes on; None if no failed delivery is left. `missed_from_at`: the endpoint
    was disabled from this instant on, and the events since then are in no delivery."""

    queued: int
    next_cursor: str | None
    missed_from_at: datetime | None


async def recover(
    tx: Tx,
    caller: Caller,
    endpoint_id: str,
    since: datetime,
    now: datetime,
    *,
    cursor: str | None = None,
    limit: int = REPLAY_MAX,
) -> Recovered:
    """Send the failed deliveries since an instant again, at most `limit`, the oldest first."""
    endpoint = await endpoints.take(tx, caller, endpoint_id)
    key = (caller.merchant_id, endpoint_id)
    queued = await deliveries.recover(tx, *key, since=since, after=cursor or "", now=now, limit=limit)
    last = max(queued, default="")
    missed_from_at = endpoint.missed_from_at or endpoint.disabled_at
    is_more = len(queued) == limit and await deliveries.has_failed(tx, *key, since=since, after=last)
    return Recovered(
        queued=len(queued),
        next_cursor=last if is_more else None,
        missed_from_at=missed_from_at and missed_from_at - _ON_THEIR_WAY,
    )


async def replay(
    tx: Tx, caller: Caller, endpoint_id: str, events_range: Range, now: datetime
) -> tuple[int, int | None]:
    """Send the events of a range again that have the endpoint's types. Returns the number of events, and the next
    position if the range has more than REPLAY_MAX events."""
    endpoint = await endpoints.take(tx, caller, endpoint_id)
    page = await feed.page(
        tx,
        caller.merchant_id,
        limit=REPLAY_MAX + 1,
        types=endpoint.types or None,
        from_position=events_range.from_position,
        to_position=events_range.to_position,
        from_id=events_range.from_at and first_id(events_range.from_at),
        before_id=events_range.before_at and first_id(events_range.before_at),
    )
    events, more = page[:REPLAY_MAX], page[REPLAY_MAX:]
    if endpoint.missed_from_at is not None and events:
        await _forget_what_was_missed(tx, endpoint, endpoint.missed_from_at, events[0])
    await queue.replay(tx, [_new_delivery(event, endpoint_id, now) for event in events])
    return len(events), more[0].position if more else None


async def _forget_what_was_missed(tx: Tx, endpoint: Endpoint, since: datetime, first: FeedEvent) -> None:
    """A replay that begins before the first missed event or with it tells the caller where the next call goes on."""
    missed = await feed.page(
        tx, endpoint.merchant_id, limit=1, types=endpoint.types or None, from_id=first_id(since)
    )  # fmt: skip
    if not missed or first.position <= missed[0].position:
        await stored_endpoints.forget_missed(tx, endpoint)


def _new_delivery(event: FeedEvent, endpoint_id: str, now: datetime) -> NewDelivery:
    return NewDelivery(
        merchant_id=event.merchant_id,
        delivery_id=new_id(now),
        endpoint_id=endpoint_id,
        event_id=event.event_id,
        position=event.position,
        created_at=now,
    )
