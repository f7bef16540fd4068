"""Deliveries, as a merchant reads them: each event on its way to each endpoint, and every attempt.

A delivery that is sent again is the same row of the same event, so the consumer sees the same id.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, literal, literal_column, or_, select, update

from app.records.delivery import Attempt, Delivery, DeliveryStatus
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import attempts, deliveries, feed

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
_RECOVER = Statement(
    update(deliveries)
    .where(
        _OF_ENDPOINT,
        deliveries.c.created_at >= bindparam("since"),
        or_(has_status(DeliveryStatus.EXHAUSTED), and_(has_status(DeliveryStatus.PENDING), deliveries.c.tries > 0)),
    )
    .values(AGAIN)
    .returning(deliveries.c.delivery_id)
)
_CANCEL = Statement(
    update(deliveries)
    .where(_OF_ENDPOINT, has_status(DeliveryStatus.PENDING))
    .values(status=literal(DeliveryStatus.CANCELLED.value), next_at=None)
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


async def recover(tx: Tx, merchant_id: str, endpoint_id: str, *, since: datetime, now: datetime) -> int:
    """Put the failed deliveries that were made since an instant into the queue again. Returns how many."""
    values = {"merchant": merchant_id, "endpoint": endpoint_id, "since": since, "now": now}
    return len(await tx.fetch(_RECOVER, values))


async def cancel(tx: Tx, merchant_id: str, endpoint_id: str) -> None:
    """Cancel all pending deliveries to an endpoint."""
    await tx.fetch(_CANCEL, {"merchant": merchant_id, "endpoint": endpoint_id})


def _delivery(row: Row) -> Delivery:
    values = row._asdict()
    values["status"] = DeliveryStatus(values["status"])
    return Delivery(**values)
