"""The index of a policy gives the answers of that policy, whatever policies were indexed before."""

from dataclasses import replace
from datetime import date

import pytest

from app.engine.model.vocabulary import Kind
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.eligibility import assess
from app.engine.policy.index import index_policy
from app.engine.policy.policy import Policy
from tests.engine.commands import request
from tests.engine.orders import POLICY, SEOUL_DAYS, delivered_line, order
from tests.engine.story import given

STORY = given(order(delivered_line())).when(request(Kind.RETURN))


def _longer(policy: Policy, days: int) -> Policy:
    """The same policy in name, with that many more days in each window."""
    windows = tuple(
        replace(rule, periods=tuple(replace(period, length=period.length + days) for period in rule.periods))
        for rule in policy.windows
    )
    return replace(policy, windows=windows)


def _last_day(policy: Policy, calendar: BusinessCalendar = SEOUL_DAYS) -> date | None:
    window = assess(STORY.claim, replace(STORY.facts, rules=index_policy(policy, calendar))).window
    return window.ends_on if window else None


def test_two_policies_of_one_name_are_two() -> None:
    assert [_last_day(_longer(POLICY, days)) for days in (0, 1, 0)] == [
        date(2026, 6, 15),
        date(2026, 6, 16),
        date(2026, 6, 15),
    ]


def test_two_calendars_are_two() -> None:
    closed = replace(SEOUL_DAYS, closing_days=frozenset({date(2026, 6, 15)}))
    days = [_last_day(POLICY), _last_day(POLICY, closed), _last_day(POLICY)]
    assert days == [date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 15)]


@pytest.mark.parametrize("others", [1, 300, 600])
def test_many_short_lived_policies_do_not_share_an_index(others: int) -> None:
    for days in range(others):
        assert _last_day(_longer(POLICY, days % 3)) == date(2026, 6, 15 + days % 3)
    assert _last_day(POLICY) == date(2026, 6, 15)
