"""The backlog of the workers, as metrics."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.store import outbox, queue
from app.store.database import Database
from app.telemetry import DUE, OUTBOX_LAG


async def measure(database: Database, now: datetime) -> int:
    """Update the gauges. Returns 0, so the worker waits for the next interval."""
    async with database.read() as tx:
        oldest = await outbox.oldest(tx)
        DUE.set(await queue.count_due(tx, now))
    lag = now - _made_at(oldest) if oldest else timedelta()
    OUTBOX_LAG.set(max(lag.total_seconds(), 0.0))
    return 0


def _made_at(event_id: str) -> datetime:
    """The instant in a UUIDv7, to the millisecond."""
    return datetime.fromtimestamp((UUID(event_id).int >> 80) / 1000, UTC)
