"""What the page of a policy says about late refunds."""

from dataclasses import replace
from datetime import date

import pytest

from app.engine.model.late_interest import DatedRate, LateInterest, MonthlyPenalty, Penalty
from app.messages.policy_page import policy_page
from app.presets.loader import preset

RATES = tuple(DatedRate(from_on=date(2026, month, 1), rate=rate) for month, rate in ((12, 700), (1, 627), (7, 650)))
LADDER = LateInterest(
    rates=RATES,
    penalties=(Penalty(after_days=20, percent=10), Penalty(after_days=10, percent=5)),
    monthly=MonthlyPenalty(after_days=90, percent=5, limit=100),
    citation="Code de la consommation L242-4",
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            LADDER,
            (
                "Money that comes late bears interest of 6.5% a year, for the days from 2026-07-01 on.",
                "Money that comes late bears interest of 7% a year, for the days from 2026-12-01 on.",
                "Money that comes more than 10 days late bears 5% of the amount in place of that.",
                "Money that comes more than 20 days late bears 10% of the amount in place of that.",
                "After 90 days each month that begins adds 5%, up to 100% in all.",
            ),
        ),
        (
            replace(LADDER, rates=RATES[1:2], penalties=(), monthly=None),
            ("Money that comes late bears interest of 6.27% a year.",),
        ),
    ],
    ids=["ladder", "one rate"],
)
def test_it_says_what_a_late_refund_bears(rule: LateInterest, expected: tuple[str, ...]) -> None:
    page = policy_page(replace(preset("eu"), late_interest=rule), "en")
    (row,) = [row for row in page.rows if row.topic == "money"]
    assert row.answers[-len(expected) :] == expected
    assert rule.citation in row.citations
