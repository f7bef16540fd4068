"""What people are told: written once for each event and audience, and sent from here.

A message that is to be sent is leased for a while by whoever sends it, so that no two do; one whose sender died is
taken up again when its lease has ended.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, null, or_, select, tuple_, update

from app.records.message import Message, MessageStatus
from app.store.database import Tx
from app.store.statements import Listing, Statement
from app.store.tables import messages

_m = messages.c
_COLUMNS = tuple(column.name for column in _m if column.name != "leased_until")
_READ = tuple(_m[name] for name in _COLUMNS)
_OF_EVENT = Statement(
    select(*_READ)
    .where(_m.merchant_id == bindparam("merchant"), _m.event_id == bindparam("happened"))
    .order_by(_m.audience)
)
_INSERT = Statement(insert(messages))
_PAGE = Listing(
    select(*_READ)
    .where(_m.merchant_id == bindparam("merchant"))
    .order_by(_m.event_id, _m.audience)
    .limit(bindparam("at_most")),
    {
        "claim": _m.claim_id == bindparam("claim"),
        "order": _m.order_id == bindparam("order"),
        "after_event": tuple_(_m.event_id, _m.audience) > tuple_(bindparam("after_event"), bindparam("after_audience")),
    },
)
_DUE = (
    select(_m.merchant_id, _m.message_id)
    .where(_m.next_at <= bindparam("now"), or_(_m.leased_until.is_(None), _m.leased_until <= bindparam("now")))
    .order_by(_m.next_at)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_IS_DUE = tuple_(_m.merchant_id, _m.message_id).in_(select(_DUE.c.merchant_id, _DUE.c.message_id))
_LEASE = Statement(
    update(messages).where(_IS_DUE).values(leased_until=bindparam("until"), attempts=_m.attempts + 1).returning(*_READ)
)
_LEAVE = Statement(
    update(messages)
    .where(_IS_DUE)
    .values(status=MessageStatus.LEFT_TO_STOREFRONT.value, next_at=null(), leased_until=null())
    .returning(_m.message_id)
)
_ENDING = ("status", "next_at", "last_error", "sent_at")
_SETTLE = Statement(
    update(messages)
    .where(
        and_(_m.merchant_id == bindparam("merchant"), _m.message_id == bindparam("message")),
        _m.status == MessageStatus.QUEUED.value,
    )
    .values({**{name: bindparam(f"new_{name}") for name in _ENDING}, "leased_until": null()})
)


async def add(tx: Tx, made: Sequence[Message]) -> None:
    """Raises IntegrityError when the event has been told to one of them before."""
    await tx.run_all(_INSERT, [{**_values(message), "leased_until": None} for message in made])


async def of_event(tx: Tx, merchant_id: str, event_id: str) -> list[Message]:
    found = await tx.fetch(_OF_EVENT, {"merchant": merchant_id, "happened": event_id})
    return [_message(row._asdict()) for row in found]


async def page(
    tx: Tx, merchant_id: str, *, limit: int, after: tuple[str, str] | None = None, **equal: str
) -> list[Message]:  # fmt: skip
    """Of one `claim` or one `order`, in the order of their events, from behind the event and audience of the last
    one seen."""
    narrowed, values = set(equal), {"merchant": merchant_id, "at_most": limit, **equal}
    if after is not None:
        narrowed.add("after_event")
        values["after_event"], values["after_audience"] = after
    return [_message(row._asdict()) for row in await tx.fetch(_PAGE.narrowed(narrowed), values)]


async def lease(tx: Tx, now: datetime, until: datetime, *, limit: int) -> list[Message]:
    """Take what is due, the longest due first; what others have taken is passed over."""
    found = await tx.fetch(_LEASE, {"now": now, "until": until, "at_most": limit})
    return [_message(row._asdict()) for row in found]


async def leave_to_storefront(tx: Tx, now: datetime, *, limit: int) -> int:
    """What is due will not be sent from here; how many there were."""
    return len(await tx.fetch(_LEAVE, {"now": now, "at_most": limit}))


async def settle(tx: Tx, message: Message) -> None:
    """How an attempt ended. A message that somebody else has settled meanwhile stays as it is."""
    changes: dict[str, Any] = {f"new_{name}": getattr(message, name) for name in _ENDING}
    await tx.fetch(_SETTLE, {"merchant": message.merchant_id, "message": message.message_id, **changes})


def _values(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in _COLUMNS}


def _message(row: dict[str, Any]) -> Message:
    return Message(**{**row, "status": MessageStatus(row["status"])})
