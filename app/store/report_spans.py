"""The spans of days that have sums of their own, and a range of days as few of them.

Sums can be taken away as well as added. So a range that begins on the second day of a month is the month less a day,
and a range of two years needs at most 10 days, 2 thirds of months, 2 months, 4 quarters and 3 years.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from app.records.report import Days

DAY, THIRD, MONTH, QUARTER, YEAR = SPANS = ("day", "third", "month", "quarter", "year")
"""From the shortest. Thirds of a month begin on its 1st, 11th and 21st. Each span is whole spans of the one before."""
PLACES = (DAY, DAY, THIRD, THIRD, MONTH, MONTH, QUARTER, QUARTER, YEAR)
"""The span of each piece of a range: two of a span, at the two ends of the range."""
_INTO_THE_NEXT = {THIRD: 11, MONTH: 31, QUARTER: 92, YEAR: 366}
"""So many days after the first day of a span is the next span, whatever its length."""


class Piece(NamedTuple):
    """Spans that begin from `from_on` until before `end_on`. Their sums are added, or taken away if `sign` is -1."""

    sign: int
    from_on: date
    end_on: date


_NOTHING = Piece(1, date.min, date.min)


def first_day_of(span: str, day: date) -> date:
    if span == DAY:
        return day
    if span == THIRD:
        return day.replace(day=1 + 10 * min(2, (day.day - 1) // 10))
    if span == MONTH:
        return day.replace(day=1)
    return date(day.year, day.month - (day.month - 1) % 3 if span == QUARTER else 1, 1)


def pieces_of(days: Days) -> tuple[Piece, ...]:
    """The pieces whose signed sum is the sum of the days, in the order of PLACES."""
    pieces = list(_pieces(days.from_on, days.to_on + timedelta(days=1)))
    return (*pieces, *[_NOTHING] * (len(PLACES) - len(pieces)))


def _pieces(first: date, end: date) -> Iterator[Piece]:
    """Without the empty pieces at the end of PLACES."""
    for _, longer in pairwise(SPANS):
        longer_first, longer_end = _nearest(longer, first), _nearest(longer, end)
        if longer_first >= longer_end:
            break
        yield _between(first, longer_first)
        yield _between(longer_end, end)
        first, end = longer_first, longer_end
    yield _between(first, end)


def _nearest(span: str, day: date) -> date:
    """The first day of a span that is the nearest to the day."""
    before = first_day_of(span, day)
    if before == day:
        return day
    after = first_day_of(span, before + timedelta(days=_INTO_THE_NEXT[span]))
    return before if day - before <= after - day else after


def _between(one: date, other: date) -> Piece:
    return Piece(1, one, other) if one <= other else Piece(-1, other, one)
