"""Deliveries, as a merchant reads them: each event on its way to each endpoint, and every attempt.

A delivery that is sent again is the same row of the same event, so the consumer sees the same id.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, literal, literal_column, or_, select, tuple_, update

from app.records.delivery import Attempt, Delivery, DeliveryStatus
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import attempts, deliveries, endpoints, feed

BATCH = 1_000

_COLUMNS = (
    *(deliveries.c[name] for name in ("merchant_id", "delivery_id", "endpoint_id", "event_id", "position")),
    feed.c.type,
    *(deliveries.c[name] for name in ("status", "attempts", "next_at", "created_at", "delivered_at")),
)
_ITS_EVENT = and_(feed.c.merchant_id == deliveries.c.merchant_id, feed.c.position == deliveries.c.position)
_WITH_EVENT = select(*_COLUMNS).select_from(deliveries.join(feed, _ITS_EVENT))
_OF_ENDPOINT = and_(
    deliveries.c.merchant_id == bindparam("merchant"), deliveries.c.endpoint_id == bindparam("endpoint")
)
_KEY = and_(deliveries.c.merchant_id == bindparam("merchant"), deliveries.c.delivery_id == bindparam("delivery"))


def has_status(status: DeliveryStatus) -> ColumnElement[bool]:
    """The status is written into the SQL: with a parameter the planner does not use the partial index."""
    return deliveries.c.status == literal_column(f"'{status.value}'")


def _batch(values: Mapping[str, Any], *where: ColumnElement[bool]) -> Statement:
    """Change at most `at_most` deliveries, the oldest first, so that no statement takes as long as a queue is."""
    keys = (
        select(deliveries.c.merchant_id, deliveries.c.delivery_id)
        .where(*where)
        .order_by(deliveries.c.delivery_id)
        .limit(bindparam("at_most"))
        .cte("batch")
    )
    key = tuple_(deliveries.c.merchant_id, deliveries.c.delivery_id)
    return Statement(
        update(deliveries)
        .where(key.in_(select(keys.c.merchant_id, keys.c.delivery_id)))
        .values(values)
        .returning(deliveries.c.delivery_id)
    )


_LOAD = Statement(_WITH_EVENT.where(_KEY))
_PAGE = Listing(
    _WITH_EVENT.where(_OF_ENDPOINT).order_by(deliveries.c.event_id.desc()).limit(bindparam("at_most")),
    {
        **{status: has_status(status) for status in DeliveryStatus},
        "after": deliveries.c.event_id < bindparam("after"),
    },
)
_ATTEMPTS = Statement(
    select(*(attempts.c[name] for name in ("number", "at", "status", "latency_ms", "error", "answer")))
    .where(attempts.c.merchant_id == bindparam("merchant"), attempts.c.delivery_id == bindparam("delivery"))
    .order_by(attempts.c.number)
)
AGAIN = {
    "status": literal(DeliveryStatus.PENDING.value),
    "tries": literal(0),
    "next_at": bindparam("now", type_=deliveries.c.next_at.type),
    "delivered_at": None,
}
_RESEND = Statement(update(deliveries).where(_KEY).values(AGAIN).returning(deliveries.c.delivery_id))
_FAILED = (
    _OF_ENDPOINT,
    deliveries.c.created_at >= bindparam("since"),
    deliveries.c.delivery_id > bindparam("after"),
    or_(has_status(DeliveryStatus.EXHAUSTED), and_(has_status(DeliveryStatus.PENDING), deliveries.c.tries > 0)),
)
_RECOVER = _batch(AGAIN, *_FAILED)
_HAS_FAILED = Statement(select(deliveries.c.delivery_id).where(*_FAILED).limit(1))
_CANCELLED = {"status": literal(DeliveryStatus.CANCELLED.value), "next_at": None}
_CANCEL = _batch(_CANCELLED, _OF_ENDPOINT, has_status(DeliveryStatus.PENDING))
_CANCEL_TO_DELETED = _batch(
    _CANCELLED,
    has_status(DeliveryStatus.PENDING),
    exists(
        select(1).where(
            endpoints.c.merchant_id == deliveries.c.merchant_id,
            endpoints.c.endpoint_id == deliveries.c.endpoint_id,
            endpoints.c.deleted_at.is_not(None),
        )
    ),
)


async def load(tx: Tx, merchant_id: str, delivery_id: str) -> Delivery | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "delivery": delivery_id})
    return None if row is None else _delivery(row)


async def page(
    tx: Tx,
    merchant_id: str,
    endpoint_id: str,
    *,
    limit: int,
    status: DeliveryStatus | None = None,
    after: str | None = None,
) -> list[Delivery]:
    """The deliveries after the id of the last event, newest first."""
    by = [name for name, value in ((status, status), ("after", after)) if name and value is not None]
    values = {"merchant": merchant_id, "endpoint": endpoint_id, "at_most": limit, "after": after}
    return [_delivery(row) for row in await tx.fetch(_PAGE.narrowed(by), values)]


async def attempts_at(tx: Tx, merchant_id: str, delivery_id: str) -> list[Attempt]:
    """In the order of their numbers."""
    rows = await tx.fetch(_ATTEMPTS, {"merchant": merchant_id, "delivery": delivery_id})
    return [Attempt(**row._asdict()) for row in rows]


async def resend(tx: Tx, merchant_id: str, delivery_id: str, now: datetime) -> None:
    """Put a delivery into the queue again, in any status."""
    await tx.fetch(_RESEND, {"merchant": merchant_id, "delivery": delivery_id, "now": now})


async def recover(
    tx: Tx, merchant_id: str, endpoint_id: str, *, since: datetime, after: str, now: datetime, limit: int
) -> list[str]:  # fmt: skip
    """Put the failed deliveries that were made since an instant, after an id, into the queue again. Returns their
    ids."""
    key = {"merchant": merchant_id, "endpoint": endpoint_id, "since": since, "after": after}
    return [row.delivery_id for row in await tx.fetch(_RECOVER, {**key, "now": now, "at_most": limit})]


async def has_failed(tx: Tx, merchant_id: str, endpoint_id: str, *, since: datetime, after: str) -> bool:
    key = {"merchant": merchant_id, "endpoint": endpoint_id, "since": since, "after": after}
    return await tx.first(_HAS_FAILED, key) is not None


async def cancel(tx: Tx, merchant_id: str, endpoint_id: str) -> None:
    """Cancel a batch of the pending deliveries to an endpoint."""
    await tx.fetch(_CANCEL, {"merchant": merchant_id, "endpoint": endpoint_id, "at_most": BATCH})


async def cancel_to_deleted(tx: Tx) -> int:
    """Cancel a batch of the deliveries that are pending to deleted endpoints. Returns how many."""
    return len(await tx.fetch(_CANCEL_TO_DELETED, {"at_most": BATCH}))


def _delivery(row: Row) -> Delivery:
    values = row._asdict()
    values["status"] = DeliveryStatus(values["status"])
    return Delivery(**values)
