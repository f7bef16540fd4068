"""French law: five years to act on a defect that appeared in two, and the increase of a late refund."""

import pytest

from app.engine.model.assessment import Unclear
from app.engine.model.vocabulary import Ground, Kind, Reason
from tests.engine.europe import DEFECT, Asked, Purchase, answer, eligible, late, refused, review

FRENCH = Purchase(country="FR")
REPAIRED = Purchase(country="FR", line=(("repairs", 1), ("repaired_at", "2027-12-01T10:00")))
ROWS = {
    "L217-3: two years for the defect to appear": (
        FRENCH,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-08T23:00"),
        eligible("2028-06-08"),
    ),
    "L217-3, C. civ. 2224: five years from knowing it": (
        FRENCH,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2030-05-20T10:00", discovered="2028-05-20T10:00"),
        eligible("2033-05-20"),
    ),
    "L217-3: a defect that appeared later": (
        FRENCH,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2030-05-20T10:00", discovered="2029-05-20T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-06-08"),
    ),
    "L217-3: nobody said when it appeared": (
        FRENCH,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2030-05-20T10:00"),
        review(Unclear.DISCOVERY_UNSTATED),
    ),
    "L217-13: a repair adds six months": (
        REPAIRED,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-12-08T23:00", discovered="2028-12-01T10:00"),
        eligible("2028-12-08"),
    ),
    "L217-13: and no more": (
        REPAIRED,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-12-09T00:00", discovered="2028-12-08T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-12-08"),
    ),
    "L217-14: no termination for a first defect": (
        FRENCH,
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        review(Unclear.REMEDY_NOT_OPEN),
    ),
    "L217-14: a cure that took more than thirty days opens it": (
        Purchase(country="FR", records=("cure_late",)),
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        eligible("2028-06-08"),
    ),
    "L221-20: twelve months more without the information": (
        Purchase(country="FR", records=("information_missing",)),
        Asked(at="2027-06-22T23:59"),
        eligible("2027-06-22"),
    ),
}


WITHDRAWAL = Asked(at="2026-06-10T10:00")
TERMINATION = Asked(reason=DEFECT, at="2027-02-10T10:00")
NOT_DELIVERED = Asked(kind=Kind.REFUND, reason=Reason.MISSING_ITEM, at="2026-06-20T10:00")
TEN_DAYS = 10 * 667 * 10_000 // 3_650_000
"""At the legal rate of the first half of 2026."""


@pytest.mark.parametrize("about", ROWS)
def test_french_law(about: str) -> None:
    purchase, asked, expected = ROWS[about]
    assert answer(purchase, asked, expected) == expected


@pytest.mark.parametrize(
    ("article", "asked", "increases"),
    [
        ("L242-4", WITHDRAWAL, {0: 0, 10: TEN_DAYS, 11: 500, 21: 1_000, 31: 2_000, 61: 5_000, 91: 5_500}),
        ("L241-7", TERMINATION, {0: 0, 1: 1_000, 14: 1_000, 15: 2_000, 30: 2_000, 31: 5_000}),
        ("L241-4", NOT_DELIVERED, {0: 0, 1: 1_000, 14: 1_000, 15: 2_000, 30: 2_000, 31: 5_000}),
    ],
)
def test_the_increase_of_a_late_refund(article: str, asked: Asked, increases: dict[int, int]) -> None:
    assert {days: late(FRENCH, asked, days) for days in increases} == increases, article
