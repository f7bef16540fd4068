"""Deliveries: one event on its way to one endpoint, and every attempt at it.

What is leased is one worker's until the lease ends, whether or not that worker still lives. `attempts` counts all
of them, `tries` those since the delivery was last put into the queue: the schedule goes by these. A delivery that
is sent again is the same row, as is its event: whoever receives it knows it by the same id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, literal, or_, select, update

from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import attempts, deliveries, feed


class Status(StrEnum):
    """`exhausted` is kept, and sent again when somebody asks for it; what is to be sent to an endpoint that is
    deleted is `cancelled`."""

    PENDING = "pending"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    merchant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    position: int
    type: str
    status: Status
    attempts: int
    next_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """What makes a delivery."""

    merchant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    position: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """One to be sent; `body` to the byte."""

    merchant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    position: int
    attempts: int
    tries: int
    lease: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`status` is the HTTP status, None where there was no answer; `answer` the beginning of its body."""

    number: int
    at: datetime
    status: int | None
    latency_ms: int
    error: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How an attempt at a leased delivery went, and what follows. `next_at` only while it is pending."""

    leased: Leased
    attempt: Attempt
    status: Status
    next_at: datetime | None


_SHOWN = (
    *(deliveries.c[name] for name in ("merchant_id", "delivery_id", "endpoint_id", "event_id", "position")),
    feed.c.type,
    *(deliveries.c[name] for name in ("status", "attempts", "next_at", "created_at", "delivered_at")),
)
_THEIR_EVENT = and_(feed.c.merchant_id == deliveries.c.merchant_id, feed.c.position == deliveries.c.position)
_FOUND = select(*_SHOWN).select_from(deliveries.join(feed, _THEIR_EVENT))
_OF_ENDPOINT = and_(
    deliveries.c.merchant_id == bindparam("merchant"), deliveries.c.endpoint_id == bindparam("endpoint")
)
_KEY = and_(deliveries.c.merchant_id == bindparam("merchant"), deliveries.c.delivery_id == bindparam("delivery"))
_IS_PENDING = deliveries.c.status == literal(Status.PENDING.value)

_INSERT = Statement(
    insert(deliveries).values(
        status=literal(Status.PENDING.value),
        attempts=literal(0),
        tries=literal(0),
        next_at=bindparam("created_at"),
    )
)
_LOAD = Statement(_FOUND.where(_KEY))
_PAGE = Listing(
    _FOUND.where(_OF_ENDPOINT).order_by(deliveries.c.delivery_id.desc()).limit(bindparam("at_most")),
    {
        "status": deliveries.c.status == bindparam("status"),
        "after": deliveries.c.delivery_id < bindparam("after"),
    },
)
_ATTEMPTS = Statement(
    select(*(attempts.c[name] for name in ("number", "at", "status", "latency_ms", "error", "answer")))
    .where(attempts.c.merchant_id == bindparam("merchant"), attempts.c.delivery_id == bindparam("delivery"))
    .order_by(attempts.c.number)
)
_due = deliveries.alias("due")
_LEASE = Statement(
    update(deliveries)
    .where(
        deliveries.c.merchant_id == bindparam("merchant"),
        deliveries.c.delivery_id.in_(
            select(_due.c.delivery_id)
            .where(
                _due.c.merchant_id == bindparam("merchant"),
                _due.c.endpoint_id == bindparam("endpoint"),
                _due.c.status == literal(Status.PENDING.value),
                _due.c.next_at <= bindparam("now"),
                or_(_due.c.leased_until.is_(None), _due.c.leased_until <= bindparam("now")),
            )
            .order_by(_due.c.next_at, _due.c.position)
            .limit(bindparam("at_most"))
            .with_for_update(skip_locked=True)
        ),
    )
    .values(lease=bindparam("new_lease"), leased_until=bindparam("until"))
    .returning(
        *(deliveries.c[name] for name in ("merchant_id", "delivery_id", "endpoint_id", "event_id", "position")),
        *(deliveries.c[name] for name in ("attempts", "tries", "lease")),
        select(feed.c.body).where(_THEIR_EVENT).scalar_subquery().label("body"),
    )
)
_HELD = and_(_KEY, deliveries.c.lease == bindparam("held"), deliveries.c.attempts == bindparam("seen"))
_RECORD = Statement(
    update(deliveries)
    .where(_HELD)
    .values(
        status=bindparam("new_status"),
        attempts=bindparam("seen") + 1,
        tries=deliveries.c.tries + 1,
        next_at=bindparam("new_next_at", type_=deliveries.c.next_at.type),
        leased_until=None,
        delivered_at=bindparam("new_delivered_at", type_=deliveries.c.delivered_at.type),
    )
)
_told = ("at", "status", "latency_ms", "error", "answer")
_RECORD_ATTEMPT = Statement(
    insert(attempts).from_select(
        ["merchant_id", "delivery_id", "number", *_told],
        select(
            deliveries.c.merchant_id,
            deliveries.c.delivery_id,
            deliveries.c.attempts,
            *(bindparam(f"new_{name}", type_=attempts.c[name].type).label(name) for name in _told),
        ).where(
            _KEY,
            deliveries.c.lease == bindparam("held"),
            deliveries.c.attempts == bindparam("number"),
            ~exists(
                select(1).where(
                    attempts.c.merchant_id == deliveries.c.merchant_id,
                    attempts.c.delivery_id == deliveries.c.delivery_id,
                    attempts.c.number == deliveries.c.attempts,
                )
            ),
        ),
    )
)
_GIVE_BACK = Statement(update(deliveries).where(_HELD).values(leased_until=None))
_AGAIN = {
    "status": literal(Status.PENDING.value),
    "tries": literal(0),
    "next_at": bindparam("now", type_=deliveries.c.next_at.type),
    "delivered_at": None,
}
_RESEND = Statement(update(deliveries).where(_KEY).values(_AGAIN).returning(deliveries.c.delivery_id))
_RECOVER = Statement(
    update(deliveries)
    .where(
        _OF_ENDPOINT,
        deliveries.c.created_at >= bindparam("since"),
        or_(deliveries.c.status == literal(Status.EXHAUSTED.value), and_(_IS_PENDING, deliveries.c.tries > 0)),
    )
    .values(_AGAIN)
    .returning(deliveries.c.delivery_id)
)
_RESEND_OF = Statement(
    update(deliveries)
    .where(_OF_ENDPOINT, deliveries.c.event_id == bindparam("event"))
    .values(_AGAIN)
    .returning(deliveries.c.event_id)
)
_CANCEL = Statement(
    update(deliveries)
    .where(_OF_ENDPOINT, _IS_PENDING)
    .values(status=literal(Status.CANCELLED.value), next_at=None)
)
_DUE = Statement(
    select(func.count().label("due"))
    .select_from(deliveries)
    .where(_IS_PENDING, deliveries.c.next_at <= bindparam("now"))
)


async def add(tx: Tx, queued: Sequence[Queued]) -> None:
    """To be sent at once."""
    names = Queued.__slots__
    await tx.run_all(_INSERT, [{name: getattr(delivery, name) for name in names} for delivery in queued])


async def load(tx: Tx, merchant_id: str, delivery_id: str) -> Delivery | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "delivery": delivery_id})
    return None if row is None else _delivery(row)


async def page(
    tx: Tx,
    merchant_id: str,
    endpoint_id: str,
    *,
    limit: int,
    status: Status | None = None,
    after: str | None = None,
) -> list[Delivery]:
    """Newest first, from behind the id of the last one seen."""
    narrowed = {name: value for name, value in (("status", status), ("after", after)) if value is not None}
    values = {"merchant": merchant_id, "endpoint": endpoint_id, "at_most": limit, **narrowed}
    return [_delivery(row) for row in await tx.fetch(_PAGE.narrowed(narrowed), values)]


async def attempts_at(tx: Tx, merchant_id: str, delivery_id: str) -> list[Attempt]:
    """In their order."""
    rows = await tx.fetch(_ATTEMPTS, {"merchant": merchant_id, "delivery": delivery_id})
    return [Attempt(**row._asdict()) for row in rows]


async def lease(
    tx: Tx, merchant_id: str, endpoint_id: str, *, limit: int, lease: str, now: datetime, until: datetime
) -> list[Leased]:
    """What is due to an endpoint and nobody else is sending, the oldest first; ours until an instant."""
    values = {"merchant": merchant_id, "endpoint": endpoint_id, "now": now, "at_most": limit}
    rows = await tx.fetch(_LEASE, {**values, "new_lease": lease, "until": until})
    return sorted((Leased(**row._asdict()) for row in rows), key=lambda leased: leased.position)


async def record(tx: Tx, tried: Sequence[Tried]) -> None:
    """How attempts went. Those whose lease somebody else has by now are left to them, and what is on record
    already stays as it is: it may be called again when nobody knows whether it was committed."""
    await tx.run_all(_RECORD, [_recorded(one) for one in tried])
    await tx.run_all(_RECORD_ATTEMPT, [_attempt(one) for one in tried])


async def give_back(tx: Tx, leased: Sequence[Leased]) -> None:
    """What was leased and not sent."""
    await tx.run_all(_GIVE_BACK, [_held(one) for one in leased])


async def resend(tx: Tx, merchant_id: str, delivery_id: str, now: datetime) -> None:
    """Put it into the queue again, however it stands."""
    await tx.fetch(_RESEND, {"merchant": merchant_id, "delivery": delivery_id, "now": now})


async def recover(tx: Tx, merchant_id: str, endpoint_id: str, *, since: datetime, now: datetime) -> int:
    """Put into the queue again what was made since an instant and has failed, for good or so far; how many."""
    values = {"merchant": merchant_id, "endpoint": endpoint_id, "since": since, "now": now}
    return len(await tx.fetch(_RECOVER, values))


async def replay(tx: Tx, queued: Sequence[Queued]) -> None:
    """Send these events to an endpoint, whether or not they have been sent there before."""
    missing = []
    for one in queued:
        key = {"merchant": one.merchant_id, "endpoint": one.endpoint_id, "event": one.event_id}
        if not await tx.fetch(_RESEND_OF, {**key, "now": one.created_at}):
            missing.append(one)
    await add(tx, missing)


async def cancel(tx: Tx, merchant_id: str, endpoint_id: str) -> None:
    """Nothing more goes to this endpoint."""
    await tx.fetch(_CANCEL, {"merchant": merchant_id, "endpoint": endpoint_id})


async def due(tx: Tx, now: datetime) -> int:
    """How many are to be sent by now, those of paused and disabled endpoints among them."""
    (row,) = await tx.fetch(_DUE, {"now": now})
    return int(row.due)


def _delivery(row: Row) -> Delivery:
    values = row._asdict()
    values["status"] = Status(values["status"])
    return Delivery(**values)


def _held(leased: Leased) -> dict[str, Any]:
    key = {"merchant": leased.merchant_id, "delivery": leased.delivery_id}
    return {**key, "held": leased.lease, "seen": leased.attempts}


def _recorded(tried: Tried) -> dict[str, Any]:
    delivered_at = tried.attempt.at if tried.status is Status.DELIVERED else None
    changes = {"new_status": tried.status.value, "new_next_at": tried.next_at, "new_delivered_at": delivered_at}
    return {**_held(tried.leased), **changes}


def _attempt(tried: Tried) -> dict[str, Any]:
    held = _held(tried.leased)
    del held["seen"]
    told = {f"new_{name}": getattr(tried.attempt, name) for name in _told}
    return {**held, "number": tried.attempt.number, **told}
