"""Local days as people write them: 6월 12일(금), 6月12日（金）, Friday 12 June."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

_WRITTEN: Mapping[str, Callable[[date], str]] = {
    "ko": lambda day: f"{day.month}월 {day.day}일({'월화수목금토일'[day.weekday()]})",
    "ja": lambda day: f"{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）",
    "en": lambda day: f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}",
}


def written_day(day: date, language: str) -> str:
    """The day with its weekday and without its year."""
    return _WRITTEN[language](day)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def last_day(end: datetime | None, zone: ZoneInfo) -> date | None:
    """The last local day before `end`. `end` is the first instant that is too late."""
    return None if end is None else local_day(end - timedelta(microseconds=1), zone)
