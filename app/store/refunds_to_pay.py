"""Refunds of which something is left to pay, by their last instant, and those that a payer names."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, select, tuple_

from app import json_text
from app.engine.model.refund import ENDED, RefundStatus
from app.records.refund import OwedCounts, StoredRefund
from app.store.database import Tx
from app.store.refunds import COLUMNS, from_row
from app.store.sorting import COUNTED_TO
from app.store.statements import Listing, Statement
from app.store.tables import refunds
from app.store.types import Instant, JsonTexts

_STANDS_AT = func.coalesce(refunds.c.due_by, refunds.c.created_at)
_OPEN = refunds.c.status.in_([literal(each.value) for each in sorted(RefundStatus) if each not in ENDED])
"""As the index has it."""
_UNTIL = bindparam("due_until", type_=Instant())
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "due_until": (_STANDS_AT <= _UNTIL) & refunds.c.due_by.is_not(None),
    "status": refunds.c.status == bindparam("status"),
    "after": tuple_(_STANDS_AT, refunds.c.refund_id)
    > tuple_(bindparam("after_at", type_=Instant()), bindparam("after_id")),
}
_LIST = Listing(
    select(*COLUMNS)
    .where(refunds.c.merchant_id == bindparam("merchant"), _OPEN)
    .order_by(_STANDS_AT, refunds.c.refund_id)
    .limit(bindparam("at_most")),
    _CONDITIONS,
)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    found = select(literal(1).label("one")).where(refunds.c.merchant_id == bindparam("merchant"), _OPEN, *conditions)
    return select(func.count()).select_from(found.limit(literal(COUNTED_TO)).subquery()).scalar_subquery()


def _due_until(name: str) -> ColumnElement[bool]:
    return (bindparam(name, type_=Instant()) >= _STANDS_AT) & refunds.c.due_by.is_not(None)


_COUNTS = Statement(
    select(
        _count().label("all"),
        _count(_due_until("tonight")).label("today"),
        _count(_due_until("now")).label("late"),
        _count(refunds.c.status == literal(RefundStatus.FAILED.value)).label("failed"),
        _count(refunds.c.status == literal(RefundStatus.UNKNOWN.value)).label("uncertain"),
    )
)
_NAMED = tuple(
    Statement(
        select(*COLUMNS)
        .where(
            refunds.c.merchant_id == bindparam("merchant"),
            column.in_(select(JsonTexts(bindparam("names")).table_valued("value").c.value)),
        )
        .order_by(refunds.c.refund_id)
        .limit(literal(COUNTED_TO))
    )
    for column in (refunds.c.idempotency_key, refunds.c.refund_id, refunds.c.order_id)
)


async def page(
    tx: Tx, merchant_id: str, *, limit: int, after: tuple[datetime, str] | None, **where: Any
) -> list[StoredRefund]:  # fmt: skip
    """`where` has `due_until` or `status`."""
    place = {"after_at": after[0], "after_id": after[1]} if after else {}
    statement = _LIST.narrowed([*where, "after"] if after else where)
    rows = await tx.fetch(statement, {"merchant": merchant_id, "at_most": limit, **where, **place})
    return [from_row(row) for row in rows]


async def counts(tx: Tx, merchant_id: str, now: datetime, tonight: datetime) -> OwedCounts:
    row = await tx.first(_COUNTS, {"merchant": merchant_id, "now": now, "tonight": tonight})
    if row is None:
        raise LookupError("a statement that counts has a row")
    return OwedCounts(**row._asdict())


async def named(tx: Tx, merchant_id: str, names: Collection[str]) -> Iterable[StoredRefund]:
    """The refunds with one of the names as their key for the provider, their id or their order, each once."""
    values = {"merchant": merchant_id, "names": json_text.dump(sorted(set(names)))}
    found = {}
    for statement in _NAMED:
        for row in await tx.fetch(statement, values):
            found[row.refund_id] = from_row(row)
    return found.values()
