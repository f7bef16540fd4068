"""Publishes an event of an order, in the transaction of the change, under the order's lock.

`version` grows with every event of the order, so that a consumer can drop an event that is older than its copy. The
buyer's address is in no event.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app import json_text
from app.engine.model.order import Order, OrderLine
from app.records.event import StandaloneEvent
from app.service.ids import new_id
from app.store import notices
from app.store.database import Tx
from app.telemetry import EVENTS

_LINES_SIZE_MAX = 3_000
"""Bytes for a list of lines. With that an event stays below 20,000 bytes, however many lines the order has."""
_ORDER_FIELDS = (
    "policy",
    "currency",
    "buyer_id",
    "paid_at",
    "confirmed_at",
    "expected_ship_on",
    "ready_to_ship_at",
    "delay_reason",
)
_LINE_FIELDS = ("line_id", "sku", "title", "quantity", "shipped", "delivered", "deliver_on")


async def publish(tx: Tx, merchant_id: str, order: Order, name: str, now: datetime, **facts: Any) -> None:
    """Publish the event `name` of an order that the caller has locked. `facts` go into its data."""
    data = {
        "order_id": order.order_id,
        **facts,
        "order": _order_snapshot(order),
        "version": await notices.next_version(tx, merchant_id, order.order_id),
        "updated_at": now,
    }
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


def _order_snapshot(order: Order) -> dict[str, Any]:
    lines = rows_that_fit(_line_snapshot(line) for line in order.lines)
    return {
        **{name: getattr(order, name) for name in _ORDER_FIELDS},
        "lines": lines,
        "lines_left_out": len(order.lines) - len(lines),
    }


def _line_snapshot(line: OrderLine) -> dict[str, Any]:
    return {**{name: getattr(line, name) for name in _LINE_FIELDS}, "cancelled": line.units.cancelled}
