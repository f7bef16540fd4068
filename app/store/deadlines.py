"""Timers of claims, refunds, orders and parcels: when the worker must look at each.

The instant is a column of the row itself and is written with the row. So no timer is left over after a decision, a
payment or a change. A timer needs no lease: it fires inside one transaction, under the lock of its order.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
    update,
)

from app.engine.model.refund import ENDED, RefundStatus
from app.records.timer import Timer, TimerSubject
from app.store.database import Tx
from app.store.merchant_clocks import is_live
from app.store.statements import Statement
from app.store.tables import claims, held_back_claims, merchants, orders, refunds, shipments

_TABLES = {
    TimerSubject.CLAIM: (claims, claims.c.claim_id),
    TimerSubject.REFUND: (refunds, refunds.c.refund_id),
    TimerSubject.ORDER: (orders, orders.c.order_id),
    TimerSubject.SHIPMENT: (shipments, shipments.c.order_id),
    TimerSubject.HELD_BACK: (held_back_claims, held_back_claims.c.claim_id),
}


def _timers_of(subject: TimerSubject) -> Select[*tuple[Any, ...]]:
    """Each of the tables is read in the order of its own index, and only as far as needed."""
    table, key = _TABLES[subject]
    first = select(
        literal_column(f"'{subject}'").label("subject"),
        table.c.merchant_id,
        key.label("subject_id"),
        table.c.order_id.label("order_id"),
        table.c.wakes_at,
    )
    is_due = table.c.wakes_at <= bindparam("now")
    first = first.where(is_due, is_live(table)).order_by(table.c.wakes_at).limit(bindparam("at_most"))
    return select(first.subquery(f"timers_of_{table.name}"))


_DUE = Statement(
    union_all(*(_timers_of(subject) for subject in _TABLES)).order_by("wakes_at").limit(bindparam("at_most"))
)


def _wake(table: Table, key: ColumnElement[str]) -> Statement:
    this = and_(table.c.merchant_id == bindparam("merchant"), key == bindparam("subject"))
    seen = table.c.wakes_at == bindparam("seen")
    return Statement(update(table).where(this, seen).values(wakes_at=bindparam("new_wakes_at")))


_WAKE = {subject: _wake(table, key) for subject, (table, key) in _TABLES.items()}
_THIS_ORDER = and_(orders.c.merchant_id == bindparam("merchant"), orders.c.order_id == bindparam("order"))
_TAKE = Statement(select(orders.c.order_id).where(_THIS_ORDER).with_for_update(skip_locked=True))
_WAKE_ORDER = Statement(update(orders).where(_THIS_ORDER).values(wakes_at=bindparam("new_wakes_at")))
_LAST_ALERT = Statement(select(orders.c.alerted).where(_THIS_ORDER))
_MARK_ORDER = Statement(update(orders).where(_THIS_ORDER).values(alerted=bindparam("new_alerted")))
_NOTE_ALERT = Statement(
    update(orders).where(_THIS_ORDER).values(alerted=bindparam("new_alerted"), wakes_at=bindparam("new_wakes_at"))
)
_LATE_CLAIMS = Statement(
    select(func.count().label("late"))
    .select_from(merchants.join(claims, claims.c.merchant_id == merchants.c.merchant_id))
    .where(claims.c.due_at <= bindparam("now"), is_live(claims))
)
_UNPAID = [status for status in RefundStatus if status not in ENDED]
_LATE_REFUNDS = Statement(
    select(func.count().label("late"))
    .select_from(merchants.join(refunds, refunds.c.merchant_id == merchants.c.merchant_id))
    .where(
        refunds.c.status.in_([literal_column(f"'{status}'") for status in _UNPAID]),
        refunds.c.due_by <= bindparam("now"),
        is_live(refunds),
    )
)


async def due(tx: Tx, now: datetime, *, limit: int) -> list[Timer]:
    """The timers that are due, of all live merchants, the longest due first."""
    rows = await tx.fetch(_DUE, {"now": now, "at_most": limit})
    return [Timer(**{**row._asdict(), "subject": TimerSubject(row.subject)}) for row in rows]


async def take(tx: Tx, timer: Timer) -> bool:
    """Lock the timer's order without waiting. False while another transaction has the lock."""
    key = {"merchant": timer.merchant_id, "order": timer.order_id}
    return tx.is_sqlite or bool(await tx.fetch(_TAKE, key))


async def wake(tx: Tx, timer: Timer, at: datetime | None) -> None:
    """Set the timer to another instant, unless it has been set meanwhile."""
    key = {"merchant": timer.merchant_id, "subject": timer.subject_id, "seen": timer.wakes_at}
    await tx.fetch(_WAKE[timer.subject], {**key, "new_wakes_at": at})


async def wake_order(tx: Tx, merchant_id: str, order_id: str, at: datetime | None) -> None:
    """Set the timer of an order that has just been changed."""
    await tx.fetch(_WAKE_ORDER, {"merchant": merchant_id, "order": order_id, "new_wakes_at": at})


async def last_alert(tx: Tx, merchant_id: str, order_id: str) -> str | None:
    """The last alert about an order's ship date."""
    row = await tx.first(_LAST_ALERT, {"merchant": merchant_id, "order": order_id})
    return row.alerted if row else None


async def mark_order(tx: Tx, merchant_id: str, order_id: str, mark: str) -> None:
    """Store a mark in place of the last alert of an order that has just been changed."""
    await tx.fetch(_MARK_ORDER, {"merchant": merchant_id, "order": order_id, "new_alerted": mark})


async def note_alert(tx: Tx, timer: Timer, mark: str, wakes_at: datetime | None) -> None:
    """Store the alert about an order's ship date, and set the timer."""
    key = {"merchant": timer.merchant_id, "order": timer.order_id}
    await tx.fetch(_NOTE_ALERT, {**key, "new_alerted": mark, "new_wakes_at": wakes_at})


async def count_late(tx: Tx, now: datetime) -> dict[TimerSubject, int]:
    """How many claims and refunds of live merchants are late, by subject."""
    counted = {TimerSubject.CLAIM: _LATE_CLAIMS, TimerSubject.REFUND: _LATE_REFUNDS}
    rows = {subject: await tx.first(statement, {"now": now}) for subject, statement in counted.items()}
    return {subject: int(row.late) if row else 0 for subject, row in rows.items()}
