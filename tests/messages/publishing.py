"""The worker's messages, without its deliveries: the messages of each event are composed once, in a transaction."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import text

from app import json_text
from app.records.event import StandaloneEvent
from app.service.events.event import PublishedEvent
from app.service.ids import new_id
from app.service.messages import compose
from app.store.database import Database, Tx
from app.store.notices import add

_UNTOLD = text(
    "SELECT o.event_id, o.claim_id, coalesce(e.type, n.type), coalesce(e.at, n.at), coalesce(e.data, n.data),"
    " n.subject, n.subject_id, e.seq FROM outbox o"
    " LEFT JOIN claim_events e ON e.merchant_id = o.merchant_id AND e.event_id = o.event_id"
    " LEFT JOIN notices n ON n.merchant_id = o.merchant_id AND n.event_id = o.event_id"
    " WHERE o.merchant_id = :merchant ORDER BY o.event_id"
)
_FORGET = text("DELETE FROM outbox WHERE merchant_id = :merchant")


async def untold(database: Database, merchant_id: str) -> list[PublishedEvent]:
    """The unpublished events. They count as published afterwards."""
    async with database.engine.begin() as connection:
        rows = (await connection.execute(_UNTOLD, {"merchant": merchant_id})).all()
        await connection.execute(_FORGET, {"merchant": merchant_id})
    return [
        PublishedEvent(
            merchant_id=merchant_id,
            event_id=event_id,
            type=name,
            at=datetime.fromisoformat(at) if isinstance(at, str) else at,
            subject="claim" if claim_id else subject,
            subject_id=claim_id or subject_id,
            data=json_text.load(data) | ({"seq": seq} if claim_id else {}),
        )
        for event_id, claim_id, name, at, data, subject, subject_id, seq in rows
    ]


async def publish_all(database: Database, merchant_id: str) -> dict[str, list[dict[str, Any]]]:
    """Publish every unpublished event; the messages in the webhook of each event, the last of each type."""
    messages = {}
    for event in await untold(database, merchant_id):
        messages[event.type] = await database.write(partial(_compose, event))
    return messages


async def _compose(event: PublishedEvent, tx: Tx) -> list[dict[str, Any]]:
    return await compose(tx, event)


async def publish(
    database: Database, merchant_id: str, order_id: str, name: str, at: datetime, **data: Any
) -> None:  # fmt: skip
    """An event of an order, as the service makes it."""
    notice = StandaloneEvent(
        merchant_id=merchant_id,
        event_id=new_id(at),
        subject="order",
        subject_id=order_id,
        type=name,
        at=at,
        data=json_text.dump({"order_id": order_id, **data}),
    )

    async def work(tx: Tx) -> None:
        await add(tx, notice)

    await database.write(work)
