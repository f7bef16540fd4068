"""Local days and instants as people write them: 6월 12일(금), 6月12日（金）, Friday 12 June 2026.

Korean and Japanese messages name near days without the year, as people there do.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_GERMAN_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_GERMAN_WEEKDAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()
_FRENCH_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_FRENCH_WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()

_WRITTEN: Mapping[str, Callable[[date], str]] = {
    "ko": lambda day: f"{day.month}월 {day.day}일({'월화수목금토일'[day.weekday()]})",
    "ja": lambda day: f"{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）",
    "en": lambda day: f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}",
    "de": lambda day: f"{_GERMAN_WEEKDAYS[day.weekday()]}, {day.day}. {_GERMAN_MONTHS[day.month - 1]} {day.year}",
    "fr": lambda day: (
        f"{_FRENCH_WEEKDAYS[day.weekday()]} {'1er' if day.day == 1 else day.day}"
        f" {_FRENCH_MONTHS[day.month - 1]} {day.year}"
    ),
}
_WITH_YEAR_AND_TIME: Mapping[str, str] = {
    "ko": "{at.year}년 {day} {at:%H:%M}",
    "ja": "{at.year}年{day} {at:%H:%M}",
    "en": "{day}, {at:%H:%M}",
    "de": "{day}, {at:%H:%M}\N{NO-BREAK SPACE}Uhr",
    "fr": "{day} à {at.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{at:%M}",
}


def written_day(day: date, language: str) -> str:
    """The day with its weekday. It has its year where the language writes the year of a near day."""
    return _WRITTEN[language](day)


def written_instant(at: datetime, language: str) -> str:
    """The day with its year, and the time of day. `at` is in the zone of the reader."""
    return _WITH_YEAR_AND_TIME[language].format(day=written_day(at.date(), language), at=at)


def written_instant_with_zone(at: datetime, language: str) -> str:
    """With the second and the zone of `at`: 8 June 2026, 12:00 (12:00:05, Europe/Berlin, UTC+02:00). So a reader in
    another zone is not misled about the day."""
    offset = f"{at:%z}"
    return f"{written_instant(at, language)} ({at:%H:%M:%S}, {at.tzinfo}, UTC{offset[:3]}:{offset[3:5]})"


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def last_day(end: datetime | None, zone: ZoneInfo) -> date | None:
    """The last local day before `end`. `end` is the first instant that is too late."""
    return None if end is None else local_day(end - timedelta(microseconds=1), zone)
