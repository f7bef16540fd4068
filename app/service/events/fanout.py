"""Fan-out: each committed event gets its position in the merchant's feed, its messages, its body, and a delivery for
every endpoint that wants it, all in the transaction that takes the event out of the outbox.

Any number of workers may fan out at once: one worker at a time holds a merchant's feed head.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from app import json_text
from app.records.delivery import NewDelivery
from app.records.endpoint import Endpoint
from app.records.event import FeedEvent, UnpublishedEvent
from app.records.merchant import Mode
from app.service.events.event import Compose, PublishedEvent, no_messages
from app.service.events.public import public_data
from app.service.events.types import DISABLED, FAILING, TEST
from app.service.ids import new_id
from app.service.schema import NewerSchemaError, refuse_newer
from app.store import api_keys, endpoints, feed, outbox, queue, upcasts
from app.store.database import Database, Tx, lost_a_race
from app.telemetry import FANNED_OUT
from app.webhooks import payload

logger = logging.getLogger(__name__)


class _Form(IntEnum):
    """How much of an event is published. Each failure takes the next form."""

    WHOLE = 0
    WITHOUT_MESSAGES = 1
    WITH_IDS_ALONE = 2


class _UnpublishableError(Exception):
    """The event cannot be published in the form that was tried."""

    def __init__(self, event_id: str) -> None:
        super().__init__(event_id)
        self.event_id = event_id


async def fan_out(database: Database, now: datetime, *, compose: Compose = no_messages, limit: int = 100) -> int:
    """Publish the next events of one merchant, at most `limit`. Returns how many.

    An event whose messages can never be composed is published without messages. An event that can never be read is
    published with its ids alone. The events after it are not held up, and the log names the event and the cause.

    An error that may pass leaves the events whole for the next turn, and the merchant's turn comes after the turns of
    the others: the database or the machine refuses for now, or a newer release has written what this code cannot read.
    """
    publisher = _Publisher(compose)
    try:
        return await _turn(database, now, publisher, limit)
    except Exception as error:
        if publisher.merchant_id and not getattr(error, "connection_invalidated", False):
            await _postpone(database, publisher.merchant_id, now)
        raise


async def _turn(database: Database, now: datetime, publisher: "_Publisher", limit: int) -> int:
    """One transaction, repeated with less of an event that cannot be published whole."""
    while True:
        try:
            return await database.write(lambda tx: _fan_out(tx, now, publisher, limit))
        except _UnpublishableError as error:
            async with database.read() as tx:
                await refuse_newer(tx)
            form = publisher.reduce(error.event_id)
            logger.exception("event %s is published %s", error.event_id, form.name.lower().replace("_", " "))


class _Publisher:
    """Makes feed events, each in the fullest form that has not failed. `merchant_id` is the merchant of this turn, and
    `mode` is the merchant's."""

    def __init__(self, compose: Compose) -> None:
        self.merchant_id: str | None = None
        self.mode = Mode.LIVE
        self._compose = compose
        self._failures: Counter[str] = Counter()

    def reduce(self, event_id: str) -> _Form:
        """The next form of an event, after its present form has failed."""
        self._failures[event_id] += 1
        return _Form(self._failures[event_id])

    async def publish(self, tx: Tx, merchant_id: str, event: UnpublishedEvent, position: int) -> FeedEvent:
        """Raises _UnpublishableError for an error that the event itself causes. Other errors pass through."""
        form = _Form(self._failures[event.event_id])
        try:
            return await self._feed_event(tx, merchant_id, event, position, form)
        except Exception as error:
            if form is _Form.WITH_IDS_ALONE or not _is_caused_by_event(error):
                raise
            raise _UnpublishableError(event.event_id) from error

    async def _feed_event(
        self, tx: Tx, merchant_id: str, event: UnpublishedEvent, position: int, form: _Form
    ) -> FeedEvent:
        if form is _Form.WITH_IDS_ALONE:
            short = self._published(merchant_id, event, payload.only_ids(_ids(event)))
            return _feed_event(short, short.data, position)
        published = self._published(merchant_id, event, _data(event))
        messages = await self._compose(tx, published) if form is _Form.WHOLE else []
        return _feed_event(published, {**public_data(event, published.data), "messages": messages}, position)

    def _published(self, merchant_id: str, event: UnpublishedEvent, data: dict[str, Any]) -> PublishedEvent:
        """One shape for the events of claims and all others."""
        return PublishedEvent(
            merchant_id=merchant_id,
            event_id=event.event_id,
            type=event.type,
            at=event.at,
            subject="claim" if event.claim_id else str(event.subject),
            subject_id=event.claim_id or str(event.subject_id),
            data=data,
            mode=self.mode,
        )


