"""Spanish law: three years for goods, a time that stops during a cure, and five years to act."""

import pytest

from app.engine.model.assessment import Unclear
from app.engine.model.vocabulary import Ground, Kind, Nature
from tests.engine.europe import DEFECT, Asked, Purchase, answer, eligible, refused, review

SPANISH = Purchase(country="ES")
CURED = Purchase(country="ES", line=(("repairs", 1), ("repaired_at", "2027-03-01T10:00"), ("cure_days", 20)))
ROWS = {
    "TRLGDCU 120(1): three years for goods": (
        SPANISH,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2029-06-08T23:00"),
        eligible("2029-06-08"),
    ),
    "TRLGDCU 120(1): two years for digital content": (
        Purchase(country="ES", nature=Nature.DIGITAL),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-09T00:00", discovered="2028-06-08T23:30"),
        eligible("2033-06-08"),
    ),
    "TRLGDCU 122(1), (2): the days of a cure do not count": (
        CURED,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2029-06-28T23:00", discovered="2029-06-28T10:00"),
        eligible("2029-06-28"),
    ),
    "TRLGDCU 124: five years from the day on which the defect showed": (
        SPANISH,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2032-01-10T10:00", discovered="2029-01-10T10:00"),
        eligible("2034-01-10"),
    ),
    "TRLGDCU 124: a defect that showed after the three years": (
        SPANISH,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2029-07-01T10:00", discovered="2029-06-20T10:00"),
        refused(Ground.WINDOW_CLOSED, "2029-06-08"),
    ),
    "TRLGDCU 119: no termination for a first defect": (
        SPANISH,
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        review(Unclear.REMEDY_NOT_OPEN),
    ),
    "TRLGDCU 119 d): after a cure that did not help": (
        CURED,
        Asked(reason=DEFECT, at="2027-05-10T10:00"),
        eligible(),
    ),
    "TRLGDCU 105: twelve months more without the information": (
        Purchase(country="ES", records=("information_missing",)),
        Asked(at="2027-06-22T23:59"),
        eligible("2027-06-22"),
    ),
}


@pytest.mark.parametrize("about", ROWS)
def test_spanish_law(about: str) -> None:
    purchase, asked, expected = ROWS[about]
    assert answer(purchase, asked, expected) == expected
