"""From committed events to what is sent: each gets its position in the merchant's feed, its messages, its body,
and a delivery for every endpoint that wants it, all in the transaction that takes it out of the outbox.

Any number of workers may do this at once: a merchant's head of the feed is held by one of them at a time.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError

from app import json_text
from app.records.delivery import NewDelivery
from app.records.endpoint import Endpoint
from app.records.event import FeedEvent, UnpublishedEvent
from app.service.events.event import Compose, PublishedEvent, no_messages
from app.service.events.types import DISABLED, FAILING, TEST
from app.service.ids import new_id
from app.store import endpoints, feed, outbox, queue, upcasts
from app.store.database import Database, Tx, lost_a_race
from app.telemetry import FANNED_OUT
from app.webhooks import payload

logger = logging.getLogger(__name__)


class _UntellableError(Exception):
    """This event cannot be told as it was tried."""

    def __init__(self, event_id: str) -> None:
        super().__init__(event_id)
        self.event_id = event_id


_IN_FULL, _WITHOUT_MESSAGES, _BY_ITS_IDS = range(3)
_TELLS = {_WITHOUT_MESSAGES: "without its messages", _BY_ITS_IDS: "by its ids alone"}


async def fan_out(database: Database, now: datetime, *, compose: Compose = no_messages, limit: int = 100) -> int:
    """Tell one merchant's next events, at most `limit` of them; how many there were.

    An event whose messages cannot be made is told without them, and one that cannot be read by its ids alone, so
    that it does not hold up all that follow; the log says which one and why.
    """
    how: Counter[str] = Counter()
    while True:
        try:
            return await database.write(lambda tx: _tell(tx, now, _Teller(compose, how), limit))
        except _UntellableError as error:
            how[error.event_id] += 1
            logger.exception("event %s is told %s", error.event_id, _TELLS[how[error.event_id]])


@dataclass(frozen=True, slots=True)
class _Teller:
    """`how` each event is told: in full, unless that has failed."""

    compose: Compose
    how: Counter[str]

    async def tell(self, tx: Tx, merchant_id: str, event: UnpublishedEvent, position: int) -> FeedEvent:
        """Raises _UntellableError; what is wrong with the database itself goes on as it is."""
        try:
            return await self._tell(tx, merchant_id, event, position)
        except DBAPIError as error:
            if error.connection_invalidated or lost_a_race(error):
                raise
            raise _UntellableError(event.event_id) from error
        except (ConnectionError, TimeoutError):
            raise
        except Exception as error:
            if self.how[event.event_id] == _BY_ITS_IDS:
                raise
            raise _UntellableError(event.event_id) from error

    async def _tell(self, tx: Tx, merchant_id: str, event: UnpublishedEvent, position: int) -> FeedEvent:
        how = self.how[event.event_id]
        if how == _BY_ITS_IDS:
            told = _told(merchant_id, event, {**_ids(event), "truncated": [payload.EVERYTHING]})
            return _event(told, told.data, position)
        told = _told(merchant_id, event, _known(event))
        messages = await self.compose(tx, told) if how == _IN_FULL else []
        return _event(told, {**told.data, "messages": messages}, position)


async def _tell(tx: Tx, now: datetime, teller: _Teller, limit: int) -> int:
    taken = await feed.take_head(tx)
    if taken is None:
        return 0
    merchant_id, position = taken
    untold = await outbox.following(tx, merchant_id, limit=limit)
    events = [
        await teller.tell(tx, merchant_id, event, number) for number, event in enumerate(untold, start=position + 1)
    ]
    await feed.add(tx, events)
    await feed.advance(tx, merchant_id, position + len(events), now)
    await queue.add(tx, _queued(events, await endpoints.listening(tx, merchant_id), now))
    await outbox.remove(tx, merchant_id, [event.event_id for event in events])
    FANNED_OUT.inc(len(events))
    return len(events)


def _known(event: UnpublishedEvent) -> dict[str, Any]:
    """The event's own data; that of a claim's event with where in its history it is."""
    data = upcasts.event_data_v1_to_v2(event.type, json_text.load(event.data))
    if event.claim_id is None:
        return data
    claim = data.get("claim") or (json_text.load(event.snapshot)["claim"] if event.snapshot else {})
    return data | _ids(event) | {"version": claim.get("version")}


def _ids(event: UnpublishedEvent) -> dict[str, Any]:
    if event.claim_id is None:
        return {}
    return {"claim_id": event.claim_id, "order_id": event.order_id, "seq": event.seq}


def _told(merchant_id: str, event: UnpublishedEvent, data: dict[str, Any]) -> PublishedEvent:
    """One shape for the events of claims and all others."""
    return PublishedEvent(
        merchant_id=merchant_id,
        event_id=event.event_id,
        type=event.type,
        at=event.at,
        subject="claim" if event.claim_id else str(event.subject),
        subject_id=event.claim_id or str(event.subject_id),
        data=data,
    )


def _event(told: PublishedEvent, data: dict[str, Any], position: int) -> FeedEvent:
    return FeedEvent(
        merchant_id=told.merchant_id,
        position=position,
        event_id=told.event_id,
        type=told.type,
        at=told.at,
        subject=told.subject,
        subject_id=told.subject_id,
        body=payload.body(type=told.type, at=told.at, data=data).decode(),
    )


def _queued(events: Sequence[FeedEvent], listening: Sequence[Endpoint], now: datetime) -> list[NewDelivery]:
    return [
        NewDelivery(
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
