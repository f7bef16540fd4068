"""Sending what is queued: leased, handed to the mail server with no transaction open, and put on record.

At least once: who dies between the two leaves a lease that ends, and the message is sent again under the same
Message-ID.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from app.messages.mail import Letter, Mailer, Outcome, Posted
from app.messages.message_rules import Audience
from app.messages.render import Rendered
from app.records.message import Message, MessageStatus
from app.records.shop import Shop
from app.store import buyers, messages, shops
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
SCHEDULE = (_MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR)
"""How long after each attempt the next one comes. After the last of them the message has failed."""
_LEASE = timedelta(minutes=10)
_AT_ONCE = 5
"""Connections at a time: a batch ends within a minute whatever the mail server does, and well within its lease."""


async def send_due(database: Database, mailer: Mailer | None, now: datetime, *, limit: int = 10) -> int:
    """Try every message that is due, the longest due first; how many there were. Without a mailer they are left
    to the storefront, once and for all: a server that is set up later does not send what is old."""
    if mailer is None:
        return await database.write(lambda tx: messages.leave_to_storefront(tx, now, limit=limit))
    letters = await database.write(lambda tx: _leased(tx, now, limit))
    turn = asyncio.Semaphore(_AT_ONCE)
    sending = (_send(database, mailer, message, shop, now, turn) for message, shop in letters)
    ended = await asyncio.gather(*sending, return_exceptions=True)  # what is under way is not given up for one
    for error in filter(None, ended):
        raise error
    return len(letters)


async def _leased(tx: Tx, now: datetime, limit: int) -> list[tuple[Message, Shop]]:
    """Each with the shop that it is sent for."""
    taken = await messages.lease(tx, now, now + _LEASE, limit=limit)
    known = {merchant_id: await shops.load(tx, merchant_id) for merchant_id in {one.merchant_id for one in taken}}
    return [(message, known[message.merchant_id]) for message in taken]


async def _send(
    database: Database, mailer: Mailer, message: Message, shop: Shop, now: datetime, turn: asyncio.Semaphore
) -> None:
    async with turn:
        posted = await mailer.send(_letter(message, shop))
    settled = _settled(message, posted, now)
    if settled.status is not MessageStatus.SENT:
        logger.warning(
            "message %s: attempt %d: %s, now %s",
            *(settled.message_id, settled.attempts, posted.outcome, settled.status),
        )
    await database.write(lambda tx: _put_on_record(tx, settled, now))


async def _put_on_record(tx: Tx, message: Message, now: datetime) -> None:
    """An address that is none is not tried again: for this order's buyer, or for the shop."""
    await messages.settle(tx, message)
    if message.status is not MessageStatus.BOUNCED or message.to_address is None:
        return
    answer = message.last_error or ""
    if message.audience == Audience.BUYER:
        key = (message.merchant_id, message.order_id)
        await buyers.note_bounce(tx, *key, message.to_address, answer, now)
    else:
        await shops.note_bounce(tx, message.merchant_id, message.to_address, answer, now)


def _letter(message: Message, shop: Shop) -> Letter:
    return Letter(
        message_id=message.message_id,
        to=message.to_address or "",
        shop=shop.name,
        reply_to=shop.address if message.audience == Audience.BUYER else None,
        language=message.language,
        message=Rendered(subject=message.subject, text=message.text),
        at=message.created_at,
    )


_ENDS: Mapping[Outcome, MessageStatus] = {
    Outcome.SENT: MessageStatus.SENT,
    Outcome.REFUSED: MessageStatus.FAILED,
    Outcome.BOUNCED: MessageStatus.BOUNCED,
}


def _settled(message: Message, posted: Posted, now: datetime) -> Message:
    """`attempts` counts the one that this is about."""
    status = _ENDS.get(posted.outcome)
    if status is None and message.attempts <= len(SCHEDULE):
        return replace(message, next_at=now + SCHEDULE[message.attempts - 1], last_error=posted.answer)
    ended = status or MessageStatus.FAILED
    sent_at = now if ended is MessageStatus.SENT else None
    return replace(message, status=ended, next_at=None, last_error=posted.answer, sent_at=sent_at)
