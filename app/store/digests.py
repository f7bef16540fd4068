"""Messages that wait for a digest, and the digest that they become.

A digest is a message whose `event_id` is the instant of the digest. One merchant has one message for an event and an
audience, so a digest is made once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select, update

from app.records.message import Message, MessageStatus
from app.store.database import Tx
from app.store.messages import COLUMNS, of_row
from app.store.statements import Statement
from app.store.tables import merchants, messages

DIGEST = "digest"
"""In place of the event type."""

_m = messages.c
_IS_WAITING = and_(_m.status == MessageStatus.WAITING.value, _m.digest_at <= bindparam("now"))
_DUE = Statement(select(_m.merchant_id).where(_IS_WAITING).order_by(_m.digest_at).limit(1))
_LOCK = Statement(
    select(merchants.c.merchant_id)
    .where(merchants.c.merchant_id == bindparam("merchant"))
    .with_for_update(skip_locked=True, key_share=True)
)
_WAITING = Statement(
    select(*(_m[name] for name in COLUMNS))
    .where(_m.merchant_id == bindparam("merchant"), _IS_WAITING)
    .order_by(_m.event_id)
    .limit(bindparam("at_most"))
)
_THIS = and_(_m.merchant_id == bindparam("merchant"), _m.message_id == bindparam("message"))
_MERGE = Statement(update(messages).where(_THIS).values(status=MessageStatus.MERGED.value))
_LEAVE = Statement(update(messages).where(_THIS).values(status=MessageStatus.LEFT_TO_STOREFRONT.value))
_PUT_OFF = Statement(update(messages).where(_THIS).values(digest_at=bindparam("until")))


def name_of(at: datetime, number: int = 1) -> str:
    """The id of a digest in place of the event's id. A digest of many messages has several mails with numbers."""
    name = f"digest-{int(at.timestamp())}"
    return name if number == 1 else f"{name}-{number}"


async def take_merchant(tx: Tx, now: datetime) -> str | None:
    """Lock a merchant whose digest is due. None if there is none, or another worker has the lock."""
    row = await tx.first(_DUE, {"now": now})
    if row is None:
        return None
    if tx.is_sqlite:
        return str(row.merchant_id)
    locked = await tx.first(_LOCK, {"merchant": row.merchant_id})
    return str(locked.merchant_id) if locked else None


async def waiting(tx: Tx, merchant_id: str, now: datetime, *, limit: int) -> list[Message]:
    """The messages of the digest that is due, in the order of their events."""
    rows = await tx.fetch(_WAITING, {"merchant": merchant_id, "now": now, "at_most": limit})
    return [of_row(row._asdict()) for row in rows]


async def merge(tx: Tx, merged: Sequence[Message]) -> None:
    """The messages were put into a digest."""
    await tx.run_all(_MERGE, [{"merchant": each.merchant_id, "message": each.message_id} for each in merged])


async def leave_to_storefront(tx: Tx, parts: Sequence[Message]) -> None:
    """No mail can carry the messages."""
    await tx.run_all(_LEAVE, [{"merchant": each.merchant_id, "message": each.message_id} for each in parts])


async def put_off(tx: Tx, late: Sequence[Message]) -> None:
    """The messages wait for the digest of the next day."""
    rows = [
        {"merchant": each.merchant_id, "message": each.message_id, "until": each.digest_at + timedelta(days=1)}
        for each in late
        if each.digest_at is not None
    ]
    await tx.run_all(_PUT_OFF, rows)
