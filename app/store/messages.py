"""Messages that people read: stored once for each event and audience, and queued to be sent by mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, insert, null, select, tuple_, update

from app.records.message import Message, MessageStatus
from app.store import leases
from app.store.database import Tx
from app.store.statements import Listing, Statement
from app.store.tables import messages

_m = messages.c
COLUMNS = tuple(column.name for column in _m if column.name != "leased_until")
_READ = tuple(_m[name] for name in COLUMNS)
_OF_EVENT = Statement(
    select(*_READ)
    .where(_m.merchant_id == bindparam("merchant"), _m.event_id == bindparam("happened"))
    .order_by(_m.audience)
)
_INSERT = Statement(insert(messages))
_PAGE = Listing(
    select(*_READ)
    .where(_m.merchant_id == bindparam("merchant"), _m.event != "digest")
    .order_by(_m.event_id, _m.audience)
    .limit(bindparam("at_most")),
    {
        "claim": _m.claim_id == bindparam("claim"),
        "order": _m.order_id == bindparam("order"),
        "after_event": tuple_(_m.event_id, _m.audience) > tuple_(bindparam("after_event"), bindparam("after_audience")),
    },
)
_DUE = leases.due_keys(messages.alias("due"), ("merchant_id", "message_id"))
_IS_DUE = tuple_(_m.merchant_id, _m.message_id).in_(select(_DUE.c.merchant_id, _DUE.c.message_id))
_LEASE = Statement(update(messages).where(_IS_DUE).values(attempts=_m.attempts + 1, **leases.TAKEN).returning(*_READ))
_LEAVE = Statement(
    update(messages)
    .where(_IS_DUE)
    .values(status=MessageStatus.LEFT_TO_STOREFRONT.value, next_at=null(), **leases.GIVEN_BACK)
    .returning(_m.message_id)
)
_late = messages.alias("late")
_IS_OF_THE_FUTURE = and_(_late.c.attempts == 0, _late.c.created_at > bindparam("soon"))
"""A message of the past may wait for its first attempt: mails have a rate."""
_LATE = (
    select(_late.c.merchant_id, _late.c.message_id)
    .where(_late.c.next_at.is_not(None), leases.of_a_clock_ahead(_late, _IS_OF_THE_FUTURE))
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("late_keys")
)
_PULL_FORWARD = Statement(
    update(messages)
    .where(tuple_(_m.merchant_id, _m.message_id).in_(select(_LATE.c.merchant_id, _LATE.c.message_id)))
    .values(
        next_at=case((_m.created_at > bindparam("soon"), bindparam("now", type_=_m.next_at.type)), else_=_m.next_at),
        **leases.GIVEN_BACK,
    )
    .returning(_m.message_id)
)
_ENDING = ("status", "next_at", "last_error", "sent_at")
_IS_QUEUED = and_(
    _m.merchant_id == bindparam("merchant"),
    _m.message_id == bindparam("message"),
    _m.status == MessageStatus.QUEUED.value,
)
_POSTPONE = Statement(
    update(messages).where(_IS_QUEUED).values(attempts=_m.attempts - 1, next_at=bindparam("until"), **leases.GIVEN_BACK)
)
_SETTLE = Statement(
    update(messages)
    .where(_IS_QUEUED)
    .values({**{name: bindparam(f"new_{name}") for name in _ENDING}, **leases.GIVEN_BACK})
)


async def add(tx: Tx, composed: Sequence[Message]) -> None:
    """Raises IntegrityError when one of the readers has a message about the event already."""
    await tx.run_all(_INSERT, [{**_values(message), "leased_until": None} for message in composed])


async def of_event(tx: Tx, merchant_id: str, event_id: str) -> list[Message]:
    rows = await tx.fetch(_OF_EVENT, {"merchant": merchant_id, "happened": event_id})
    return [of_row(row._asdict()) for row in rows]


async def page(
    tx: Tx, merchant_id: str, *, limit: int, after: tuple[str, str] | None = None, **equal: str
) -> list[Message]:  # fmt: skip
    """The messages of one `claim` or one `order`, in the order of their events, after the event and audience of the
    last message seen."""
    narrowed, values = set(equal), {"merchant": merchant_id, "at_most": limit, **equal}
    if after is not None:
        narrowed.add("after_event")
        values["after_event"], values["after_audience"] = after
    return [of_row(row._asdict()) for row in await tx.fetch(_PAGE.narrowed(narrowed), values)]


async def lease(tx: Tx, now: datetime, until: datetime, *, limit: int) -> list[Message]:
    """Take a lease, until an instant, of the messages that are due, the longest due first."""
    rows = await tx.fetch(_LEASE, {"now": now, "until": until, "at_most": limit})
    return [of_row(row._asdict()) for row in rows]


async def leave_to_storefront(tx: Tx, now: datetime, *, limit: int) -> int:
    """Mark the due messages as left to the storefront. Returns their number."""
    return len(await tx.fetch(_LEAVE, {"now": now, "at_most": limit}))


async def postpone(tx: Tx, waiting: Sequence[Message], until: datetime) -> None:
    """End the lease of messages that were not sent, without counting an attempt."""
    keys = [{"merchant": message.merchant_id, "message": message.message_id, "until": until} for message in waiting]
    await tx.run_all(_POSTPONE, keys)


async def pull_forward(tx: Tx, now: datetime, *, limit: int) -> int:
    """Make messages due that wait for an instant which a clock ahead has written. Returns how many."""
    return len(await tx.fetch(_PULL_FORWARD, {"now": now, "at_most": limit, **leases.instants(now)}))


async def settle(tx: Tx, message: Message) -> None:
    """Store the result of an attempt and end the lease. A message that is no longer queued does not change."""
    changes: dict[str, Any] = {f"new_{name}": getattr(message, name) for name in _ENDING}
    await tx.fetch(_SETTLE, {"merchant": message.merchant_id, "message": message.message_id, **changes})


def _values(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in COLUMNS}


def of_row(row: dict[str, Any]) -> Message:
    return Message(**{**row, "status": MessageStatus(row["status"])})
