"""The clock of a test merchant, for the callers of the services. A live merchant has none, and costs no query."""

from datetime import datetime, timedelta

from app.records.merchant import Mode
from app.records.merchant_clock import MerchantClock
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.store import api_keys, merchant_clocks
from app.store.database import Database, Tx

AHEAD_MAX = timedelta(days=5 * 366)
"""How far the clock may be ahead of the system clock."""


async def clock_of(database: Database, merchant_id: str) -> MerchantClock | None:
    """None for a live merchant, and for a merchant that does not exist. Raises NotFoundError for a test merchant whose
    data was deleted."""
    if database.memo.get((_IS_LIVE, merchant_id)):
        return None
    async with database.read() as tx:
        clock = await merchant_clocks.load(tx, merchant_id)
        merchant = None if clock else await api_keys.merchant(tx, merchant_id)
    if merchant is not None and merchant.mode is Mode.TEST:
        raise NotFoundError("merchant", merchant_id)
    if merchant is not None:
        database.memo.put((_IS_LIVE, merchant_id), Mode.LIVE)
    return clock


_IS_LIVE = "merchant without a clock"
"""A live merchant never gets a clock."""


def time_of(clock: MerchantClock | None, now: datetime) -> datetime:
    """The merchant's time when the system clock shows `now`."""
    return now if clock is None else clock.at(now)


async def hold(tx: Tx, clock: MerchantClock, now: datetime) -> None:
    """Keep the clock from moving until the end of the transaction. `now` is of the system clock. Raises ConflictError
    if the clock moves, or has moved since the request began."""
    if clock.is_advancing or not await merchant_clocks.hold(tx, clock, now):
        raise ConflictError("test_clock_advancing")


async def move(tx: Tx, clock: MerchantClock, target_at: datetime, now: datetime, *, field: str) -> MerchantClock:
    """Let a worker move a clock that this transaction holds. `now` is of the system clock, and `field` is the part of
    the request that names the target. Raises InvalidError for a target that is not after the merchant's time, or too
    far away."""
    position_at = clock.at(now)
    if target_at <= position_at:
        raise InvalidError("test_clock_backward", field=field, at=position_at.isoformat())
    if target_at > now + AHEAD_MAX:
        raise InvalidError("test_clock_too_far", field=field, at=(now + AHEAD_MAX).isoformat())
    await merchant_clocks.begin_move(tx, clock.merchant_id, position_at, target_at, now)
    return MerchantClock(merchant_id=clock.merchant_id, ahead=clock.ahead, position_at=position_at, target_at=target_at)
