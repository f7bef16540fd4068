"""What a seller owes in addition to a refund that comes late: interest for a year, or a share that grows with the days.

Days are local days. The due day itself is not late, and the day of the payment is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

_YEAR = 10_000 * 365
"""A rate is in hundredths of a percent, for 365 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRate:
    """Interest for a year, in hundredths of a percent, from a local day until the day of the next rate. None: from the
    beginning. A rate that is a base rate and points on top of it is the sum of both."""

    from_on: date | None = None
    rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A share of the refund, in percent, if the refund is more than `after_days` days late. It takes the place of the
    interest for a year and of an earlier penalty."""

    after_days: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyPenalty:
    """The percent that each month adds to the last penalty. A month counts when it begins. The first month begins when
    the refund is more than `after_days` days late. The sum is at most `limit` percent."""

    after_days: int
    percent: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LateInterest:
    """The rule of a law or of a seller. Every day counts at the rate of that day. Rates and penalties may have any
    order."""

    citation: str
    rates: tuple[DatedRate, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    monthly: MonthlyPenalty | None = None


def constant_interest(percent: int, citation: str) -> LateInterest:
    """The same interest for a year on every day."""
    return LateInterest(rates=(DatedRate(rate=percent * 100),), citation=citation)


def interest_owed(rule: LateInterest, amount: int, *, due_on: date, paid_on: date) -> int:
    """Minor units on top of `amount`, rounded down once. 0 if the payment is not late.

    A later payment never owes less: where the interest until the first penalty is more than the penalty, it stays.
    """
    yearly = amount * _rates_of_days(rule, due_on, min(paid_on, _last_yearly_day(rule, due_on))) // _YEAR
    return max(yearly, amount * _share(rule, due_on, paid_on) // 100)


def yearly_percent(rule: LateInterest, due_on: date) -> int | None:
    """The interest for a year in percent, if the same whole percent applies to every day after the due day. None
    otherwise."""
    rates = {rate for first, following, rate in _spans(rule) if following > due_on + timedelta(days=1)}
    is_constant = len(rates) == 1 and min(first for first, _, _ in _spans(rule)) <= due_on + timedelta(days=1)
    if rule.penalties or rule.monthly or not is_constant:
        return None
    percent, rest = divmod(rates.pop(), 100)
    return None if rest else percent


def _rates_of_days(rule: LateInterest, due_on: date, last: date) -> int:
    """The sum of the rates of all days after the due day up to and including `last`."""
    begin, end = due_on + timedelta(days=1), last + timedelta(days=1)
    return sum(rate * max(0, (min(end, following) - max(begin, first)).days) for first, following, rate in _spans(rule))


def _spans(rule: LateInterest) -> Iterator[tuple[date, date, int]]:
    """Each rate with its first day, and the first day of the next rate."""
    rates = sorted((rate.from_on or date.min, rate.rate) for rate in rule.rates)
    for (first, rate), (following, _) in pairwise((*rates, (date.max, 0))):
        yield first, following, rate


def _last_yearly_day(rule: LateInterest, due_on: date) -> date:
    """The last day of the interest for a year. Then the penalties take its place."""
    begins = [penalty.after_days for penalty in (*rule.penalties, rule.monthly) if penalty]
    return due_on + timedelta(days=min(begins)) if begins else date.max - timedelta(days=1)


def _share(rule: LateInterest, due_on: date, paid_on: date) -> int:
    """The penalty in percent of the refund."""
    late = (paid_on - due_on).days
    reached = max((penalty.percent for penalty in rule.penalties if late > penalty.after_days), default=0)
    if rule.monthly is None:
        return reached
    months = _months_begun(due_on + timedelta(days=rule.monthly.after_days), paid_on)
    return max(reached, min(rule.monthly.limit, reached + months * rule.monthly.percent))


def _months_begun(day: date, later: date) -> int:
    """The calendar months that have begun after a day, 0 or less on the day and before. A month ends on the same date,
    or on the last day of a shorter month."""
    return (later.year - day.year) * 12 + later.month - day.month + (later.day > day.day)
