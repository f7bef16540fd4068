"""Breakers of refunds: above so much in an hour or a day, nothing is paid back until a person has looked.

A breaker counts what people, keys, agents and the system itself decide. The row of the breaker is locked from the count
to the commit, so decisions at once do not pass together. A decision that the law or the policy makes due by itself is
not lost: its claim is held back, and decided when the breaker has closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.clock import elapsed
from app.engine import Decision, Facts, Progress, first_decisions
from app.engine.model.commands import AdjustRefund, Command
from app.engine.model.vocabulary import Role
from app.records.refund_breaker import BreakerHour, BreakerMeasure, BreakerOpening, BreakerWindow, RefundBreaker
from app.service.authority import offered_by, owed_by
from app.service.breaker_alarm import alarm
from app.service.errors import ConflictError
from app.service.ids import new_id
from app.store import refund_breakers
from app.store.database import Database, Tx

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSED_BY_SCOPE = "staff:write"
REMEMBERED = 5.0
"""Seconds for which another process may not know of a merchant's first breaker."""


class RefundBreakerOpenError(Exception):
    """Nothing is paid back now. Nothing is stored."""

    def __init__(self, stop: "Stop") -> None:
        super().__init__(stop.opening.currency, stop.opening.until_at)
        self.stop = stop

    @property
    def problem(self) -> ConflictError:
        """What the caller of a command reads."""
        opening = self.stop.opening
        return ConflictError(
            "refund_breaker_open",
            currency=opening.currency,
            why=opening.per,
            until=opening.until_at.astimezone(self.stop.zone).isoformat(),
            scope=CLOSED_BY_SCOPE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What keeps a decision on a claim from being made. `opening` is stored if `is_new` is false. `reset_at` is of the
    breaker as it was counted, and `zone` of the policy."""

    merchant_id: str
    claim_id: str
    order_id: str
    opening: BreakerOpening
    is_new: bool
    reset_at: datetime | None
    zone: ZoneInfo


async def within_breaker(
    tx: Tx, merchant_id: str, command: Command, before: Facts, progress: Progress
) -> tuple[Progress, Stop | None]:
    """What of a progress may be stored now: all of it, and it is counted, or what comes before the first decision that
    pays back, with what stops the rest. Raises RefundBreakerOpenError if nothing comes before.

    A buyer's own decision pays back what the seller has offered, which was counted then. Money that comes in late
    belongs to earlier decisions."""
    amount = offered_by(command) + sum(map(owed_by, progress.decisions))
    if amount == 0 or isinstance(command, AdjustRefund) or not await _are_set(tx, merchant_id):
        return progress, None
    paying = _first_paying(command, progress.decisions)
    if paying == 0 and command.by.role is Role.BUYER:
        return progress, None
    stop = await _count(tx, merchant_id, progress, amount)
    if stop is None:
        return progress, None
    if paying == 0:
        raise RefundBreakerOpenError(stop)
    return first_decisions(progress, before, paying), stop


async def foresee(tx: Tx, merchant_id: str, command: Command, progress: Progress) -> None:
    """As `within_breaker`, and nothing is counted. Raises ConflictError where the command would be stopped."""
    amount = offered_by(command) + sum(map(owed_by, progress.decisions))
    if amount == 0 or not await _are_set(tx, merchant_id):
        return
    breaker = await refund_breakers.load(tx, merchant_id, progress.facts.order.currency)
    stop = await _stop(tx, breaker, progress, amount) if breaker else None
    if stop is not None and _first_paying(command, progress.decisions) == 0:
        raise RefundBreakerOpenError(stop).problem


async def open_breaker(database: Database, error: RefundBreakerOpenError, now: datetime) -> ConflictError:
    """Store and tell the opening for which a command was refused, and return the error for its giver. `now` is of the
    merchant."""
    if error.stop.is_new:
        await database.write(lambda tx: open_at_once(tx, error.stop, now))
    return error.problem


async def hold_back(tx: Tx, stop: Stop, now: datetime) -> None:
    """Let the claim wait for the breaker, and open the breaker. A claim that has waited opens nothing again. The caller
    has the lock of the order."""
    if not await refund_breakers.is_held_back(tx, stop.merchant_id, stop.claim_id):
        await open_at_once(tx, stop, now)
    wakes_at = max(stop.opening.until_at, next_hour(now))
    await refund_breakers.hold_back(
        tx, stop.merchant_id, stop.claim_id, stop.order_id, stop.opening.currency, now, wakes_at
    )


def next_hour(now: datetime) -> datetime:
    return _hour_of(now) + HOUR


def remember_first(tx: Tx, merchant_id: str) -> None:
    """The merchant has a breaker from now on."""
    tx.memo.put((_WITH_BREAKER, merchant_id), (elapsed() + REMEMBERED, True))


def _first_paying(command: Command, decisions: Sequence[Decision]) -> int:
    if offered_by(command):
        return 0
    return next(number for number, decision in enumerate(decisions) if owed_by(decision))


async def _count(tx: Tx, merchant_id: str, progress: Progress, amount: int) -> Stop | None:
    """Count a decision under the lock of the breaker. What stops the decision otherwise."""
    breaker = await refund_breakers.lock(tx, merchant_id, progress.facts.order.currency)
    if breaker is None:
        return None
    now = progress.facts.now
    stop = await _stop(tx, breaker, progress, amount)
    if stop is None:
        await refund_breakers.count(tx, breaker, _hour_of(now), amount, _hour_of(now) - DAY)
    return stop


async def _stop(tx: Tx, breaker: RefundBreaker, progress: Progress, amount: int) -> Stop | None:
    now = progress.facts.now
    opening = await refund_breakers.open_one(tx, breaker)
    is_open = opening is not None and opening.until_at > now
    if opening is None or not is_open:
        hours = await refund_breakers.hours(tx, breaker, _hour_of(now) - DAY)
        opening = _opening(breaker, hours, amount, now)
    if opening is None:
        return None
    return Stop(
        merchant_id=breaker.merchant_id,
        claim_id=progress.claim.claim_id,
        order_id=progress.facts.order.order_id,
        opening=opening,
        is_new=not is_open,
        reset_at=breaker.reset_at,
        zone=progress.facts.calendar.zone,
    )


def _opening(breaker: RefundBreaker, hours: Sequence[BreakerHour], amount: int, now: datetime) -> BreakerOpening | None:
    """The limit that a decision is above, if any. `hours` are those of the day."""
    this_hour, limits = _hour_of(now), breaker.limits
    in_hour = [hour for hour in hours if hour.hour_at == this_hour]
    for per, counted, decisions, most in (
        (BreakerWindow.HOUR, in_hour, limits.decisions_per_hour, limits.amount_per_hour),
        (BreakerWindow.DAY, hours, limits.decisions_per_day, limits.amount_per_day),
    ):
        for measure, allowed, more in (
            (BreakerMeasure.DECISIONS, decisions, 1),
            (BreakerMeasure.AMOUNT, most, amount),
        ):
            sums = [(hour.hour_at, getattr(hour, measure)) for hour in counted]
            if allowed is not None and sum(size for _, size in sums) + more > allowed:
                until_at = this_hour + HOUR if per is BreakerWindow.HOUR else _room_at(sums, allowed - more, now)
                return BreakerOpening(
                    merchant_id=breaker.merchant_id,
                    opening_id=new_id(now),
                    currency=breaker.currency,
                    per=per,
                    measure=measure,
                    allowed=allowed,
                    opened_at=now,
                    until_at=until_at,
                )
    return None


def _room_at(sums: Sequence[tuple[datetime, int]], room: int, now: datetime) -> datetime:
    """When so many of the earliest hours are more than a day ago that the decision fits, the next hour at the
    earliest."""
    left, at = sum(size for _, size in sums), next_hour(now)
    for hour_at, size in sums:
        if left <= room:
            break
        left, at = left - size, max(at, hour_at + DAY)
    return at


def _hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


async def open_at_once(tx: Tx, stop: Stop, now: datetime) -> None:
    """Open the breaker in the transaction of the caller. The unique index of open openings and the lock make one
    opening, and so one alarm."""
    breaker = await refund_breakers.lock(tx, stop.merchant_id, stop.opening.currency)
    if breaker is None or not stop.is_new or breaker.reset_at != stop.reset_at:
        return
    there = await refund_breakers.open_one(tx, breaker)
    if there is not None and there.until_at > now:
        return
    await refund_breakers.close(tx, breaker, None, now)
    await refund_breakers.add_opening(tx, stop.opening)
    await alarm(tx, stop.opening, stop.zone, now)


async def _are_set(tx: Tx, merchant_id: str) -> bool:
    """Whether the merchant has a breaker, remembered for REMEMBERED seconds: most merchants have none."""
    remembered: tuple[float, bool] | None = tx.memo.get((_WITH_BREAKER, merchant_id))
    if remembered is None or remembered[0] <= elapsed():
        remembered = (elapsed() + REMEMBERED, await refund_breakers.are_set(tx, merchant_id))
        tx.memo.put((_WITH_BREAKER, merchant_id), remembered)
    return remembered[1]


_WITH_BREAKER = "merchant with a breaker of refunds"
