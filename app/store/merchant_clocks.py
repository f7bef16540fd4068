"""The clocks of test merchants.

Each write of a test merchant locks the row of its clock first, and so does the worker that moves the clock. So no
command falls into a moving time.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

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
_INSERT = Statement(insert(clocks))
_LOAD = Statement(select(*COLUMNS).where(_IS_OF))
_HOLD = Statement(
    update(clocks)
    .where(_IS_OF, _c.ahead == bindparam("seen_ahead"), _c.target_at.is_(None))
    .values(wakes_at=bindparam("now"))
    .returning(_c.merchant_id)
)
_BEGIN_MOVE = Statement(
    update(clocks)
    .where(_IS_OF)
    .values(position_at=bindparam("from_at"), target_at=bindparam("to_at"), wakes_at=bindparam("now"))
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


def clock_of(row: Row) -> MerchantClock:
    """From a row with COLUMNS."""
    return MerchantClock(
        merchant_id=row.clock_merchant_id,
        ahead=row.clock_ahead * _MICROSECOND,
        position_at=row.clock_position_at,
        target_at=row.clock_target_at,
    )
