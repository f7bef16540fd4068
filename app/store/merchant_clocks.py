"""The clocks of test merchants.

Each write of a test merchant locks the row of its clock first, and so does the worker that moves the clock. So no
command falls into a moving time.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, null, select, update

from app.records.merchant_clock import MerchantClock
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import merchant_clocks as clocks

_c = clocks.c
COLUMNS = (
    _c.merchant_id.label("clock_merchant_id"),
    *(_c[name].label(f"clock_{name}") for name in ("ahead", "position_at", "target_at")),
)
"""What `clock_of` reads, also beside the columns of another table."""
_MICROSECOND = timedelta(microseconds=1)
_IS_OF = _c.merchant_id == bindparam("merchant")


def is_live(table: Table) -> ColumnElement[bool]:
    """The rows of live merchants. What is due of a test merchant is due by the merchant's clock. In this form the
    database looks for the clock by its key, and does not read the clocks of all merchants."""
    clock = select(_c.merchant_id).where(_c.merchant_id == table.c.merchant_id).correlate(table).scalar_subquery()
    return clock.is_(None)


_INSERT = Statement(insert(clocks))
_LOAD = Statement(select(*COLUMNS).where(_IS_OF))
_HOLD = Statement(
    update(clocks)
    .where(_IS_OF, _c.ahead == bindparam("seen_ahead"), _c.target_at.is_(None))
    .values(wakes_at=bindparam("now"))
    .returning(_c.merchant_id)
)
_REMOVE = Statement(delete(clocks).where(_IS_OF))
_BEGIN_MOVE = Statement(
    update(clocks)
    .where(_IS_OF)
    .values(position_at=bindparam("from_at"), target_at=bindparam("to_at"), wakes_at=bindparam("now"))
)

_DUE = Statement(
    select(_c.merchant_id).where(_c.wakes_at <= bindparam("now")).order_by(_c.wakes_at).limit(bindparam("at_most"))
)
_TAKE = Statement(select(*COLUMNS).where(_IS_OF, _c.wakes_at <= bindparam("now")).with_for_update(skip_locked=True))
_STAND = Statement(update(clocks).where(_IS_OF).values(position_at=bindparam("at")))
_REST = Statement(
    update(clocks)
    .where(_IS_OF)
    .values(ahead=bindparam("new_ahead"), position_at=null(), target_at=null(), wakes_at=bindparam("new_wakes_at"))
)


async def add(tx: Tx, merchant_id: str) -> None:
    """The clock of a new test merchant shows the time of the system clock."""
    nothing = {"position_at": None, "target_at": None, "wakes_at": None}
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, "ahead": 0, **nothing})


async def load(tx: Tx, merchant_id: str) -> MerchantClock | None:
    """None for a live merchant."""
    row = await tx.first(_LOAD, {"merchant": merchant_id})
    return None if row is None else clock_of(row)


async def hold(tx: Tx, clock: MerchantClock, now: datetime) -> bool:
    """Lock a clock until the end of the transaction, and let a worker look at the merchant's timers after it. False
    if the clock moves, has moved since it was read, or is gone. `now` is of the system clock."""
    seen = {"merchant": clock.merchant_id, "seen_ahead": clock.ahead // _MICROSECOND, "now": now}
    return bool(await tx.fetch(_HOLD, seen))


async def begin_move(tx: Tx, merchant_id: str, position_at: datetime, target_at: datetime, now: datetime) -> None:
    """A worker moves the clock from now on. The caller holds the clock. `now` is of the system clock."""
    move = {"merchant": merchant_id, "from_at": position_at, "to_at": target_at, "now": now}
    await tx.fetch(_BEGIN_MOVE, move)


async def remove(tx: Tx, merchant_id: str) -> None:
    """The transactions that hold the clock end first. After it nobody can hold the clock."""
    await tx.fetch(_REMOVE, {"merchant": merchant_id})


async def due(tx: Tx, now: datetime, *, limit: int) -> list[str]:
    """The merchants whose clocks a worker must look at, the longest due first. `now` is of the system clock."""
    return [row.merchant_id for row in await tx.fetch(_DUE, {"now": now, "at_most": limit})]


async def take(tx: Tx, merchant_id: str, now: datetime) -> MerchantClock | None:
    """Lock a clock that is due. None if another transaction has the lock, or nothing is due any more."""
    row = await tx.first(_TAKE, {"merchant": merchant_id, "now": now})
    return None if row is None else clock_of(row)


async def stand(tx: Tx, merchant_id: str, at: datetime) -> None:
    """The moving clock is at this instant. The caller has taken the clock."""
    await tx.fetch(_STAND, {"merchant": merchant_id, "at": at})


async def rest(tx: Tx, merchant_id: str, ahead: timedelta, wakes_at: datetime | None) -> None:
    """The clock runs with the system clock, ahead of it. A worker looks at it again at `wakes_at` of the system
    clock. The caller has taken the clock."""
    values = {"merchant": merchant_id, "new_ahead": ahead // _MICROSECOND, "new_wakes_at": wakes_at}
    await tx.fetch(_REST, values)


def clock_of(row: Row) -> MerchantClock:
    """From a row with COLUMNS."""
    return MerchantClock(
        merchant_id=row.clock_merchant_id,
        ahead=row.clock_ahead * _MICROSECOND,
        position_at=row.clock_position_at,
        target_at=row.clock_target_at,
    )
