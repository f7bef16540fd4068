"""From committed events to what is sent: each gets its position in the merchant's feed, its messages, its body,
and a delivery for every endpoint that wants it, all in the transaction that takes it out of the outbox.

Any number of workers may do this at once: a merchant's head of the feed is held by one of them at a time.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError

from app.service.catalogue import DISABLED, FAILING, TEST
from app.service.ids import new_id
from app.service.telling import Compose, Told, no_messages
from app.store import codec, endpoints, feed, outbox, queue
from app.store.database import Database, Tx, lost_a_race
from app.store.endpoints import Endpoint
from app.store.feed import FeedEvent
from app.store.outbox import Untold
from app.store.queue import Queued
from app.telemetry import FANNED_OUT
from app.webhooks import payload

logger = logging.getLogger(__name__)


class _UntellableError(Exception):
    """No messages can be made for this event."""

    def __init__(self, event_id: str) -> None:
        super().__init__(event_id)
        self.event_id = event_id


async def fan_out(database: Database, now: datetime, *, compose: Compose = no_messages, limit: int = 100) -> int:
    """Tell one merchant's next events, at most `limit` of them; how many there were.

    An event whose messages cannot be made is told without them, so that it does not hold up all that follow; the
    log says which one and why.
    """
    mute: set[str] = set()
    while True:
        try:
            return await database.write(lambda tx: _tell(tx, now, _sparing(compose, mute), limit))
        except _UntellableError as error:
            logger.exception("event %s is told without its messages: they cannot be made", error.event_id)
            mute.add(error.event_id)


def _sparing(compose: Compose, mute: set[str]) -> Compose:
    async def spared(tx: Tx, told: Told) -> list[dict[str, Any]]:
        if told.event_id in mute:
            return []
        try:
            return await compose(tx, told)
        except DBAPIError as error:
            if error.connection_invalidated or lost_a_race(error):
                raise
            raise _UntellableError(told.event_id) from error
        except OSError:
            raise
        except Exception as error:
            raise _UntellableError(told.event_id) from error

    return spared


async def _tell(tx: Tx, now: datetime, compose: Compose, limit: int) -> int:
    taken = await feed.take_head(tx)
    if taken is None:
        return 0
    merchant_id, position = taken
    untold = await outbox.following(tx, merchant_id, limit=limit)
    if not untold:
        return 0
    told = [_told(merchant_id, event) for event in untold]
    events = [_event(one, await compose(tx, one), number) for number, one in enumerate(told, start=position + 1)]
    await feed.add(tx, merchant_id, events, now)
    await queue.add(tx, _queued(events, await endpoints.listening(tx, merchant_id), now))
    await outbox.remove(tx, merchant_id, [event.event_id for event in events])
    FANNED_OUT.inc(len(events))
    return len(events)


def _told(merchant_id: str, event: Untold) -> Told:
    """What is known of the event, in one shape for those of claims and all others."""
    data = codec.load(event.data)
    if event.claim_id is not None:
        claim = data.get("claim") or (codec.load(event.snapshot)["claim"] if event.snapshot else {})
        data |= {
            "claim_id": event.claim_id,
            "order_id": event.order_id,
            "version": claim.get("version"),
            "seq": event.seq,
        }
    return Told(
        merchant_id=merchant_id,
        event_id=event.event_id,
        type=event.type,
        at=event.at,
        subject="claim" if event.claim_id else str(event.subject),
        subject_id=event.claim_id or str(event.subject_id),
        data=data,
    )


def _event(told: Told, messages: list[dict[str, Any]], position: int) -> FeedEvent:
    body = payload.body(type=told.type, at=told.at, data={**told.data, "messages": messages})
    return FeedEvent(
        merchant_id=told.merchant_id,
        position=position,
        event_id=told.event_id,
        type=told.type,
        at=told.at,
        subject=told.subject,
        subject_id=told.subject_id,
        body=body.decode(),
    )


def _queued(events: Sequence[FeedEvent], listening: Sequence[Endpoint], now: datetime) -> list[Queued]:
    return [
        Queued(
            merchant_id=event.merchant_id,
            delivery_id=new_id(now),
            endpoint_id=endpoint.endpoint_id,
            event_id=event.event_id,
            position=event.position,
            created_at=now,
        )
        for event in events
        for endpoint in listening
        if _is_for(event, endpoint)
    ]


def _is_for(event: FeedEvent, endpoint: Endpoint) -> bool:
    """A test goes to the endpoint that is tested and to no other; its trouble is told to the others."""
    is_its_own = event.subject_id == endpoint.endpoint_id
    if event.type == TEST:
        return is_its_own
    if event.type in (FAILING, DISABLED) and is_its_own:
        return False
    return endpoint.wants(event.type)
