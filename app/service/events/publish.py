"""Publishes an event of an order, in the transaction of the change, under the order's lock.

`version` grows with every event of the order, so that a consumer can drop an event that is older than its copy. The
buyer's address is in no event.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app import json_text
from app.engine.model.order import Order
from app.records.event import StandaloneEvent
from app.service.events.quiet import Quiet
from app.service.ids import new_id
from app.service.resources.order import order_body
from app.store import notices
from app.store.database import Tx
from app.telemetry import EVENTS

_LINES_SIZE_MAX = 3_000
"""Bytes for the lines that an event is about."""
_ORDER_LINES_SIZE_MAX = 8_000
"""Bytes for the lines of the order. With both an event stays below 20,000 bytes, however many lines the order has."""


async def publish(
    tx: Tx, merchant_id: str, order: Order, name: str, now: datetime, *, quiet: Quiet | None = None, **facts: Any
) -> None:
    """Publish the event `name` of an order that the caller has locked. `facts` go into its data. A quiet event makes no
    messages."""
    quiet = Quiet.REQUESTED if tx.is_quiet else quiet
    facts |= {"quiet": quiet} if quiet else {}
    version, created_at = await notices.next_version(tx, merchant_id, order.order_id)
    body = order_body(order, created_at=created_at, updated_at=now, version=version)
    data = {"order_id": order.order_id, **facts, **_fitting(body), "version": version, "updated_at": now}
    event = StandaloneEvent(
        merchant_id=merchant_id,
        event_id=new_id(now),
        subject="order",
        subject_id=order.order_id,
        type=name,
        at=now,
        data=json_text.dump(data),
    )
    await notices.add(tx, event)
    EVENTS.labels(name).inc()


def rows_that_fit(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first rows, as many as the size of an event allows."""
    fitting: list[Mapping[str, Any]] = []
    size = 0
    for row in rows:
        size += len(json_text.dump(row).encode()) + 1
        if size > _LINES_SIZE_MAX:
            break
        fitting.append(row)
    return fitting


def _fitting(body: dict[str, Any]) -> dict[str, Any]:
    """The order, and no lines of it where they are too large."""
    if len(json_text.dump(body["lines"]).encode()) <= _ORDER_LINES_SIZE_MAX:
        return {"order": body}
    return {"order": {**body, "lines": []}, "truncated": ["order.lines"]}
