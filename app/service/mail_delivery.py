"""Sends the queued messages: lease, send without an open transaction, record.

A message is sent at least once: if a worker dies before it records the result, the message is sent again after its
lease, with the same Message-ID.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.backoff import Backoff
from app.messages.links import has_link, with_link
from app.messages.mail import Attachment, Letter, Mailer, Outcome, Posted
from app.messages.message_rules import Audience
from app.messages.render import Rendered
from app.messages.staff_letters import INVITED
from app.pdf.typesetting import PdfUnavailableError, Typesetting
from app.records.message import Message, MessageStatus
from app.records.shop import Shop
from app.service.buyer_access import create_link_for_mail, link_url
from app.service.buyer_lookups import LINK_REQUESTED
from app.service.errors import NotFoundError
from app.service.mail_rate import MailRate
from app.service.staff_invitations import invitation_url, renew_for_mail
from app.service.withdrawal_receipts import file_name, receipt_of
from app.service.withdrawals import RECEIVED
from app.store import buyers, messages, shops
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

_MINUTE, _HOUR = 60, 3_600
BACKOFF = Backoff(delays=(_MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR))
"""After the last attempt the message has failed."""
_LEASE = timedelta(minutes=10)
_AT_ONCE = 5
"""Concurrent connections. With five, a batch ends within a minute, well within its lease, even with a slow server."""


_WAIT = timedelta(minutes=5)
"""How long a message waits when its merchant has sent too many."""


async def send_due(
    database: Database,
    mailer: Mailer | None,
    now: datetime,
    *,
    limit: int = 10,
    rate: MailRate | None = None,
    public_url: str = "",
    typesetting: Typesetting | None = None,
) -> int:
    """Send at most `limit` due messages, the oldest first. Returns the number of due messages. Without a mailer the
    storefront must send the messages: a mail server that is set up later does not send old messages. Links for buyers
    begin with `public_url`. `typesetting` makes the receipts that are attached, None attaches none."""
    if mailer is None:
        return await database.write(lambda tx: messages.leave_to_storefront(tx, now, limit=limit))
    leased = await database.write(lambda tx: _leased(tx, now, limit))
    letters = await _within_rate(database, leased, rate, now)
    turn = asyncio.Semaphore(_AT_ONCE)
    additions = _Additions(public_url=public_url, typesetting=typesetting)
    sending = (_send(database, mailer, message, shop, now, turn, additions) for message, shop in letters)
    errors = await asyncio.gather(*sending, return_exceptions=True)  # one error does not end the others
    for error in filter(None, errors):
        raise error
    return len(leased)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Additions:
    """What a letter gets only when it is sent: a link that begins with `public_url`, and a PDF of `typesetting`."""

    public_url: str
    typesetting: Typesetting | None


async def _within_rate(
    database: Database, leased: Sequence[tuple[Message, Shop]], rate: MailRate | None, now: datetime
) -> list[tuple[Message, Shop]]:
    """The letters that may be sent now. The others wait, and this is no attempt to send them."""
    letters = [each for each in leased if rate is None or rate.take(each[0].merchant_id, now)]
    waiting = [each[0] for each in leased if each not in letters]
    if waiting:
        logger.warning("%d messages wait: their merchants have sent too many in an hour", len(waiting))
        await database.write(lambda tx: messages.postpone(tx, waiting, now + _WAIT))
    return letters


async def _leased(tx: Tx, now: datetime, limit: int) -> list[tuple[Message, Shop]]:
    """Each message with the shop that sends it."""
    leased = await messages.lease(tx, now, now + _LEASE, limit=limit)
    merchant_ids = {message.merchant_id for message in leased}
    senders = {merchant_id: await shops.load(tx, merchant_id) for merchant_id in merchant_ids}
    return [(message, senders[message.merchant_id]) for message in leased]


async def _send(
    database: Database,
    mailer: Mailer,
    message: Message,
    shop: Shop,
    now: datetime,
    turn: asyncio.Semaphore,
    additions: _Additions,
) -> None:
    async with turn:
        text = await _text(database, message, now, additions.public_url)
        attachment = await _receipt(database, message, now, additions.typesetting)
        posted = _NO_ADDRESS if text is None else await mailer.send(_letter(message, text, shop, attachment))
    settled = _settled(message, posted, now)
    if settled.status is not MessageStatus.SENT:
        logger.warning(
            "message %s: attempt %d: %s, now %s",
            *(settled.message_id, settled.attempts, posted.outcome, settled.status),
        )
    await database.write(lambda tx: _record(tx, settled, now))


_NO_ADDRESS = Posted(outcome=Outcome.REFUSED, answer="there is no address for the link")


async def _text(database: Database, message: Message, now: datetime, public_url: str) -> str | None:
    """The text with a new link in its place, if it has one. None if there is no address for the link. Each attempt
    makes a link, because an attempt that failed may have reached the reader."""
    order_id = message.order_id
    if message.event == INVITED:
        return await _invitation(database, message, public_url)
    if message.event != LINK_REQUESTED or order_id is None or not has_link(message.text):
        return message.text
    if not public_url:
        return None
    link = await database.write(lambda tx: create_link_for_mail(tx, message.merchant_id, order_id, now))
    return with_link(message.text, link_url(public_url, link.token) or "")


async def _invitation(database: Database, message: Message, public_url: str) -> str | None:
    """The same for an invitation to the staff, whose id is the id of the event. None too if it has ended."""
    token = await database.write(lambda tx: renew_for_mail(tx, message.merchant_id, message.event_id))
    url = invitation_url(public_url, token) if token else None
    return with_link(message.text, url) if url else None


async def _receipt(
    database: Database, message: Message, now: datetime, typesetting: Typesetting | None
) -> Attachment | None:
    """The receipt of the withdrawal that the message acknowledges. The law wants the acknowledgement without delay and
    the mail has the same content, so a mail goes out without a receipt that cannot be made."""
    withdrawal_id = message.withdrawal_id
    if typesetting is None or message.event != RECEIVED or withdrawal_id is None or message.audience != Audience.BUYER:
        return None
    try:
        pdf = await receipt_of(database, typesetting, message.merchant_id, withdrawal_id, now)
    except (PdfUnavailableError, NotFoundError) as error:
        logger.warning("message %s goes out without the receipt: %s", message.message_id, error)
        return None
    return Attachment(name=file_name(withdrawal_id), content=pdf)


async def _record(tx: Tx, message: Message, now: datetime) -> None:
    """A bounced address is marked on the order's buyer or on the shop, and is not used again."""
    await messages.settle(tx, message)
    if message.status is not MessageStatus.BOUNCED or message.to_address is None:
        return
    answer = message.last_error or ""
    if message.audience == Audience.BUYER:
        if message.order_id is not None:
            await buyers.note_bounce(tx, message.merchant_id, message.order_id, message.to_address, answer, now)
    else:
        await shops.note_bounce(tx, message.merchant_id, message.to_address, answer, now)


def _letter(message: Message, text: str, shop: Shop, attachment: Attachment | None) -> Letter:
    return Letter(
        message_id=message.message_id,
        to=message.to_address or "",
        shop=shop.name_in(message.language),
        reply_to=shop.address if message.audience == Audience.BUYER else None,
        language=message.language,
        message=Rendered(subject=message.subject, text=text),
        at=message.created_at,
        attachment=attachment,
    )


_ENDS: Mapping[Outcome, MessageStatus] = {
    Outcome.SENT: MessageStatus.SENT,
    Outcome.REFUSED: MessageStatus.FAILED,
    Outcome.BOUNCED: MessageStatus.BOUNCED,
}


def _settled(message: Message, posted: Posted, now: datetime) -> Message:
    """The message after an attempt. `attempts` counts this attempt already."""
    status = _ENDS.get(posted.outcome)
    next_at = BACKOFF.next_attempt(message.attempts, now=now) if status is None else None
    if next_at is not None:
        return replace(message, next_at=next_at, last_error=posted.answer)
    final_status = status or MessageStatus.FAILED
    sent_at = now if final_status is MessageStatus.SENT else None
    return replace(message, status=final_status, next_at=None, last_error=posted.answer, sent_at=sent_at)
