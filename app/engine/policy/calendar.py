"""Local days, business days and months. Holidays are arguments, and nothing here reads a clock."""

import calendar as gregorian
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
SATURDAY_AND_SUNDAY = frozenset({5, 6})


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCalendar:
    """One time zone with its days of rest.

    `closing_days` are a seller's own days of rest. Periods of the law do not wait for them. `rest_days` are weekdays as
    in `date.weekday()`: Monday is 0. `release` names the source of the holidays, so that a decision can be explained
    years later.
    """

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    closing_days: frozenset[date] = frozenset()
    rest_days: frozenset[int] = SATURDAY_AND_SUNDAY
    release: str = ""

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The local midnight that ends `day`, in UTC: the first instant outside it."""
        return datetime.combine(day + _DAY, time(), self.zone).astimezone(UTC)

    def days_later(self, instant: datetime, days: int) -> datetime:
        """The same local time, that many days later, in UTC."""
        return (instant.astimezone(self.zone) + days * _DAY).astimezone(UTC)

    def is_business_day(self, day: date) -> bool:
        rests = day.weekday() in self.rest_days or day in self.holidays or day in self.closing_days
        return not rests

    @property
    def public(self) -> "BusinessCalendar":
        """The calendar without the seller's closing days."""
        return replace(self, closing_days=frozenset()) if self.closing_days else self

    def roll_forward(self, day: date) -> date:
        """`day` itself, or the next business day when it is a day of rest."""
        while not self.is_business_day(day):
            day += _DAY
        return day

    def add_business_days(self, day: date, count: int) -> date:
        """The `count`-th business day after `day`. `day` itself does not count."""
        if not count:
            return day
        known = _business_days(self)
        place = bisect_right(known, day) + count - 1
        if known and known[0] <= day and place < len(known):
            return known[place]
        for _ in range(count):
            day = self.roll_forward(day + _DAY)
        return day


@lru_cache(maxsize=64)
def _business_days(calendar: BusinessCalendar) -> tuple[date, ...]:
    """All business days between the first and the last holiday of a calendar. They are sorted, so that counting sixty
    of them takes one search."""
    if not calendar.holidays:
        return ()
    first, last = min(calendar.holidays), max(calendar.holidays)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(day for day in days if calendar.is_business_day(day))


def same_date(day: date, count: int) -> date:
    """The same date `count` months later, or the end of that month where it has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def end_of_months(day: date, count: int) -> date:
    """The last day of `count` months that begin with the day after `day`.

    It is the day before the one that corresponds to the first, or the end of the last month where that has
    no such day (KR Civil Act 160(2), (3)).
    """
    first = day + _DAY
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    last = gregorian.monthrange(year, month + 1)[1]
    return date(year, month + 1, first.day) - _DAY if first.day <= last else date(year, month + 1, last)
