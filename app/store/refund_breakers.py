"""Breakers of refunds, and the claims that wait for them.

`lock` holds the row of the breaker until the commit, so that decisions of a merchant in one currency count one after
another.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.records.refund_breaker import (
    BreakerHour,
    BreakerLimits,
    BreakerMeasure,
    BreakerOpening,
    BreakerWindow,
    RefundBreaker,
)
from app.records.timer import Timer
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import held_back_claims, refund_breaker_hours, refund_breaker_openings, refund_breakers

_b, _h, _o, _w = (
    table.c for table in (refund_breakers, refund_breaker_hours, refund_breaker_openings, held_back_claims)
)
_LIMITS = tuple(BreakerLimits.__dataclass_fields__)
_OPENING = tuple(column.name for column in _o)


def _of(columns: Any) -> Any:
    return and_(columns.merchant_id == bindparam("merchant"), columns.currency == bindparam("of_currency"))


_ARE_SET = Statement(select(exists(select(1).where(_b.merchant_id == bindparam("merchant"))).label("are_set")))
_ALL = Statement(select(refund_breakers).where(_b.merchant_id == bindparam("merchant")).order_by(_b.currency))
_LOAD = Statement(select(refund_breakers).where(_of(_b)))
_LOCK = Statement(select(refund_breakers).where(_of(_b)).with_for_update())
_INSERT = Statement(insert(refund_breakers))
_CHANGE = Statement(
    update(refund_breakers)
    .where(_of(_b))
    .values(
        **{name: bindparam(f"new_{name}", type_=_b[name].type) for name in _LIMITS},
        updated_at=bindparam("new_updated_at"),
        reset_at=bindparam("new_reset_at", type_=_b.reset_at.type),
    )
)
_HOURS = Statement(
    select(_h.hour_at, _h.decisions, _h.amount).where(_of(_h), _h.hour_at > bindparam("after_at")).order_by(_h.hour_at)
)


def _counting(dialect: Any) -> Statement:
    row = dialect.insert(refund_breaker_hours)
    more = {name: _h[name] + row.excluded[name] for name in ("decisions", "amount")}
    return Statement(
        row.on_conflict_do_update(index_elements=list(refund_breaker_hours.primary_key.columns), set_=more)
    )


_COUNT = {"postgresql": _counting(postgresql), "sqlite": _counting(sqlite)}
_FORGET = Statement(delete(refund_breaker_hours).where(_of(_h), _h.hour_at <= bindparam("after_at")))
_FORGET_ALL = Statement(delete(refund_breaker_hours).where(_of(_h)))
_OPEN = Statement(select(refund_breaker_openings).where(_of(_o), _o.closed_at.is_(None)))
_ADD_OPENING = Statement(insert(refund_breaker_openings))
_CLOSE = Statement(
    update(refund_breaker_openings)
    .where(_of(_o), _o.closed_at.is_(None))
    .values(closed_at=bindparam("at"), closed_by=bindparam("who", type_=_o.closed_by.type))
    .returning(_o.opening_id)
)
_IS_CLAIM = and_(_w.merchant_id == bindparam("merchant"), _w.claim_id == bindparam("claim"))
_HELD = Statement(select(_w.held_at).where(_IS_CLAIM))
_HOLD = Statement(insert(held_back_claims))
_HOLD_AGAIN = Statement(
    update(held_back_claims).where(_IS_CLAIM).values(wakes_at=bindparam("at")).returning(_w.claim_id)
)
_LET_GO = Statement(delete(held_back_claims).where(_IS_CLAIM, _w.wakes_at == bindparam("seen")))
_WAKE_ALL = Statement(update(held_back_claims).where(_of(_w)).values(wakes_at=bindparam("at")))
_COUNT_HELD = Statement(select(func.count().label("held")).where(_of(_w)))
_SOME_HELD = Statement(
    select(_w.claim_id).where(_of(_w)).order_by(_w.held_at, _w.claim_id).limit(bindparam("at_most"))
)  # fmt: skip


async def are_set(tx: Tx, merchant_id: str) -> bool:
    """Whether the merchant has a breaker in any currency."""
    row = await tx.first(_ARE_SET, {"merchant": merchant_id})
    return row is not None and bool(row.are_set)


async def all_of(tx: Tx, merchant_id: str) -> list[RefundBreaker]:
    return [_breaker(row) for row in await tx.fetch(_ALL, {"merchant": merchant_id})]


async def load(tx: Tx, merchant_id: str, currency: str) -> RefundBreaker | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "of_currency": currency})
    return None if row is None else _breaker(row)


async def lock(tx: Tx, merchant_id: str, currency: str) -> RefundBreaker | None:
    row = await tx.first(_LOCK, {"merchant": merchant_id, "of_currency": currency})
    return None if row is None else _breaker(row)


async def add(tx: Tx, breaker: RefundBreaker) -> None:
    """Raises IntegrityError when another transaction adds the breaker meanwhile."""
    limits = {name: getattr(breaker.limits, name) for name in _LIMITS}
    names = ("merchant_id", "currency", "created_at", "updated_at", "reset_at")
    await tx.fetch(_INSERT, {**{name: getattr(breaker, name) for name in names}, **limits})


async def change(tx: Tx, breaker: RefundBreaker) -> None:
    limits = {f"new_{name}": getattr(breaker.limits, name) for name in _LIMITS}
    times = {"new_updated_at": breaker.updated_at, "new_reset_at": breaker.reset_at}
    await tx.fetch(_CHANGE, {**_key(breaker), **limits, **times})


async def hours(tx: Tx, breaker: RefundBreaker, after_at: datetime) -> list[BreakerHour]:
    """The hours that began after an instant, the earliest first."""
    rows = await tx.fetch(_HOURS, {**_key(breaker), "after_at": after_at})
    return [BreakerHour(hour_at=row.hour_at, decisions=row.decisions, amount=row.amount) for row in rows]


async def count(tx: Tx, breaker: RefundBreaker, hour_at: datetime, amount: int, forget_until: datetime) -> None:
    """Count a decision. Hours until an instant are forgotten."""
    row = {"merchant_id": breaker.merchant_id, "currency": breaker.currency, "hour_at": hour_at}
    await tx.fetch(_COUNT["sqlite" if tx.is_sqlite else "postgresql"], {**row, "decisions": 1, "amount": amount})
    await tx.fetch(_FORGET, {**_key(breaker), "after_at": forget_until})


async def forget_hours(tx: Tx, breaker: RefundBreaker) -> None:
    await tx.fetch(_FORGET_ALL, _key(breaker))


async def open_one(tx: Tx, breaker: RefundBreaker) -> BreakerOpening | None:
    row = await tx.first(_OPEN, _key(breaker))
    return None if row is None else _opening(row)


async def add_opening(tx: Tx, opening: BreakerOpening) -> None:
    await tx.fetch(_ADD_OPENING, {name: getattr(opening, name) for name in _OPENING})


async def close(tx: Tx, breaker: RefundBreaker, who: str | None, now: datetime) -> bool:
    """False if it is closed."""
    return bool(await tx.fetch(_CLOSE, {**_key(breaker), "who": who, "at": now}))


async def is_held_back(tx: Tx, merchant_id: str, claim_id: str) -> bool:
    return await tx.first(_HELD, {"merchant": merchant_id, "claim": claim_id}) is not None


async def hold_back(
    tx: Tx, merchant_id: str, claim_id: str, order_id: str, currency: str, now: datetime, wakes_at: datetime
) -> None:
    """The caller has the lock of the order."""
    key = {"merchant": merchant_id, "claim": claim_id, "at": wakes_at}
    if not await tx.fetch(_HOLD_AGAIN, key):
        row = {"merchant_id": merchant_id, "claim_id": claim_id, "order_id": order_id, "currency": currency}
        await tx.fetch(_HOLD, {**row, "held_at": now, "wakes_at": wakes_at})


async def let_go(tx: Tx, timer: Timer) -> None:
    """The claim waits no more, unless its timer has been set to another instant."""
    await tx.fetch(_LET_GO, {"merchant": timer.merchant_id, "claim": timer.subject_id, "seen": timer.wakes_at})


async def wake_held_back(tx: Tx, breaker: RefundBreaker, at: datetime) -> None:
    await tx.fetch(_WAKE_ALL, {**_key(breaker), "at": at})


async def held_back(tx: Tx, breaker: RefundBreaker, *, limit: int) -> tuple[int, list[str]]:
    """How many claims wait for the breaker, and those that have waited the longest."""
    row = await tx.first(_COUNT_HELD, _key(breaker))
    some = await tx.fetch(_SOME_HELD, {**_key(breaker), "at_most": limit})
    return (int(row.held) if row else 0), [each.claim_id for each in some]


def _key(breaker: RefundBreaker) -> dict[str, str]:
    return {"merchant": breaker.merchant_id, "of_currency": breaker.currency}


def _breaker(row: Row) -> RefundBreaker:
    names = ("merchant_id", "currency", "created_at", "updated_at", "reset_at")
    limits = BreakerLimits(**{name: getattr(row, name) for name in _LIMITS})
    return RefundBreaker(limits=limits, **{name: getattr(row, name) for name in names})


def _opening(row: Row) -> BreakerOpening:
    values = {name: getattr(row, name) for name in _OPENING}
    return BreakerOpening(
        **{**values, "per": BreakerWindow(row.per), "measure": BreakerMeasure(row.measure)}
    )  # fmt: skip
