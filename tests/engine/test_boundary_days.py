"""Last days that fall on a holiday of the place, or do not: each day was counted from the article and a calendar."""

from typing import Any

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.vocabulary import Kind, Nature, Reason, Record
from tests.engine.commands import APPROVE, inspect, receive
from tests.engine.europe import Asked, Purchase, answer, eligible, late, story
from tests.engine.story import wait_until
from tests.engine.under_law import asked, at, bought, judged

RETURN, MIND = Kind.RETURN, Reason.CHANGE_OF_MIND
LAST_DAYS = {
    "KR 17(1)1, Civil Act 161: Chuseok to Saturday, and a Sunday": ("kr", "2026-09-18", "2026-09-28"),
    "KR 17(1)1, Civil Act 161: Children's Day": ("kr", "2027-04-28", "2027-05-06"),
    "JP 15-3(1): a Sunday does not move": ("jp", "2026-06-07", "2026-06-14"),
    "TW 19(1), Civil Code 122: Dragon Boat Festival": ("tw", "2026-06-12", "2026-06-22"),
    "CN 25(1), Civil Code 203: the National Day week": ("cn", "2026-09-24", "2026-10-08"),
    "BR 49, Código Civil 132 § 1: a Friday": ("br", "2026-08-28", "2026-09-04"),
    "BR 49, Código Civil 132 § 1: Independence Day": ("br", "2026-08-31", "2026-09-08"),
    "UK CCR 30(3): a Sunday does not move": ("uk", "2026-06-07", "2026-06-21"),
}
GERMAN = Purchase(country="DE", contract="2026-05-18T10:00", delivered="2026-05-21T10:00")
EUROPEAN = {
    "DE BGB 193: Corpus Christi in Bavaria": (
        Purchase(country="DE", subdivision="BY", contract=GERMAN.contract, delivered=GERMAN.delivered),
        "2026-06-05",
    ),
    "DE BGB 193: no Corpus Christi in Hamburg": (
        Purchase(country="DE", subdivision="HH", contract=GERMAN.contract, delivered=GERMAN.delivered),
        "2026-06-04",
    ),
    "FR L221-19: 14 July": (
        Purchase(country="FR", contract="2026-06-25T10:00", delivered="2026-06-30T10:00"),
        "2026-07-15",
    ),
    "IT 52, Regulation 1182/71: 2 June": (
        Purchase(country="IT", contract="2026-05-15T10:00", delivered="2026-05-19T10:00"),
        "2026-06-03",
    ),
    "ES 104, Regulation 1182/71: 12 October": (
        Purchase(country="ES", contract="2026-09-20T10:00", delivered="2026-09-28T10:00"),
        "2026-10-13",
    ),
    "CRD 10(2): information before the goods shortens nothing": (
        Purchase(records=("information_missing",), informed="2026-06-03T10:00"),
        "2026-06-22",
    ),
}


@pytest.mark.parametrize("about", LAST_DAYS)
def test_the_last_day_of_a_withdrawal(about: str) -> None:
    law, arrived, last_day = LAST_DAYS[about]
    told = judged(law, RETURN, MIND, last_day, bought(law, arrived=arrived))
    assert told.window is not None
    assert (told.verdict, str(told.window.ends_on)) == (Verdict.ELIGIBLE, last_day)


@pytest.mark.parametrize("about", EUROPEAN)
def test_the_last_day_of_a_withdrawal_in_europe(about: str) -> None:
    purchase, last_day = EUROPEAN[about]
    expected = eligible(last_day)
    assert answer(purchase, Asked(at=f"{last_day}T23:59"), expected) == expected


def test_three_business_days_go_around_chuseok() -> None:
    """KR E-Commerce Act 18(2)1: back on 23 September, then 28, 29 and 30."""
    told = asked("kr", RETURN, MIND, "2026-09-21", bought("kr", arrived="2026-09-18")).when(APPROVE)
    told = told.when(wait_until(at("kr", "2026-09-23")), receive(), inspect())
    assert str(told.claim.deadlines.refund_due_on) == "2026-09-30"


def test_fourteen_days_for_the_money_end_on_a_working_day() -> None:
    """BGB 355(3), 357(1), 193: asked on Sunday 3 May, so until Monday the 18th."""
    bought_in_may = Purchase(
        country="DE", contract="2026-05-01T10:00", nature=Nature.DIGITAL, delivered="2026-05-01T11:00"
    )
    told = story(bought_in_may, Asked(at="2026-05-03T10:00")).when(APPROVE)
    assert str(told.claim.deadlines.refund_due_on) == "2026-05-18"


def test_five_points_come_with_each_further_month() -> None:
    """FR L242-4: 50 % from day 61 to day 90, then five points with each month that begins."""
    told = {days: late(Purchase(country="FR"), Asked(at="2026-06-10T10:00"), days) for days in (90, 91, 120, 121)}
    assert told == {90: 5_000, 91: 5_500, 120: 5_500, 121: 6_000}


PARTS: dict[str, Any] = {"of_line": {"parts": 10}}


@pytest.mark.parametrize(
    ("kind", "reason", "nature", "records", "declared", "more"),
    [
        pytest.param(RETURN, MIND, Nature.STANDARD, (), "used", {}, id="17(6): used, and no notice"),
        pytest.param(RETURN, MIND, Nature.STANDARD, (), "opened", {}, id="17(2)1 proviso: opened to look"),
        pytest.param(RETURN, MIND, Nature.STANDARD, (Record.NOTICE,), "seal_broken", {}, id="17(2)4: not a copy"),
        pytest.param(RETURN, MIND, Nature.SERVICE, (Record.NOTICE,), "begun", PARTS, id="17(2)5 proviso: the rest"),
        pytest.param(
            *(RETURN, Reason.NOT_AS_DESCRIBED, Nature.DIGITAL, (Record.NOTICE, Record.PREVIEW), "begun", {}),
            id="17(3): in spite of 17(2)",
        ),
    ],
)
def test_what_takes_no_right_away_in_korea(
    kind: Kind, reason: Reason, nature: Nature, records: Any, declared: Any, more: Any
) -> None:
    order = bought("kr", nature, records, **more)
    assert judged("kr", kind, reason, "2026-06-10", order, (declared,), "2026-06-08").verdict is Verdict.ELIGIBLE
