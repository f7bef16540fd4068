"""The places of the seller's queue: of claims, of changes that buyers ask for, and of withdrawals, merged."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.expression import ColumnClause, Label

from app.records.seller_queue import OwedRefunds, QueueFilter, QueuePlace, QueueSubject, QueueSummary
from app.store import claim_work, order_words
from app.store.database import Tx
from app.store.sorting import COUNTED_TO
from app.store.statements import Listing, Statement
from app.store.tables import address_changes, claims, option_changes, refunds, withdrawals

Position = tuple[datetime, int, str]

_c = claims.c
_STANDS_AT = func.coalesce(_c.due_at, _c.requested_at, type_=_c.due_at.type)
_LIGHTNESS = -_c.value
_IS_LATE = _c.due_at <= bindparam("now", type_=_c.due_at.type)
_IS_LATE_HERE = and_(_IS_LATE, bindparam("now", type_=_c.due_at.type) >= _STANDS_AT)
"""What is late stands at its deadline, so that the index ends the search."""

_NO_VALUE: ColumnClause[int] = literal_column("0", _c.value.type)


def _places(
    subject: QueueSubject,
    place: tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]],
    order_id: ColumnElement[Any],
    where: Iterable[ColumnElement[bool]],
    conditions: Mapping[str, ColumnElement[bool]],
) -> Listing:
    stands_at, lightness, subject_id = place
    after = (
        bindparam("after_at", type_=stands_at.type),
        bindparam("after_lightness", type_=_c.value.type),
        bindparam("after_id", type_=subject_id.type),
    )
    return Listing(
        select(
            literal_column(f"'{subject}'").label("subject"),
            stands_at.label("stands_at"),
            lightness.label("lightness"),
            subject_id.label("subject_id"),
            order_id.label("order_id"),
        )
        .where(*where)
        .order_by(*(column for column in place if column is not _NO_VALUE))
        .limit(bindparam("at_most")),
        {
            "after_at": tuple_(*place) > tuple_(*after),
            "due_before": stands_at < bindparam("due_before", type_=stands_at.type),
            **conditions,
        },
    )


def _has_status(table: Table, status: str) -> ColumnElement[bool]:
    """With a literal, so that the partial index fits."""
    return table.c.status == literal_column(f"'{status}'")


def _asked_for(table: Table, subject: QueueSubject) -> Listing:
    """Changes that a buyer asks for and that the seller has not decided. They stand where they came."""
    c = table.c
    return _places(
        subject,
        (c.requested_at, _NO_VALUE, c.change_id),
        c.order_id,
        [c.merchant_id == bindparam("merchant"), _has_status(table, "requested")],
        order_words.conditions(c.order_id),
    )


_QUEUES: Mapping[QueueSubject, Listing] = {
    QueueSubject.CLAIM: _places(
        QueueSubject.CLAIM,
        (_STANDS_AT, _LIGHTNESS, _c.claim_id),
        _c.order_id,
        [_c.merchant_id == bindparam("merchant"), _c.turn == bindparam("turn")],
        {
            "kind": _c.kind == bindparam("kind"),
            "state": _c.state == bindparam("state"),
            "late": _IS_LATE_HERE,
            "not_late": or_(_c.due_at.is_(None), not_(_IS_LATE)),
            "answered": _c.answered_at.is_not(None),
            "not_answered": _c.answered_at.is_(None),
            **claim_work.conditions(_c.merchant_id, _c.claim_id),
            **order_words.conditions(_c.order_id),
        },
    ),
    QueueSubject.ADDRESS_CHANGE: _asked_for(address_changes, QueueSubject.ADDRESS_CHANGE),
    QueueSubject.OPTION_CHANGE: _asked_for(option_changes, QueueSubject.OPTION_CHANGE),
    QueueSubject.WITHDRAWAL: _places(
        QueueSubject.WITHDRAWAL,
        (withdrawals.c.received_at, _NO_VALUE, withdrawals.c.withdrawal_id),
        withdrawals.c.order_id,
        [withdrawals.c.merchant_id == bindparam("merchant"), _has_status(withdrawals, "unmatched")],
        {},
    ),
}


async def places(
    tx: Tx,
    merchant_id: str,
    subjects: Iterable[QueueSubject],
    where: QueueFilter,
    *,
    limit: int,
    after: Position | None,
) -> list[QueuePlace]:
    """The first places of these subjects after a position, in the order of the queue."""
    words, sought = await order_words.narrowing(tx, merchant_id, where.q)
    values = {"merchant": merchant_id, "turn": where.turn, "now": where.now, "at_most": limit, **sought}
    narrow = {name: getattr(where, name) for name in ("kind", "state", "due_before", "assignee", "tag")}
    values |= narrow
    names = {name for name, value in narrow.items() if value is not None} | set(words)
    names.add("asleep" if where.snoozed else "awake")
    if after is not None:
        values |= {"after_at": after[0], "after_lightness": after[1], "after_id": after[2]}
        names.add("after_at")
    for name, wanted in (("late", where.overdue), ("answered", where.answered)):
        if wanted is not None:
            names.add(name if wanted else f"not_{name}")
    found: list[QueuePlace] = []
    for subject in subjects:
        listing = _QUEUES[subject]
        rows = await tx.fetch(listing.narrowed(names & listing.conditions.keys()), values)
        found += [QueuePlace(**{**row._asdict(), "subject": subject}) for row in rows]
    return sorted(found, key=lambda place: place.position)[:limit]


def _count(query: Select[Any]) -> ColumnElement[int]:
    """A count that stops at the bound, so that no summary reads a table whole."""
    return select(func.count()).select_from(query.limit(literal(COUNTED_TO)).subquery()).scalar_subquery()


_ONE: Label[int] = literal_column("1").label("one")
_MINE = select(_ONE).where(_c.merchant_id == bindparam("merchant"), _c.turn == literal("seller"))
_SUMMARY = Statement(
    select(
        _count(_MINE).label("waiting"),
        _count(
            _MINE.where(_c.state == literal("requested"), bindparam("due_before", type_=_c.due_at.type) > _STANDS_AT)
        ).label("to_answer"),
        _count(_MINE.where(_IS_LATE_HERE)).label("overdue"),
        _count(_MINE.where(_c.answered_at.is_not(None))).label("answered"),
        _count(_MINE.where(_c.state == literal("received"))).label("to_inspect"),
        *(
            _count(select(_ONE).where(table.c.merchant_id == bindparam("merchant"), _has_status(table, status))).label(
                name
            )
            for name, table, status in (
                ("address_changes", address_changes, "requested"),
                ("option_changes", option_changes, "requested"),
                ("withdrawals", withdrawals, "unmatched"),
                ("refunds_failed", refunds, "failed"),
            )
        ),
    )
)
_PENDING = (
    select(refunds.c.currency, refunds.c.amount)
    .where(refunds.c.merchant_id == bindparam("merchant"), refunds.c.status == literal("pending"))
    .limit(literal(COUNTED_TO))
    .subquery("pending")
)
_TO_PAY = Statement(
    select(_PENDING.c.currency, func.count().label("count_of_rows"), func.sum(_PENDING.c.amount).label("amount"))
    .group_by(_PENDING.c.currency)
    .order_by(_PENDING.c.currency)
)


async def summary(tx: Tx, merchant_id: str, now: datetime, due_before: datetime) -> QueueSummary:
    row = await tx.first(_SUMMARY, {"merchant": merchant_id, "now": now, "due_before": due_before})
    if row is None:
        raise LookupError("a statement that counts has a row")
    owed = [
        OwedRefunds(currency=each.currency, count=int(each.count_of_rows), amount=int(each.amount))
        for each in await tx.fetch(_TO_PAY, {"merchant": merchant_id})
    ]
    return QueueSummary(**row._asdict(), refunds_to_pay=tuple(owed))
