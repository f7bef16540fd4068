"""Italian law: two years for the defect to show, and twenty-six months to act."""

import pytest

from app.engine.model.assessment import Unclear
from app.engine.model.vocabulary import Ground, Kind
from tests.engine.europe import DEFECT, Asked, Purchase, answer, eligible, refused, review

ITALIAN = Purchase(country="IT")
ROWS = {
    "133(1): two years for the defect to show": (
        ITALIAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-08T23:00"),
        eligible("2028-06-08"),
    ),
    "133(3): twenty-six months to act": (
        ITALIAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-08-08T23:00", discovered="2028-06-07T10:00"),
        eligible("2028-08-08"),
    ),
    "133(3): and no longer": (
        ITALIAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-08-09T00:00", discovered="2028-06-07T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-08-08"),
    ),
    "133(1): a defect that showed after the two years": (
        ITALIAN,
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-07-08T10:00", discovered="2028-06-20T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-06-08"),
    ),
    "135-bis(4): no termination for a first defect": (
        ITALIAN,
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        review(Unclear.REMEDY_NOT_OPEN),
    ),
    "53: twelve months more without the information": (
        Purchase(country="IT", records=("information_missing",)),
        Asked(at="2027-06-22T23:59"),
        eligible("2027-06-22"),
    ),
}


@pytest.mark.parametrize("about", ROWS)
def test_italian_law(about: str) -> None:
    purchase, asked, expected = ROWS[about]
    assert answer(purchase, asked, expected) == expected
