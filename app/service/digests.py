"""Makes digests: the seller's messages that wait for the same hour become one message, once."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import count

from app.messages.digest import digest_of
from app.messages.mail import Mailer
from app.messages.render import Rendered
from app.records.message import Message, MessageStatus
from app.service.ids import new_id
from app.store import digests, messages, shops
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

MOST_IN_A_MAIL = 200
"""So many messages at most are in one mail of a digest. A day with more has several mails."""


async def make_digests(database: Database, mailer: Mailer | None, now: datetime) -> int:
    """Make the digest of one merchant that is due. Returns how many were made, 0 or 1. Without a mailer, or without an
    address of the shop, there is no digest: the storefront must send its messages."""
    return await database.write(lambda tx: _make_one(tx, mailer, now))


async def _make_one(tx: Tx, mailer: Mailer | None, now: datetime) -> int:
    merchant_id = await digests.take_merchant(tx, now)
    if merchant_id is None:
        return 0
    shop = await shops.load(tx, merchant_id)
    waiting = await digests.waiting(tx, merchant_id, now, limit=MOST_IN_A_MAIL)
    if not waiting:
        return 0
    if mailer is None or shop.address is None:
        await digests.leave_to_storefront(tx, waiting)
        return 1
    at = max(each.digest_at for each in waiting if each.digest_at is not None)
    if await messages.of_event(tx, merchant_id, digests.name_of(at)):
        # The digest of this hour was sent before these messages were made. They come with the next one.
        await digests.put_off(tx, waiting)
        return 1
    for number in count(1):
        await messages.add(tx, [_digest(waiting, digests.name_of(at, number), shop.address, now)])
        await digests.merge(tx, waiting)
        waiting = await digests.waiting(tx, merchant_id, now, limit=MOST_IN_A_MAIL)
        if not waiting:
            break
    return 1


def _digest(parts: Sequence[Message], name: str, address: str, now: datetime) -> Message:
    last = parts[-1]
    text = digest_of([Rendered(subject=each.subject, text=each.text) for each in parts], last.language)
    return Message(
        merchant_id=last.merchant_id,
        message_id=new_id(now),
        event_id=name,
        event=digests.DIGEST,
        audience=last.audience,
        language=last.language,
        order_id=last.order_id,
        withdrawal_id=last.withdrawal_id,
        subject=text.subject,
        text=text.text,
        to_address=address,
        status=MessageStatus.QUEUED,
        next_at=now,
        created_at=now,
    )
