"""Makes digests: the seller's messages that wait for the same hour become one message, once."""

import logging
from datetime import datetime

from app.messages.digest import digest_of
from app.messages.render import Rendered
from app.records.message import Message, MessageStatus
from app.service.ids import new_id
from app.store import digests, messages, shops
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

_MOST = 200
"""So many messages at most are in a digest. The others wait for the next."""


async def make_digests(database: Database, now: datetime) -> int:
    """Make the digest of one merchant that is due. Returns how many were made, 0 or 1."""
    return await database.write(lambda tx: _make_one(tx, now))


async def _make_one(tx: Tx, now: datetime) -> int:
    merchant_id = await digests.take_merchant(tx, now)
    if merchant_id is None:
        return 0
    waiting = await digests.waiting(tx, merchant_id, now, limit=_MOST)
    if not waiting:
        return 0
    shop = await shops.load(tx, merchant_id)
    last = waiting[-1]
    parts = [Rendered(subject=each.subject, text=each.text) for each in waiting]
    text = digest_of(parts, last.language)
    at = max(each.digest_at for each in waiting if each.digest_at is not None)
    digest = Message(
        merchant_id=merchant_id,
        message_id=new_id(now),
        event_id=digests.name_of(at),
        event=digests.DIGEST,
        audience=last.audience,
        language=last.language,
        order_id=last.order_id,
        subject=text.subject,
        text=text.text,
        to_address=shop.address,
        status=MessageStatus.QUEUED if shop.address else MessageStatus.LEFT_TO_STOREFRONT,
        next_at=now if shop.address else None,
        created_at=now,
    )
    if await messages.of_event(tx, merchant_id, digest.event_id):
        # The digest of this hour was sent before these messages were made. They come with the next one.
        await digests.put_off(tx, waiting)
        return 1
    await messages.add(tx, [digest])
    await digests.merge(tx, waiting)
    return 1