def _is_caused_by_event(error: Exception) -> bool:
    """A value that the database cannot store, or a row that a constraint refuses, will fail again. A timeout, a lost
    connection, a file that cannot be opened or a lack of memory will not."""
    if isinstance(error, DBAPIError):
        return isinstance(error, DataError | IntegrityError) and not lost_a_race(error)
    return not isinstance(error, OSError | MemoryError | NewerSchemaError)


async def _fan_out(tx: Tx, now: datetime, publisher: _Publisher, limit: int) -> int:
    head = await feed.take_head(tx)
    if head is None:
        return 0
    merchant_id, position = head
    publisher.merchant_id, publisher.mode = merchant_id, await api_keys.mode(tx, merchant_id)
    unpublished = await outbox.following(tx, merchant_id, limit=limit)
    events = [
        await publisher.publish(tx, merchant_id, event, number)
        for number, event in enumerate(unpublished, start=position + 1)
    ]
    spans = {event.event_id: event.traceparent for event in unpublished}
    await feed.add(tx, events)
    await feed.advance(tx, merchant_id, position + len(events), now)
    await queue.add(tx, _deliveries(events, spans, await endpoints.listening(tx, merchant_id), now))
    await outbox.remove(tx, merchant_id, [event.event_id for event in events])
    FANNED_OUT.inc(len(events))
    return len(events)


async def _postpone(database: Database, merchant_id: str, now: datetime) -> None:
    """Otherwise the same merchant would come first in the next turn too, and hold up all others."""
    await database.write(lambda tx: feed.postpone(tx, merchant_id, now))


def _data(event: UnpublishedEvent) -> dict[str, Any]:
    """The event's own data. A claim's event also has its place in the claim's history."""
    data = upcasts.event_data_as_today(event.type, json_text.load(event.data))
    if event.claim_id is None:
        return data
    claim = data.get("claim") or (json_text.load(event.snapshot)["claim"] if event.snapshot else {})
    return data | _ids(event) | {"version": claim.get("version")}


def _ids(event: UnpublishedEvent) -> dict[str, Any]:
    if event.claim_id is None:
        return {}
    return {"claim_id": event.claim_id, "order_id": event.order_id, "seq": event.seq}


def _feed_event(event: PublishedEvent, data: dict[str, Any], position: int) -> FeedEvent:
    return FeedEvent(
        merchant_id=event.merchant_id,
        position=position,
        event_id=event.event_id,
        type=event.type,
        at=event.at,
        subject=event.subject,
        subject_id=event.subject_id,
        body=payload.body(type=event.type, at=event.at, mode=event.mode, data=data).decode(),
    )


def _deliveries(
    events: Sequence[FeedEvent], spans: Mapping[str, str | None], listening: Sequence[Endpoint], now: datetime
) -> list[NewDelivery]:
    """`spans` are those in which the events were made, by the ids of the events."""
    return [
        NewDelivery(
            merchant_id=event.merchant_id,
            delivery_id=new_id(now),
            endpoint_id=endpoint.endpoint_id,
            event_id=event.event_id,
            position=event.position,
            created_at=now,
            traceparent=spans[event.event_id],
        )
        for event in events
        for endpoint in listening
        if _is_for(event, endpoint)
    ]


def _is_for(event: FeedEvent, endpoint: Endpoint) -> bool:
    """A test goes to the tested endpoint alone. An event about a failing endpoint goes to the other endpoints."""
    is_own_event = event.subject_id == endpoint.endpoint_id
    if event.type == TEST:
        return is_own_event
    if event.type in (FAILING, DISABLED) and is_own_event:
        return False
    return endpoint.wants(event.type)
