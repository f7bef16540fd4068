"""The alarm of a breaker of refunds: an event for webhooks, and a mail to each owner of the shop.

It is given in the transaction that stores the opening, and a breaker has one opening at a time.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app import json_text
from app.messages.render import Rendered
from app.messages.staff_letters import BREAKER_OPENED, STAFF_AUDIENCE, breaker_letter
from app.messages.translations import FALLBACK
from app.records.event import StandaloneEvent
from app.records.merchant import Mode
from app.records.message import Message, MessageStatus
from app.records.refund_breaker import BreakerOpening
from app.records.shop import Shop
from app.service.ids import new_id
from app.service.resources.refund_breaker import opening_values
from app.service.staff_roles import OWNER
from app.store import api_keys, messages, notices, shops, staff
from app.store.database import Tx
from app.telemetry import EVENTS

SUBJECT = "refund_breaker"
OPENED = "refund_breaker.opened"


async def alarm(tx: Tx, opening: BreakerOpening, zone: ZoneInfo, now: datetime) -> None:
    await notices.add(
        tx,
        StandaloneEvent(
            merchant_id=opening.merchant_id,
            event_id=new_id(now),
            subject=SUBJECT,
            subject_id=opening.opening_id,
            type=OPENED,
            at=now,
            data=json_text.dump(opening_values(opening)),
        ),
    )
    EVENTS.labels(OPENED).inc()
    shop = await shops.load(tx, opening.merchant_id)
    mode = await api_keys.mode(tx, opening.merchant_id)
    letters = [
        _message(
            opening, to=address, letter=_letter(opening, shop, language, zone), language=language, mode=mode, now=now
        )
        for address, language in await _readers(tx, opening.merchant_id, shop)
    ]
    await messages.add(tx, letters)


async def _readers(tx: Tx, merchant_id: str, shop: Shop) -> Sequence[tuple[str, str]]:
    """The address and the language of each owner. The shop's own address if the shop has no owner among its staff."""
    people = await staff.all_of(tx, merchant_id)
    owners = [(person.email, person.language) for person in people if person.role == OWNER and not person.disabled_at]
    if owners or shop.address is None:
        return owners
    return [(shop.address, shop.language or FALLBACK)]


def _letter(opening: BreakerOpening, shop: Shop, language: str, zone: ZoneInfo) -> Rendered:
    return breaker_letter(
        language,
        shop=shop.name_in(language),
        reason=f"{opening.per}_{opening.measure}",
        allowed=opening.allowed,
        currency=opening.currency,
        until=opening.until_at.astimezone(zone),
    )


def _message(
    opening: BreakerOpening, *, to: str, letter: Rendered, language: str, mode: Mode, now: datetime
) -> Message:  # fmt: skip
    message_id, is_live = new_id(now), mode is Mode.LIVE
    return Message(
        merchant_id=opening.merchant_id,
        message_id=message_id,
        event_id=message_id,
        event=BREAKER_OPENED,
        audience=STAFF_AUDIENCE,
        language=language,
        order_id=None,
        subject=letter.subject,
        text=letter.text,
        to_address=to,
        status=MessageStatus.QUEUED if is_live else MessageStatus.NOT_SENT,
        next_at=now if is_live else None,
        created_at=now,
    )
