"""What happens to an order, told: a notice in the transaction of what it tells, numbered under the order's lock.

`version` grows with every notice, so that whoever listens can drop what is older than what it has. The buyer's
address is never among what is told.
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

_ROOM = 3_000
"""Bytes that a list of lines may take up: an event stays below 20,000, however many lines the order has."""


async def publish(tx: Tx, merchant_id: str, order: Order, name: str, now: datetime, **said: Any) -> None:
    """Tell one thing of an order that the caller has locked; `said` are the facts of it."""
    data = {
        "order_id": order.order_id,
        **said,
        "order": _in_brief(order),
        "version": await notices.next_number(tx, merchant_id, order.order_id),
        "updated_at": now,
    }
    await notices.add(
        tx,
        StandaloneEvent(
            merchant_id=merchant_id,
            event_id=new_id(now),
            subject="order",
            subject_id=order.order_id,
            type=name,
            at=now,
            data=json_text.dump(data),
        ),
    )
    EVENTS.labels(name).inc()


def in_room(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As many of the rows as there is room for."""
    kept: list[Mapping[str, Any]] = []
    room = _ROOM
    for row in rows:
        room -= len(json_text.dump(row).encode()) + 1
        if room < 0:
            break
        kept.append(row)
    return kept


def _in_brief(order: Order) -> dict[str, Any]:
    lines = in_room(_line(line) for line in order.lines)
    return {
        **{name: getattr(order, name) for name in _BRIEF},
        "lines": lines,
        "lines_left_out": len(order.lines) - len(lines),
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {**{name: getattr(line, name) for name in _BRIEF_LINE}, "cancelled": line.units.cancelled}


_BRIEF = (
    "policy",
    "currency",
    "buyer_id",
    "paid_at",
    "confirmed_at",
    "expected_ship_on",
    "ready_to_ship_at",
    "delay_reason",
)
_BRIEF_LINE = ("line_id", "sku", "title", "quantity", "shipped", "delivered", "deliver_on")
