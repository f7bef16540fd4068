"""Ends the open changes of option whose units were shipped or claimed, in the transaction that took the units."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.engine.model.order import Order
from app.records.option_change import OptionChange, OptionChangeStatus, OvertakenReason
from app.service.events.publish import publish
from app.store import option_changes
from app.store.database import Tx


async def end_overtaken(
    tx: Tx, merchant_id: str, before: Order, after: Order, overtaken_by: OvertakenReason, now: datetime
) -> None:
    """End the changes of the lines that have no units for them any more. The caller stores the order."""
    for line in before.lines:
        if line.changing:
            left = after.line(line.line_id)
            change = (
                None
                if left and left.changing
                else await option_changes.open_of_line(tx, merchant_id, before.order_id, line.line_id)
            )
            if change is not None:
                overtaken = replace(
                    change, status=OptionChangeStatus.OVERTAKEN, overtaken_by=overtaken_by, decided_at=now
                )
                await option_changes.decide(tx, merchant_id, overtaken)
                await publish_change(tx, merchant_id, after, overtaken, now)


async def publish_change(tx: Tx, merchant_id: str, order: Order, change: OptionChange, now: datetime) -> None:
    """Publish the status of a change."""
    data: dict[str, Any] = {name: getattr(change, name) for name in _PUBLISHED}
    data |= {name: value for name in _IF_GIVEN if (value := getattr(change, name)) is not None}
    await publish(tx, merchant_id, order, f"order.option_change_{change.status}", now, **data)


_PUBLISHED = (
    "change_id",
    "line_id",
    "quantity",
    "sku",
    "title",
    "unit_price",
    "difference",
    "payment_id",
    "note",
    "new_line_id",
)
_IF_GIVEN = ("reason", "overtaken_by")
