"""The backlog of the workers, as monitoring sees it: the ages of what waits, and how much there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.records.timer import TimerSubject
from app.store import backlog, deadlines
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Ages in seconds. An age is 0 when nothing waits."""

    event_age: float
    """Of the oldest event that is not in the feed yet."""
    deadline_age: float
    """Since the deadline that is due the longest was due."""
    delivery_age: float
    """Since the delivery that is due the longest was due, to endpoints that are in order and have no rate."""
    deliveries_due: int
    overdue: Mapping[TimerSubject, int]
    endpoints: Mapping[str, int]


async def measure(tx: Tx, now: datetime) -> Backlog:
    event_id = await backlog.oldest_event(tx)
    timers = await deadlines.due(tx, now, limit=1)
    return Backlog(
        event_age=_age(now, _made_at(event_id) if event_id else None),
        deadline_age=_age(now, timers[0].wakes_at if timers else None),
        delivery_age=_age(now, await backlog.first_due(tx)),
        deliveries_due=await backlog.count_due(tx, now),
        overdue=await deadlines.count_late(tx, now),
        endpoints=await backlog.count_endpoints(tx),
    )


def _age(now: datetime, since: datetime | None) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def _made_at(event_id: str) -> datetime:
    """The instant in a UUIDv7, to the millisecond."""
    return datetime.fromtimestamp((UUID(event_id).int >> 80) / 1000, UTC)
