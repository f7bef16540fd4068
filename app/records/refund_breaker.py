"""Breakers of refunds: how much a shop may decide to pay back in an hour and in a day, and when that was too much."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BreakerWindow(StrEnum):
    """`hour`: since the last full hour. `day`: the last 24 of such hours."""

    HOUR = "hour"
    DAY = "day"


class BreakerMeasure(StrEnum):
    """What would have been above the limit: the number of decisions that pay back, or their sum."""

    DECISIONS = "decisions"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerLimits:
    """Amounts are in minor units. None is no limit."""

    decisions_per_hour: int | None = None
    decisions_per_day: int | None = None
    amount_per_hour: int | None = None
    amount_per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundBreaker:
    """The breaker of one currency. `reset_at` is when a person has let decisions go on last: sums begin there."""

    merchant_id: str
    currency: str
    limits: BreakerLimits
    created_at: datetime
    updated_at: datetime
    reset_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerHour:
    """What was decided in one hour."""

    hour_at: datetime
    decisions: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerOpening:
    """A decision would have been above a limit of the breaker. Until `until_at` no decision pays back, unless a person
    closes the breaker before. `closed_by` is None if the time has closed it."""

    merchant_id: str
    opening_id: str
    currency: str
    per: BreakerWindow
    measure: BreakerMeasure
    allowed: int
    opened_at: datetime
    until_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
