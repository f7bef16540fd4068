"""Figures about orders, each counted by one statement."""

from datetime import datetime

from sqlalchemy import bindparam, case, func, literal_column, or_, select

from app.records.figures import DelayFigures
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import messages, order_lines

_TOLD = (
    select(messages.c.order_id)
    .where(
        messages.c.merchant_id == bindparam("merchant"),
        messages.c.event == literal_column("'order.delayed'"),  # literals, so that the partial index fits
        messages.c.audience == literal_column("'buyer'"),
        messages.c.created_at >= bindparam("from_at"),
        messages.c.created_at < bindparam("to_at"),
    )
    .distinct()
    .subquery("told")
)
_UNITS = (
    select(
        func.sum(order_lines.c.quantity - order_lines.c.changed).label("ordered"),
        func.sum(order_lines.c.cancelled).label("cancelled"),
    )
    .select_from(_TOLD.join(order_lines, order_lines.c.order_id == _TOLD.c.order_id))
    .where(
        order_lines.c.merchant_id == bindparam("merchant"),
        or_(order_lines.c.replaces.is_(None), order_lines.c.option_change.is_not(None)),
    )
    .group_by(_TOLD.c.order_id)
    .subquery("units")
)
_DELAYS = Statement(
    select(
        func.count().label("orders"),
        func.count(case((_UNITS.c.cancelled == 0, 1))).label("kept"),
        func.count(case((_UNITS.c.cancelled == _UNITS.c.ordered, 1))).label("cancelled"),
    ).select_from(_UNITS)
)


async def of_delays(tx: Tx, merchant_id: str, from_at: datetime, to_at: datetime) -> DelayFigures:
    """What became of the orders whose buyers were told of a delay from one instant until before another."""
    row = await tx.first(_DELAYS, {"merchant": merchant_id, "from_at": from_at, "to_at": to_at})
    if row is None:
        raise LookupError("a statement that counts has a row")
    orders, kept, cancelled = int(row.orders), int(row.kept), int(row.cancelled)
    partly_cancelled = orders - kept - cancelled
    return DelayFigures(orders=orders, kept=kept, partly_cancelled=partly_cancelled, cancelled=cancelled)
