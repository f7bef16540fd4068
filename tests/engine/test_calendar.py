"""Business days, months and midnights, by the calendar of each country."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.policy.calendar import BusinessCalendar, end_of_months
from app.engine.policy.periods import CountedPeriod, last_day
from app.engine.policy.rules import Anchor, Period, RestDayRule, Unit

SEOUL = ZoneInfo("Asia/Seoul")
CHUSEOK = frozenset(date(2026, 9, day) for day in (24, 25, 26))
KOREA = BusinessCalendar(zone=SEOUL, holidays=CHUSEOK)
FRIDAYS_OFF = BusinessCalendar(zone=SEOUL, rest_days=frozenset({4}))
ZONES = (
    "UTC Asia/Seoul Europe/Berlin Europe/London America/New_York America/St_Johns Asia/Kathmandu"
    " Australia/Lord_Howe Pacific/Apia Pacific/Kiritimati Africa/Cairo Asia/Beirut America/Santiago America/Havana"
).split()


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-06-12", 1, "2026-06-15"),  # Friday to Monday
        ("2026-06-12", 3, "2026-06-17"),
        ("2026-06-13", 1, "2026-06-15"),  # Saturday counts from Monday
        ("2026-06-14", 1, "2026-06-15"),
        ("2026-06-15", 5, "2026-06-22"),
        ("2026-06-15", 0, "2026-06-15"),
        ("2026-06-14", 0, "2026-06-14"),
        ("2026-09-23", 1, "2026-09-28"),  # two holidays and a weekend between
        ("2026-09-24", 3, "2026-09-30"),
    ],
)
def test_business_days_are_counted_from_the_day_after(day: str, count: int, expected: str) -> None:
    assert KOREA.add_business_days(date.fromisoformat(day), count) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("calendar", "day", "expected"),
    [
        (KOREA, "2026-06-12", "2026-06-12"),
        (KOREA, "2026-06-13", "2026-06-15"),
        (KOREA, "2026-09-24", "2026-09-28"),
        (FRIDAYS_OFF, "2026-06-12", "2026-06-13"),
        (FRIDAYS_OFF, "2026-06-13", "2026-06-13"),
    ],
)
def test_a_day_of_rest_rolls_to_the_next_business_day(calendar: BusinessCalendar, day: str, expected: str) -> None:
    assert calendar.roll_forward(date.fromisoformat(day)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("event", "months", "expected"),
    [
        ("2026-04-01", 3, "2026-07-01"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-06-15", 12, "2027-06-15"),
        ("2026-01-29", 1, "2026-02-28"),  # February has no 30th to end before
        ("2026-01-30", 1, "2026-02-28"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2026-01-31", 1, "2026-02-28"),  # from a first on, whole months
        ("2026-04-30", 3, "2026-07-31"),
        ("2026-02-28", 3, "2026-05-31"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2023-02-28", 12, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_begin_on_the_day_after_the_event(event: str, months: int, expected: str) -> None:
    assert end_of_months(date.fromisoformat(event), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("length", "unit", "first_day_counts", "roll", "expected"),
    [
        (7, Unit.DAYS, False, RestDayRule.NONE, "2026-06-20"),
        (7, Unit.DAYS, False, RestDayRule.FORWARD, "2026-06-22"),
        (8, Unit.DAYS, True, RestDayRule.NONE, "2026-06-20"),
        (3, Unit.BUSINESS_DAYS, False, RestDayRule.NONE, "2026-06-17"),
        (3, Unit.BUSINESS_DAYS, True, RestDayRule.NONE, "2026-06-17"),
        (1, Unit.MONTHS, False, RestDayRule.NONE, "2026-07-13"),
    ],
)
def test_a_period_from_a_saturday(
    length: int, unit: Unit, first_day_counts: bool, roll: RestDayRule, expected: str
) -> None:
    period = Period(length=length, unit=unit, anchor=Anchor.DELIVERED, first_day_counts=first_day_counts, roll=roll)
    saturday_night = datetime(2026, 6, 13, 23, 59, tzinfo=SEOUL)
    assert last_day(period, saturday_night, KOREA) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("zone", "day", "midnight"),
    [
        ("Asia/Seoul", "2026-06-15", "2026-06-15T15:00:00"),
        ("Europe/Berlin", "2026-03-28", "2026-03-28T23:00:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00"),  # 23 hours long
        ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00"),  # 25 hours long
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00:00"),  # the next day begins at 1 a.m.
        ("America/Havana", "2026-10-31", "2026-11-01T04:00:00"),  # the next day has two midnights
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00"),  # the next day was left out
    ],
)
def test_a_day_ends_at_the_local_midnight(zone: str, day: str, midnight: str) -> None:
    ends = _calendar(zone).end_of(date.fromisoformat(day))
    assert ends.astimezone(UTC) == datetime.fromisoformat(midnight).replace(tzinfo=UTC)


@given(zone=st.sampled_from(ZONES), day=st.dates(date(2020, 1, 1), date(2037, 12, 31)))
def test_the_end_of_a_day_is_the_first_instant_outside_it(zone: str, day: date) -> None:
    calendar = _calendar(zone)
    ends = calendar.end_of(day).astimezone(UTC)
    assert calendar.local_day(ends - timedelta(microseconds=1)) == day
    assert calendar.local_day(ends) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Seoul", "2026-06-16"), ("UTC", "2026-06-15"), ("America/New_York", "2026-06-15")]
)
def test_one_instant_is_another_day_elsewhere(zone: str, day: str) -> None:
    instant = datetime(2026, 6, 15, 15, tzinfo=UTC)
    assert _calendar(zone).local_day(instant) == date.fromisoformat(day)


def _calendar(zone: str) -> BusinessCalendar:
    return BusinessCalendar(zone=ZoneInfo(zone))


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Every instant at which the clocks of a zone change, to the minute."""

    def offset(minute: int) -> timedelta | None:
        return (first + timedelta(minutes=minute)).astimezone(zone).utcoffset()

    step = 5 * 24 * 60
    for early in range(0, int((last - first) / timedelta(minutes=1)), step):
        before = offset(early)
        if offset(early + step) != before:
            low, high = early, early + step
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            yield first + timedelta(minutes=high)


def test_no_local_day_begins_within_a_quarter_of_an_hour() -> None:
    """Periods assume this: offsets from UTC are quarter hours, and clocks change at a quarter hour near midnight."""
    quarter = timedelta(minutes=15)
    first, last = datetime(2019, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for instant in (first, *_changes(zone, first, last)):
            offset = instant.astimezone(zone).utcoffset()
            assert offset is not None
            assert offset % quarter == timedelta(0), name
            begins = instant - (instant - first) % quarter
            minutes = (begins + timedelta(minutes=minute) for minute in range(15))
            assert len({minute.astimezone(zone).date() for minute in minutes}) == 1, name


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2019, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001  # the zone is drawn beside it
)
def test_a_period_that_has_been_counted_before_ends_as_it_did(name: str, when: datetime) -> None:
    zone = ZoneInfo(name)
    calendar = BusinessCalendar(zone=zone)
    period = Period(length=7, unit=Unit.DAYS, anchor=Anchor.DELIVERED)
    counted = CountedPeriod(period, calendar)
    for minute in (0, 7, 14, 15, 29, 30, 44, 45, 59):
        instant = when.replace(minute=minute, tzinfo=zone).astimezone(UTC)
        day = last_day(period, instant, calendar)
        assert counted.end(instant) == counted.end(instant.astimezone(zone)) == (day, calendar.end_of(day))
