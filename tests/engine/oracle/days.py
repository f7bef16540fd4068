"""Local days of one place, and how the laws count them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2015, 2050


@cache
def public_holidays(country: str, subdivision: str | None) -> frozenset[date]:
    """The public holidays of a country and of one of its parts. A place that is not listed has none of its own."""
    listed = holidays.list_supported_countries().get(country)
    if listed is None:
        return frozenset()
    part = subdivision if subdivision in listed else None
    return frozenset(holidays.country_holidays(country, subdiv=part, years=range(FIRST_YEAR, LAST_YEAR + 1)))


@dataclass(frozen=True)
class Days:
    """The days of one place. The day of an event never counts, unless a method says so."""

    zone: str
    country: str
    subdivision: str | None

    def of(self, instant: datetime) -> date:
        """The local day."""
        return instant.astimezone(_zone(self.zone)).date()

    def rests(self, day: date) -> bool:
        """Saturday, Sunday, or a public holiday."""
        return day.isoweekday() > 5 or day in public_holidays(self.country, self.subdivision)

    def moved(self, day: date) -> date:
        """A last day that is a day of rest moves to the next working day: Regulation 1182/71 3(4), BGB 193, KR Civil
        Act 161, TW Civil Code 122, CN Civil Code 203, BR Código Civil 132 § 1."""
        while self.rests(day):
            day += DAY
        return day

    def working_days(self, day: date, count: int) -> date:
        """The last of so many working days after a day."""
        while count:
            day += DAY
            count -= 0 if self.rests(day) else 1
        return day


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def plus(day: date, count: int) -> date:
    """The last of so many days after a day."""
    return day + count * DAY


@cache
def to_the_date(day: date, months: int) -> date:
    """Regulation 1182/71 3(2)(c), BGB 188(2), CN Civil Code 202: the same date as that of the event, or the last day of
    a month that has no such date."""
    years, month = divmod(day.month - 1 + months, 12)
    for shorter in range(4):
        try:
            return date(day.year + years, month + 1, day.day - shorter)
        except ValueError:
            continue
    raise AssertionError("no month is shorter than 28 days")


@cache
def to_the_day_before(day: date, months: int) -> date:
    """KR Civil Act 160(2), (3), JP Civil Code 143(2), TW Civil Code 121(2): counting begins with the next day, and ends
    with the day before the one that corresponds to it, or with the last day of a month that has no such day."""
    begin = day + DAY
    same = to_the_date(begin, months)
    return same - DAY if same.day == begin.day else same
