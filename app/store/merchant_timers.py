"""The timers of one test merchant, in the order in which they are due by the merchant's clock."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, func, literal_column, select, union_all, update

from app.records.timer import Timer, TimerSubject
from app.store.database import Tx
from app.store.statements import Statement
from app.store.tables import (
    buyer_erasures,
    claim_files,
    claims,
    file_leftovers,
    held_back_claims,
    orders,
    refunds,
    shipments,
    withdrawals,
)

_NO_ORDER: ColumnElement[str] = literal_column("''")
_TABLES: dict[TimerSubject, tuple[Table, ColumnElement[str], ColumnElement[str]]] = {
    TimerSubject.CLAIM: (claims, claims.c.claim_id, claims.c.order_id),
    TimerSubject.REFUND: (refunds, refunds.c.refund_id, refunds.c.order_id),
    TimerSubject.ORDER: (orders, orders.c.order_id, orders.c.order_id),
    TimerSubject.SHIPMENT: (shipments, shipments.c.order_id, shipments.c.order_id),
    TimerSubject.HELD_BACK: (held_back_claims, held_back_claims.c.claim_id, held_back_claims.c.order_id),
    TimerSubject.WITHDRAWAL: (withdrawals, withdrawals.c.withdrawal_id, _NO_ORDER),
    TimerSubject.ERASURE: (buyer_erasures, buyer_erasures.c.order_id, buyer_erasures.c.order_id),
}
_OF_FILES = (claim_files, file_leftovers)
"""The bytes of files are kept by the system clock."""


def _wakes_at(table: Table) -> ColumnElement[Any]:
    """In this form the database reads the rows of the merchant alone. The index of timers has those of all merchants,
    and for a merchant whose time is ahead all of them would be due."""
    return func.coalesce(table.c.wakes_at, table.c.wakes_at, type_=table.c.wakes_at.type)


def _first_of(subject: TimerSubject) -> Select[*tuple[Any, ...]]:
    table, key, order = _TABLES[subject]
    first = select(
        literal_column(f"'{subject}'").label("subject"),
        table.c.merchant_id,
        key.label("subject_id"),
        order.label("order_id"),
        table.c.wakes_at,
    )
    first = first.where(table.c.merchant_id == bindparam("merchant"), _wakes_at(table) <= bindparam("at"))
    return select(first.order_by(_wakes_at(table)).limit(1).subquery(f"first_of_{table.name}"))


_FIRST = Statement(union_all(*(_first_of(subject) for subject in _TABLES)).order_by("wakes_at").limit(1))
_FOLLOWING = Statement(
    union_all(
        *(
            select(func.min(_wakes_at(table)).label("wakes_at")).where(
                table.c.merchant_id == bindparam("merchant"), _wakes_at(table) > bindparam("at")
            )
            for table in (*(table for table, *_ in _TABLES.values()), *_OF_FILES)
        )
    )
)
_PULL_FORWARD = tuple(
    Statement(
        update(table)
        .where(
            and_(
                table.c.merchant_id == bindparam("merchant"),
                table.c.wakes_at > bindparam("now"),
                table.c.wakes_at <= bindparam("at"),
            )
        )
        .values(wakes_at=bindparam("now"))
    )
    for table in _OF_FILES
)


async def first(tx: Tx, merchant_id: str, at: datetime) -> Timer | None:
    """The timer that is due the longest at an instant of the merchant. None if none is due."""
    row = await tx.first(_FIRST, {"merchant": merchant_id, "at": at})
    return None if row is None else Timer(**{**row._asdict(), "subject": TimerSubject(row.subject)})


async def next_instant(tx: Tx, merchant_id: str, at: datetime) -> datetime | None:
    """When the next timer after an instant is due, by the merchant's clock."""
    rows = await tx.fetch(_FOLLOWING, {"merchant": merchant_id, "at": at})
    return min((row.wakes_at for row in rows if row.wakes_at is not None), default=None)


async def pull_files_forward(tx: Tx, merchant_id: str, at: datetime, now: datetime) -> None:
    """What the worker should do with bytes of files by the merchant's clock, it does now by the system clock."""
    for statement in _PULL_FORWARD:
        await tx.fetch(statement, {"merchant": merchant_id, "at": at, "now": now})
