"""The queue of deliveries: a delivery is added, leased by a worker that sends it, and recorded with the result.

`attempts` counts all attempts. `tries` counts the attempts since the delivery was last put into the queue, and the
schedule goes by `tries`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, insert, literal, literal_column, select, tuple_, update

from app.records.delivery import AttemptedDelivery, DeliveryStatus, LeasedDelivery, NewDelivery
from app.store import leases
from app.store.database import Tx
from app.store.deliveries import AGAIN, BATCH
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
_DUE_TO_ENDPOINT = leases.due_keys(
    _due,
    ("delivery_id",),
    _due.c.merchant_id == bindparam("merchant"),
    _due.c.endpoint_id == bindparam("endpoint"),
    _due.c.status == literal_column("'pending'"),
    then_by=("position",),
)
_published = select(
    feed.c.merchant_id.label("of_merchant"), feed.c.position.label("at_position"), feed.c.body
).subquery("published")
"""The columns have other names, because in RETURNING SQLAlchemy writes columns for SQLite without their tables."""
_LEASE = Statement(
    update(deliveries)
    .where(
        deliveries.c.merchant_id == bindparam("merchant"),
        deliveries.c.delivery_id.in_(select(_DUE_TO_ENDPOINT.c.delivery_id)),
    )
    .values(lease=bindparam("new_lease"), **leases.TAKEN)
    .returning(
        *(deliveries.c[name] for name in ("merchant_id", "delivery_id", "endpoint_id", "event_id", "position")),
        *(deliveries.c[name] for name in ("attempts", "tries", "lease", "traceparent")),
        select(_published.c.body)
        .where(_published.c.of_merchant == deliveries.c.merchant_id, _published.c.at_position == deliveries.c.position)
        .scalar_subquery()
        .label("body"),
    )
)
_HELD = and_(_KEY, deliveries.c.lease == bindparam("held"))
_ANSWER = ("at", "status", "latency_ms", "error", "answer")
_RECORD_ATTEMPT = Statement(
    insert(attempts).from_select(
        ["merchant_id", "delivery_id", "number", *_ANSWER],
        select(
            deliveries.c.merchant_id,
            deliveries.c.delivery_id,
            deliveries.c.attempts + 1,
            *(bindparam(f"new_{name}", type_=attempts.c[name].type).label(name) for name in _ANSWER),
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
        **leases.GIVEN_BACK,
        delivered_at=bindparam("new_delivered_at", type_=deliveries.c.delivered_at.type),
    )
)
_GIVE_BACK = Statement(update(deliveries).where(_HELD).values(lease=None, **leases.GIVEN_BACK))
_OF_EVENT = and_(
    deliveries.c.merchant_id == bindparam("merchant"),
    deliveries.c.endpoint_id == bindparam("endpoint"),
    deliveries.c.event_id == bindparam("event"),
)
_SEND_AGAIN = Statement(update(deliveries).where(_OF_EVENT).values(AGAIN))
_PARAMETERS = {
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
        [*_PARAMETERS, "status", "attempts", "tries"],
        select(
            *(bindparam(given, type_=deliveries.c[name].type).label(name) for name, given in _PARAMETERS.items()),
            literal(DeliveryStatus.PENDING.value).label("status"),
            literal(0).label("attempts"),
            literal(0).label("tries"),
        ).where(~exists(select(1).select_from(deliveries).where(_OF_EVENT))),
    )
)
_late = deliveries.alias("late")
_LATE = (
    select(_late.c.merchant_id, _late.c.delivery_id)
    .where(
        _late.c.status == literal_column("'pending'"),
        leases.of_a_clock_ahead(_late, _late.c.tries == 0),
    )
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("late_keys")
)
_IS_LATE = tuple_(deliveries.c.merchant_id, deliveries.c.delivery_id).in_(
    select(_LATE.c.merchant_id, _LATE.c.delivery_id)
)
_DUE_NOW = case(
    (deliveries.c.tries == 0, bindparam("now", type_=deliveries.c.next_at.type)), else_=deliveries.c.next_at
)
_PULL_FORWARD = Statement(
    update(deliveries)
    .where(_IS_LATE)
    .values(next_at=_DUE_NOW, lease=None, **leases.GIVEN_BACK)
    .returning(deliveries.c.delivery_id)
)


async def add(tx: Tx, new: Sequence[NewDelivery]) -> None:
    """New deliveries are due at once."""
    names = NewDelivery.__slots__
    await tx.run_all(_INSERT, [{name: getattr(delivery, name) for name in names} for delivery in new])


async def replay(tx: Tx, new: Sequence[NewDelivery]) -> None:
    """Send these events to an endpoint again, or for the first time."""
    rows = [
        {
            "merchant": delivery.merchant_id,
            "delivery": delivery.delivery_id,
            "endpoint": delivery.endpoint_id,
            "event": delivery.event_id,
            "given_position": delivery.position,
            "now": delivery.created_at,
        }
        for delivery in new
    ]
    again = ("merchant", "endpoint", "event", "now")
    await tx.run_all(_SEND_AGAIN, [{name: row[name] for name in again} for row in rows])
    await tx.run_all(_SEND_FIRST, rows)


async def lease(
    tx: Tx, merchant_id: str, endpoint_id: str, *, limit: int, lease: str, now: datetime, until: datetime
) -> list[LeasedDelivery]:
    """Take a lease, until an instant, of the deliveries that are due to an endpoint. Returns the oldest first."""
    values = {"merchant": merchant_id, "endpoint": endpoint_id, "now": now, "at_most": limit}
    rows = await tx.fetch(_LEASE, {**values, "new_lease": lease, "until": until})
    return sorted((LeasedDelivery(**row._asdict()) for row in rows), key=lambda leased: leased.position)


async def record(tx: Tx, attempted: Sequence[AttemptedDelivery]) -> None:
    """Store the results of attempts and end their leases. A delivery that another worker has leased meanwhile does
    not change, so the call may be repeated when it is not known whether the first one was committed."""
    await tx.run_all(_RECORD_ATTEMPT, [_attempt_values(each) for each in attempted])
    await tx.run_all(_RECORD, [_delivery_values(each) for each in attempted])


async def give_back(tx: Tx, leased: Sequence[LeasedDelivery]) -> None:
    """End the leases of deliveries that were not sent."""
    await tx.run_all(_GIVE_BACK, [_held(each) for each in leased])


async def pull_forward(tx: Tx, now: datetime) -> int:
    """Make a batch of the deliveries due that wait for an instant which a clock ahead has written. Returns how many."""
    return len(await tx.fetch(_PULL_FORWARD, {"now": now, "at_most": BATCH, **leases.instants(now)}))


def _held(leased: LeasedDelivery) -> dict[str, Any]:
    return {"merchant": leased.merchant_id, "delivery": leased.delivery_id, "held": leased.lease}


def _delivery_values(attempted: AttemptedDelivery) -> dict[str, Any]:
    delivered_at = attempted.attempt.at if attempted.status is DeliveryStatus.DELIVERED else None
    changes = {
        "new_status": attempted.status.value,
        "new_next_at": attempted.next_at,
        "new_delivered_at": delivered_at,
    }
    return {**_held(attempted.leased), **changes}


def _attempt_values(attempted: AttemptedDelivery) -> dict[str, Any]:
    return {**_held(attempted.leased), **{f"new_{name}": getattr(attempted.attempt, name) for name in _ANSWER}}
