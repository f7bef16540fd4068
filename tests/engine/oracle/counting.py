"""Periods that several laws share: an event, a length, and how the last day is found."""

from datetime import date

from tests.engine.oracle.days import Days, plus, to_the_date, to_the_day_before
from tests.engine.oracle.matter import NOT_BEGUN


def days_after(event: date | None, count: int) -> date:
    """So many days after the day of the event, whatever the last day is."""
    return NOT_BEGUN if event is None else plus(event, count)


def working_end(days: Days, event: date | None, count: int) -> date:
    """The same. A last day of rest moves."""
    return NOT_BEGUN if event is None else days.moved(plus(event, count))


def same_date(event: date | None, months: int) -> date:
    return NOT_BEGUN if event is None else to_the_date(event, months)


def working_date(days: Days, event: date | None, months: int) -> date:
    """To the same date. A last day of rest moves."""
    return NOT_BEGUN if event is None else days.moved(to_the_date(event, months))


def day_before(event: date | None, months: int) -> date:
    return NOT_BEGUN if event is None else to_the_day_before(event, months)


def working_day_before(days: Days, event: date | None, months: int) -> date:
    return NOT_BEGUN if event is None else days.moved(to_the_day_before(event, months))


def first_of(*ends: date) -> date:
    """The first end. A right whose first time has not begun has not begun; a second time that has not begun ends
    nothing."""
    return ends[0] if ends[0] == NOT_BEGUN else min(end for end in ends if end != NOT_BEGUN)
