"""The queue of deliveries: put in, leased to be sent, and out again with how it went.

What is leased is one worker's until the lease ends, whether or not that worker still lives. `attempts` counts all
of them, `tries` those since the delivery was last put into the queue: the schedule goes by these.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, literal, literal_column, or_, select, update

from app.records.delivery import AttemptedDelivery, DeliveryStatus, LeasedDelivery, NewDelivery
from app.store.database import Tx
from app.store.deliveries import AGAIN, has_status
from app.store.statements import Statement
from app.store.tables import attempts, deliveries, feed

_KEY = and_(deliveries.c.merchant_id == bindparam("merchant"), deliveries.c.delivery_id == bindparam("delivery"))

_INSERT = Statement(
    insert(deliveries).values(
        **{name: bindparam(name) for name in NewDelivery.__slots__},
        status=literal(DeliveryStatus.PENDING.value),
        attempts=literal(0),
        tries=literal(0),
        next_at=bindparam("created_at"),
    )
)
_due = deliveries.alias("due")
_TAKEN = (
    select(_due.c.delivery_id)
    .where(
        _due.c.merchant_id == bindparam("merchant"),
        _due.c.endpoint_id == bindparam("endpoint"),
        _due.c.status == literal_column("'pending'"),
        _due.c.next_at <= bindparam("now"),
        or_(_due.c.leased_until.is_(None), _due.c.leased_until <= bindparam("now")),
    )
    .order_by(_due.c.next_at, _due.c.position)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("taken")
)
"""Apart from the UPDATE, and so run once: inside of it PostgreSQL may run it for each row, and take more than
asked."""
_told = select(feed.c.merchant_id.label("of_merchant"), feed.c.position.label("at_position"), feed.c.body).subquery(
    "told"
)
"""Under other names: in RETURNING, SQLAlchemy writes columns for SQLite without their tables."""
_LEASE = Statement(
    update(deliveries)
    .where(
        deliveries.c.merchant_id == bindparam("merchant"),
        deliveries.c.delivery_id.in_(select(_TAKEN.c.delivery_id)),
    )
    .values(lease=bindparam("new_lease"), leased_until=bindparam("until"))
    .returning(
        *(deliveries.c[name] for name in ("merchant_id", "delivery_id", "endpoint_id", "event_id", "position")),
        *(deliveries.c[name] for name in ("attempts", "tries", "lease")),
        select(_told.c.body)
        .where(_told.c.of_merchant == deliveries.c.merchant_id, _told.c.at_position == deliveries.c.position)
        .scalar_subquery()
        .label("body"),
    )
)
_HELD = and_(_KEY, deliveries.c.lease == bindparam("held"))
_SAID = ("at", "status", "latency_ms", "error", "answer")
_RECORD_ATTEMPT = Statement(
    insert(attempts).from_select(
        ["merchant_id", "delivery_id", "number", *_SAID],
        select(
            deliveries.c.merchant_id,
            deliveries.c.delivery_id,
            deliveries.c.attempts + 1,
            *(bindparam(f"new_{name}", type_=attempts.c[name].type).label(name) for name in _SAID),
        )
        .where(_HELD)
        .with_for_update(of=deliveries),
    )
)
_RECORD = Statement(
    update(deliveries)
    .where(_HELD)
    .values(
        status=bindparam("new_status"),
        attempts=deliveries.c.attempts + 1,
        tries=deliveries.c.tries + 1,
        next_at=bindparam("new_next_at", type_=deliveries.c.next_at.type),
        lease=None,
        leased_until=None,
        delivered_at=bindparam("new_delivered_at", type_=deliveries.c.delivered_at.type),
    )
)
_GIVE_BACK = Statement(update(deliveries).where(_HELD).values(lease=None, leased_until=None))
_ITS_EVENT = and_(
    deliveries.c.merchant_id == bindparam("merchant"),
    deliveries.c.endpoint_id == bindparam("endpoint"),
    deliveries.c.event_id == bindparam("event"),
)
_SEND_AGAIN = Statement(update(deliveries).where(_ITS_EVENT).values(AGAIN))
_given = {
    "merchant_id": "merchant",
    "delivery_id": "delivery",
    "endpoint_id": "endpoint",
    "event_id": "event",
    "position": "given_position",
    "created_at": "now",
    "next_at": "now",
}
_SEND_FIRST = Statement(
    insert(deliveries).from_select(
        [*_given, "status", "attempts", "tries"],
        select(
            *(bindparam(given, type_=deliveries.c[name].type).label(name) for name, given in _given.items()),
            literal(DeliveryStatus.PENDING.value).label("status"),
            literal(0).label("attempts"),
            literal(0).label("tries"),
        ).where(~exists(select(1).select_from(deliveries).where(_ITS_EVENT))),
    )
)
_DUE = Statement(
    select(func.count().label("due"))
    .select_from(deliveries)
    .where(has_status(DeliveryStatus.PENDING), deliveries.c.next_at <= bindparam("now"))
)


async def add(tx: Tx, queued: Sequence[NewDelivery]) -> None:
    """To be sent at once."""
    names = NewDelivery.__slots__
    await tx.run_all(_INSERT, [{name: getattr(delivery, name) for name in names} for delivery in queued])


async def replay(tx: Tx, queued: Sequence[NewDelivery]) -> None:
    """Send these events to an endpoint, whether or not they have been sent there before."""
    rows = [
        {
            "merchant": one.merchant_id,
            "delivery": one.delivery_id,
            "endpoint": one.endpoint_id,
            "event": one.event_id,
            "given_position": one.position,
            "now": one.created_at,
        }
        for one in queued
    ]
    again = ("merchant", "endpoint", "event", "now")
    await tx.run_all(_SEND_AGAIN, [{name: row[name] for name in again} for row in rows])
    await tx.run_all(_SEND_FIRST, rows)


async def lease(
    tx: Tx, merchant_id: str, endpoint_id: str, *, limit: int, lease: str, now: datetime, until: datetime
) -> list[LeasedDelivery]:
    """What is due to an endpoint and nobody else is sending, the oldest first; ours until an instant."""
    values = {"merchant": merchant_id, "endpoint": endpoint_id, "now": now, "at_most": limit}
    rows = await tx.fetch(_LEASE, {**values, "new_lease": lease, "until": until})
    return sorted((LeasedDelivery(**row._asdict()) for row in rows), key=lambda leased: leased.position)


async def record(tx: Tx, tried: Sequence[AttemptedDelivery]) -> None:
    """How attempts went; with that their leases end. Those whose lease somebody else has by now are left to them,
    and what is on record stays as it is: this may be called again when nobody knows whether it was committed."""
    await tx.run_all(_RECORD_ATTEMPT, [_attempt(one) for one in tried])
    await tx.run_all(_RECORD, [_recorded(one) for one in tried])


async def give_back(tx: Tx, leased: Sequence[LeasedDelivery]) -> None:
    """What was leased and not sent."""
    await tx.run_all(_GIVE_BACK, [_held(one) for one in leased])


async def due(tx: Tx, now: datetime) -> int:
    """How many are to be sent by now, those of paused and disabled endpoints among them."""
    (row,) = await tx.fetch(_DUE, {"now": now})
    return int(row.due)


def _held(leased: LeasedDelivery) -> dict[str, Any]:
    return {"merchant": leased.merchant_id, "delivery": leased.delivery_id, "held": leased.lease}


def _recorded(tried: AttemptedDelivery) -> dict[str, Any]:
    delivered_at = tried.attempt.at if tried.status is DeliveryStatus.DELIVERED else None
    changes = {"new_status": tried.status.value, "new_next_at": tried.next_at, "new_delivered_at": delivered_at}
    return {**_held(tried.leased), **changes}


def _attempt(tried: AttemptedDelivery) -> dict[str, Any]:
    return {**_held(tried.leased), **{f"new_{name}": getattr(tried.attempt, name) for name in _SAID}}
