"""German law: the end of the limitation, and interest above the base rate."""

from dataclasses import replace

import pytest

from app.engine.model.assessment import Unclear
from app.engine.model.vocabulary import Ground, Kind, Nature
from tests.engine.europe import DEFECT, Asked, Purchase, answer, eligible, late, refused, review

GERMAN = Purchase(country="DE")
REPAIRED = Purchase(country="DE", line=(("repairs", 1), ("repaired_at", "2028-06-01T10:00")))
BAVARIAN = Purchase(country="DE", subdivision="BY", delivered="2026-12-23T12:00")
EPIPHANY = "2027-01-06"
ROWS = {
    "BGB 193: a day of rest of the place moves the last day": (
        BAVARIAN,
        Asked(at="2027-01-07T23:59"),
        eligible("2027-01-07"),
    ),
    "BGB 193: a day of work of another place does not": (
        replace(BAVARIAN, subdivision="HH"),
        Asked(at="2027-01-06T10:00"),
        eligible(EPIPHANY),
    ),
    "BGB 193: nor of a place that nobody named": (
        replace(BAVARIAN, subdivision=None),
        Asked(at="2027-01-07T00:00"),
        refused(Ground.WINDOW_CLOSED, EPIPHANY),
    ),
    "BGB 438(1) no. 3: two years from the delivery": (
        GERMAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-08T23:00", discovered="2028-05-20T10:00"),
        eligible("2028-06-08"),
    ),
    "BGB 475e(3): four months from the day on which the defect showed": (
        GERMAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-09-20T23:00", discovered="2028-05-20T10:00"),
        eligible("2028-09-20"),
    ),
    "BGB 475e(3): and no longer": (
        GERMAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-09-21T00:00", discovered="2028-05-20T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-09-20"),
    ),
    "BGB 475e(3): a defect that showed after the two years": (
        GERMAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-20T10:00", discovered="2028-06-10T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-06-08"),
    ),
    "BGB 475e(3): nobody said when the defect showed": (
        GERMAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-20T10:00"),
        review(Unclear.DISCOVERY_UNSTATED),
    ),
    "BGB 475e(4): two months from the day on which the goods came back from the cure": (
        REPAIRED,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-08-01T23:00", discovered="2028-07-20T10:00"),
        eligible("2028-08-01"),
    ),
    "BGB 475e(4): and no longer": (
        REPAIRED,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-08-02T00:00", discovered="2028-07-20T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-08-01"),
    ),
    "BGB 475d: rescission after a cure that did not help": (
        REPAIRED,
        Asked(reason=DEFECT, at="2028-06-05T10:00", discovered="2028-06-04T10:00"),
        eligible("2028-08-01"),
    ),
    "BGB 437, 439: no rescission for a first defect": (
        GERMAN,
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        review(Unclear.REMEDY_NOT_OPEN),
    ),
    "BGB 327j(4): digital products have the four months too": (
        Purchase(country="DE", nature=Nature.DIGITAL),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-09-20T23:00", discovered="2028-05-20T10:00"),
        eligible("2028-09-20"),
    ),
    "BGB 356(3): twelve months and fourteen days without the information": (
        Purchase(country="DE", records=("information_missing",)),
        Asked(at="2027-06-22T23:59"),
        eligible("2027-06-22"),
    ),
}


@pytest.mark.parametrize("about", ROWS)
def test_german_law(about: str) -> None:
    purchase, asked, expected = ROWS[about]
    assert answer(purchase, asked, expected) == expected


def test_interest_is_five_points_above_the_base_rate_of_each_day() -> None:
    """BGB 288(1), 247: 1.27 until 30 June 2026, 1.52 from 1 July."""
    by_day = {6: 6 * 627 * 10_000 // 3_650_000, 16: (6 * 627 + 10 * 652) * 10_000 // 3_650_000}
    assert {days: late(GERMAN, Asked(at="2026-06-10T10:00"), days) for days in by_day} == by_day


def test_the_base_law_has_no_interest() -> None:
    assert late(Purchase(country="NL"), Asked(at="2026-06-10T10:00"), 16) == 0
