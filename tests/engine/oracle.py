"""The windows of the laws, computed a second time from the articles alone: day by day, without the engine.

Each function names the article that it follows. Days of rest are Saturdays, Sundays and the public holidays of the
country; a local day is that of the country's clock.
"""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Law:
    """`last_days` by kind and whether the seller is at fault, from the days of delivery and of discovery. Where it
    `waits_for_the_rest` of the order, a change of mind counts from the last delivery of all."""

    preset: str
    country: str
    zone: str
    last_days: Mapping[tuple[str, bool], Callable[[date, date], date]]
    waits_for_the_rest: bool = False

    def closes(
        self, kind: str, *, sellers_fault: bool, delivered: datetime, rest: datetime, discovered: datetime
    ) -> datetime:
        """The local midnight at which the right ends."""
        local = ZoneInfo(self.zone)
        if self.waits_for_the_rest and not sellers_fault:
            delivered = max(delivered, rest)
        days = delivered.astimezone(local).date(), discovered.astimezone(local).date()
        last = self.last_days[kind, sellers_fault](*days)
        return datetime(last.year, last.month, last.day, tzinfo=local) + DAY


@cache
def public(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=[year]))


def rolled(day: date, country: str) -> date:
    """KR Civil Act 161; Regulation 1182/71, 3(4): a last day that is a day of rest moves to the next working day."""
    while day.isoweekday() in (6, 7) or day in public(country, day.year):
        day = day + DAY
    return day


def nth_day(event: date, count: int) -> date:
    """KR Civil Act 157; Regulation 1182/71, 3(1): the day of the event does not count."""
    day = event
    for _ in range(count):
        day = day + DAY
    return day


def months_by_the_civil_code(event: date, months: int) -> date:
    """KR Civil Act 160(2), (3); JP Civil Code 143(2): the day before the one that corresponds to the first day, or
    the month's last day if no day corresponds."""
    first = event + DAY
    year, month = first.year, first.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    length = calendar.monthrange(year, month)[1]
    return date(year, month, length) if first.day > length else date(year, month, first.day) - DAY


def months_to_the_date(event: date, months: int) -> date:
    """Regulation 1182/71, 3(2)(c): the same date as the event's, or the month's last day."""
    year, month = event.year, event.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(event.day, calendar.monthrange(year, month)[1]))


def korea_mind(delivered: date, _: date) -> date:
    """E-Commerce Act 17(1)1: seven days from delivery."""
    return rolled(nth_day(delivered, 7), "KR")


def korea_fault(delivered: date, discovered: date) -> date:
    """E-Commerce Act 17(3): three months from delivery, thirty days from discovery, whichever is over first."""
    return min(rolled(months_by_the_civil_code(delivered, 3), "KR"), rolled(nth_day(discovered, 30), "KR"))


def japan_mind(delivered: date, _: date) -> date:
    """SCTA 15-3(1): eight days, the day of delivery being the first."""
    return nth_day(delivered, 7)


def japan_fault(_: date, discovered: date) -> date:
    """Civil Code 566: notice within one year of knowing."""
    return months_by_the_civil_code(discovered, 12)


def europe_mind(delivered: date, _: date) -> date:
    """CRD 9(2)(b): fourteen days from the day of possession, of the last good where there are several."""
    return rolled(nth_day(delivered, 14), "DE")


def europe_fault(delivered: date, _: date) -> date:
    """SGD 10(1): two years from delivery."""
    return rolled(months_to_the_date(delivered, 24), "DE")


def britain_mind(delivered: date, _: date) -> date:
    """CCR 2013 reg. 30(3), 30(4): fourteen days after the day of possession, of the last of several goods."""
    return nth_day(delivered, 14)


def britain_fault(delivered: date, _: date) -> date:
    """CRA 2015 s. 22(3): thirty days to reject."""
    return nth_day(delivered, 30)


def america_mind(delivered: date, _: date) -> date:
    """California Civil Code 1723; New York GBL 218-a: thirty days where no policy was posted."""
    return nth_day(delivered, 30)


def america_fault(delivered: date, _: date) -> date:
    """UCC 2-725(1): four years."""
    return months_to_the_date(delivered, 48)


LAWS = (
    Law(
        "kr",
        "KR",
        "Asia/Seoul",
        {
            ("return", False): korea_mind,
            ("exchange", False): korea_mind,
            ("return", True): korea_fault,
            ("exchange", True): korea_fault,
            ("refund", True): korea_fault,
        },
    ),
    Law("jp", "JP", "Asia/Tokyo", {("return", False): japan_mind, ("return", True): japan_fault}),
    Law("eu", "DE", "Europe/Berlin", {("return", False): europe_mind, ("return", True): europe_fault}, True),
    Law("uk", "GB", "Europe/London", {("return", False): britain_mind, ("return", True): britain_fault}, True),
    Law("us", "US", "America/New_York", {("return", False): america_mind, ("return", True): america_fault}),
)
