"""The backlog: what waits for a worker, and how the endpoints of merchants are, for monitoring."""

from datetime import datetime

from sqlalchemy import bindparam, case, func, literal_column, select

from app.records.delivery import DeliveryStatus
from app.store.database import Tx
from app.store.deliveries import has_status
from app.store.merchant_clocks import is_live
from app.store.statements import Statement
from app.store.tables import deliveries, endpoints, outbox

COUNTED_TO = 100_000
"""A count to the end of a long queue would take as long as the queue is."""

_OLDEST_EVENT = Statement(select(func.min(outbox.c.event_id).label("event_id")))
_DUE = select(deliveries.c.merchant_id).where(
    has_status(DeliveryStatus.PENDING), deliveries.c.next_at <= bindparam("now")
)
_COUNT_DUE = Statement(select(func.count().label("due")).select_from(_DUE.limit(COUNTED_TO).subquery("due")))
_FIRST_OF_ENDPOINT = (
    select(func.min(deliveries.c.next_at))
    .where(
        deliveries.c.merchant_id == endpoints.c.merchant_id,
        deliveries.c.endpoint_id == endpoints.c.endpoint_id,
        has_status(DeliveryStatus.PENDING),
    )
    .correlate(endpoints)
    .scalar_subquery()
)
_IN_USE = (endpoints.c.deleted_at.is_(None), endpoints.c.disabled_at.is_(None), endpoints.c.paused.is_(False))
_FIRST_DUE = Statement(
    select(func.min(_FIRST_OF_ENDPOINT, type_=deliveries.c.next_at.type).label("next_at")).where(
        *_IN_USE, endpoints.c.failing_since.is_(None), endpoints.c.rate_limit.is_(None)
    )
)
ENDPOINT_STATES = ("in_order", "failing", "paused", "disabled")
_STATE = case(
    (endpoints.c.disabled_at.is_not(None), literal_column("'disabled'")),
    (endpoints.c.paused.is_(True), literal_column("'paused'")),
    (endpoints.c.failing_since.is_not(None), literal_column("'failing'")),
    else_=literal_column("'in_order'"),
).label("state")
_COUNT_ENDPOINTS = Statement(
    select(_STATE, func.count().label("number"))
    .where(endpoints.c.deleted_at.is_(None), is_live(endpoints))
    .group_by(_STATE)
)


async def oldest_event(tx: Tx) -> str | None:
    """The id of the event that has waited longest for its place in the feed, if any waits."""
    (row,) = await tx.fetch(_OLDEST_EVENT)
    return None if row.event_id is None else str(row.event_id)


async def count_due(tx: Tx, now: datetime) -> int:
    """How many deliveries are due, including those of paused and disabled endpoints. Counts to COUNTED_TO."""
    (row,) = await tx.fetch(_COUNT_DUE, {"now": now})
    return int(row.due)


async def first_due(tx: Tx) -> datetime | None:
    """When the first delivery is or was due, of all that wait for nothing but a worker: to endpoints that are in order
    and have no rate."""
    (row,) = await tx.fetch(_FIRST_DUE)
    first: datetime | None = row.next_at
    return first


async def count_endpoints(tx: Tx) -> dict[str, int]:
    """How many endpoints live merchants have in each of ENDPOINT_STATES."""
    counted = {row.state: int(row.number) for row in await tx.fetch(_COUNT_ENDPOINTS)}
    return {state: counted.get(state, 0) for state in ENDPOINT_STATES}
