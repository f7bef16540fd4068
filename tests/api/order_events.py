"""Events of orders, read from the outbox."""

import json
from typing import Any

from sqlalchemy import text

from app.store.database import Database

_ORDER_EVENTS = text(
    "SELECT n.type, n.data FROM notices n"
    " JOIN outbox o ON o.merchant_id = n.merchant_id AND o.event_id = n.event_id"
    " WHERE n.subject = 'order' AND n.subject_id = :order ORDER BY n.event_id"
)
Body = dict[str, Any]


async def order_events(database: Database, order_id: str = "order-1") -> list[tuple[str, dict[str, Any]]]:
    """The order's events, oldest first: type and data."""
    async with database.engine.connect() as connection:
        rows = list(await connection.execute(_ORDER_EVENTS, {"order": order_id}))
    return [(row.type, json.loads(row.data)) for row in rows]


async def order_event_types(database: Database, order_id: str = "order-1") -> list[str]:
    return [name.removeprefix("order.") for name, _ in await order_events(database, order_id)]


async def facts(database: Database) -> Body:
    """The newest event's data, without the fields of every event."""
    _, data = (await order_events(database))[-1]
    common = ("order_id", "order", "version", "updated_at")
    return {name: value for name, value in data.items() if name not in common}
