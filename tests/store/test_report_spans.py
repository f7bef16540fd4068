"""A range of days is read as few signed pieces that are exactly the days."""

from collections import Counter
from datetime import date, timedelta
from random import Random

from app.records.report import Days
from app.store.report_spans import PLACES, SPANS, first_day_of, pieces_of

MOST_SPANS = {"day": 10, "third": 2, "month": 2, "quarter": 4, "year": 3}
"""Of a range of at most two years."""


def _ranges() -> list[Days]:
    random = Random(7)
    first = [date(2023, 12, 1) + timedelta(days=random.randrange(800)) for _ in range(150)]
    return [Days(from_on=day, to_on=day + timedelta(days=random.randrange(731))) for day in first]


def test_the_pieces_of_days_are_these_days_once() -> None:
    for days in [Days(from_on=date(2024, 2, 29), to_on=date(2024, 2, 29)), *_ranges()]:
        read, spans = _read(days)
        asked = {days.from_on + timedelta(days=number): 1 for number in range(days.count)}
        assert {day: count for day, count in read.items() if count} == asked
        assert all(spans[span] <= MOST_SPANS[span] for span in SPANS), (days, spans)


def _read(days: Days) -> tuple[Counter[date], Counter[str]]:
    """How often each day is in the sum, and how many spans of each length are read."""
    read, spans = Counter[date](), Counter[str]()
    for span, piece in zip(PLACES, pieces_of(days), strict=True):
        assert first_day_of(span, piece.from_on) == piece.from_on
        assert first_day_of(span, piece.end_on) == piece.end_on
        day = piece.from_on
        while day < piece.end_on:
            spans[span] += first_day_of(span, day) == day
            read[day] += piece.sign
            day += timedelta(days=1)
    return read, spans
