"""What a late refund owes in addition, by the law and by the day of the payment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.model.late_interest import (
    DatedRate,
    LateInterest,
    MonthlyPenalty,
    Penalty,
    constant_interest,
    interest_owed,
    yearly_percent,
)
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.deadlines import late_interest_rule
from app.engine.policy.law import violations
from app.engine.policy.merging import PROMISE, merge_terms
from app.engine.policy.money_rules import LateRefundRule
from app.engine.policy.terms import Terms
from app.presets.loader import preset
from tests.engine.commands import request
from tests.engine.orders import delivered_line, line, order
from tests.engine.story import given as story
from tests.engine.under_law import compared_days

DUE = date(2026, 6, 24)
FRENCH = LateInterest(
    rates=(DatedRate(from_on=date(2026, 1, 1), rate=662), DatedRate(from_on=date(2026, 7, 1), rate=700)),
    penalties=(
        Penalty(after_days=10, percent=5),
        Penalty(after_days=20, percent=10),
        Penalty(after_days=30, percent=20),
        Penalty(after_days=60, percent=50),
    ),
    monthly=MonthlyPenalty(after_days=90, percent=5, limit=100),
    citation="Code de la consommation L242-4",
)
"""The ladder of the article. The rates here are examples."""


def owed(rule: LateInterest, days: int, amount: int = 10_000, due_on: date = DUE) -> int:
    return interest_owed(rule, amount, due_on=due_on, paid_on=due_on + timedelta(days=days))


LADDER: Mapping[int, int] = {
    -1: 0,
    0: 0,
    1: 10_000 * 662 // 3_650_000,
    6: 10_000 * 6 * 662 // 3_650_000,
    10: 10_000 * (6 * 662 + 4 * 700) // 3_650_000,
    11: 500,
    20: 500,
    21: 1_000,
    30: 1_000,
    31: 2_000,
    60: 2_000,
    61: 5_000,
    90: 5_000,
    91: 5_500,
    120: 5_500,  # 2026-10-22: a month after the 90th day, 2026-09-22
    121: 6_000,
    # ten months after the 90th day
    363: 9_500,
    364: 10_000,
    2_000: 10_000,
}


@pytest.mark.parametrize(("days", "interest"), LADDER.items())
def test_the_french_ladder_by_days(days: int, interest: int) -> None:
    assert owed(FRENCH, days) == interest


def test_every_day_counts_at_the_rate_of_that_day() -> None:
    base_rate_and_5 = LateInterest(
        rates=(DatedRate(from_on=date(2026, 7, 1), rate=652), DatedRate(from_on=date(2026, 1, 1), rate=627)),
        citation="BGB 288(1), 247",
    )
    assert owed(base_rate_and_5, 10, 1_000_000) == 1_000_000 * (6 * 627 + 4 * 652) // 3_650_000


def test_days_before_the_first_rate_have_no_interest() -> None:
    rule = LateInterest(rates=(DatedRate(from_on=date(2026, 7, 1), rate=3_650),), citation="")
    assert [owed(rule, days) for days in (6, 7, 8)] == [0, 10, 20]


def test_a_month_ends_on_the_last_day_of_a_shorter_month() -> None:
    """The month after 31 January ends on 28 February."""
    rule = LateInterest(monthly=MonthlyPenalty(after_days=0, percent=5, limit=100), citation="")
    days = {date(2026, 2, 1): 500, date(2026, 2, 28): 500, date(2026, 3, 1): 1_000, date(2026, 3, 31): 1_000}
    for paid_on, interest in days.items():
        assert interest_owed(rule, 10_000, due_on=date(2026, 1, 31), paid_on=paid_on) == interest, paid_on


@pytest.mark.parametrize(
    ("rule", "percent"),
    [
        (constant_interest(15, ""), 15),
        (constant_interest(0, ""), 0),
        (LateInterest(rates=(DatedRate(from_on=DUE + timedelta(days=1), rate=300),), citation=""), 3),
        (LateInterest(rates=(DatedRate(from_on=DUE + timedelta(days=2), rate=300),), citation=""), None),
        (LateInterest(rates=(DatedRate(rate=400), DatedRate(from_on=DUE, rate=300)), citation=""), 3),
        (LateInterest(rates=(DatedRate(rate=400), DatedRate(from_on=date(2027, 1, 1), rate=300)), citation=""), None),
        (LateInterest(rates=(DatedRate(rate=627),), citation=""), None),
        (LateInterest(citation=""), None),
        (FRENCH, None),
    ],
)
def test_one_percent_says_a_rule_only_if_it_is_the_whole_rule(rule: LateInterest, percent: int | None) -> None:
    assert yearly_percent(rule, DUE) == percent


# What a seller may promise


def rates(*dated: tuple[date | None, int]) -> LateInterest:
    return LateInterest(rates=tuple(DatedRate(from_on=day, rate=rate) for day, rate in dated), citation="the law")


JULY = date(2026, 7, 1)
PROMISES = [
    (rates((None, 1_500)), 14, 1),
    (rates((None, 1_500)), 15, None),
    (rates((None, 627)), 6, 1),
    (rates((None, 627)), 7, None),
    (rates((None, 527), (JULY, 727)), 6, 1),  # a refund that is due on 30 June
    (rates((None, 527), (JULY, 727)), 8, None),
    (rates((None, 527), (date(2030, 1, 1), 927)), 6, None),  # more than two years away
    (FRENCH, 100, 11),
    (FRENCH, 0, 1),
    (LateInterest(penalties=(Penalty(after_days=30, percent=5),), citation="the law"), 58, 31),
    (LateInterest(penalties=(Penalty(after_days=30, percent=5),), citation="the law"), 59, None),
    (None, 1, None),
]


@pytest.mark.parametrize(("law", "percent", "day"), PROMISES)
def test_a_promise_below_the_law_on_any_day_is_void(law: LateInterest | None, percent: int, day: int | None) -> None:
    base = replace(preset("eu"), late_interest=law)
    terms = Terms(late_interest_percent=percent)
    void = violations(base, terms, compared_days("de"))
    policy = merge_terms(base, terms, void, policy_id="house", version=1)
    if day is None:
        assert void == ()
        assert policy.late_interest == constant_interest(percent, law.citation if law else PROMISE)
    else:
        assert [(violation.code, violation.field) for violation in void] == [
            ("late_interest_below_statute", "late_interest_percent")
        ]
        assert void[0].detail.endswith(f"for the first time on day {day} of the delay.")
        assert policy.late_interest == law


# Any rule

DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))
PERCENTS = st.integers(0, 100)
AFTER = st.integers(0, 400)
RULES = st.builds(
    LateInterest,
    rates=st.lists(st.builds(DatedRate, from_on=st.none() | DAYS, rate=st.integers(0, 20_000)), max_size=5).map(tuple),
    penalties=st.lists(st.builds(Penalty, after_days=AFTER, percent=PERCENTS), max_size=4).map(tuple),
    monthly=st.none() | st.builds(MonthlyPenalty, after_days=AFTER, percent=PERCENTS, limit=st.just(100)),
    citation=st.just("any"),
)
AMOUNTS = st.integers(1, 10**9)
DELAYS = st.integers(0, 3_000)


@given(RULES, AMOUNTS, DAYS, DELAYS, DELAYS)
@settings(max_examples=300)
def test_a_later_payment_never_owes_less(rule: LateInterest, amount: int, due_on: date, one: int, other: int) -> None:
    sooner, later = sorted((one, other))
    assert owed(rule, sooner, amount, due_on) <= owed(rule, later, amount, due_on)


@given(RULES, AMOUNTS, DAYS, DELAYS)
def test_a_payment_on_the_due_day_or_before_owes_nothing(
    rule: LateInterest, amount: int, due_on: date, early: int
) -> None:
    assert owed(rule, -early, amount, due_on) == 0


@given(PERCENTS, AMOUNTS, DAYS, DELAYS)
def test_a_constant_rate_owes_the_same_for_every_day(percent: int, amount: int, due_on: date, days: int) -> None:
    assert owed(constant_interest(percent, ""), days, amount, due_on) == amount * percent * days // (100 * 365)


@given(RULES, AMOUNTS, DAYS, DELAYS)
@settings(max_examples=300)
def test_interest_is_the_sum_of_its_days_and_penalties_stay_within_their_limit(
    rule: LateInterest, amount: int, due_on: date, days: int
) -> None:
    begins = [penalty.after_days for penalty in (*rule.penalties, rule.monthly) if penalty]
    rates = (_rate_on(rule, due_on + timedelta(days=day)) for day in range(1, min([days, *begins]) + 1))
    yearly = amount * sum(rates) // 3_650_000
    assert yearly <= owed(rule, days, amount, due_on) <= max(yearly, amount)


def _rate_on(rule: LateInterest, day: date) -> int:
    """The newest rate of a day. Of two rates from one day the higher one counts."""
    rates = [(rate.from_on or date.min, rate.rate) for rate in rule.rates if (rate.from_on or date.min) <= day]
    return max(rates)[1] if rates else 0


@pytest.mark.parametrize(
    ("kind", "reason", "percent"),
    [(Kind.RETURN, Reason.CHANGE_OF_MIND, 6), (Kind.RETURN, Reason.DEFECTIVE, 12), (Kind.CANCEL, Reason.DEFECTIVE, 6)],
)
def test_a_policy_may_have_another_rule_for_some_claims(kind: Kind, reason: Reason, percent: int) -> None:
    """FR Code de la consommation L242-4 is about withdrawals, L241-7 about defects."""
    defects = LateRefundRule(
        kinds=frozenset({Kind.RETURN}), reasons=frozenset({Reason.DEFECTIVE}), interest=constant_interest(12, "L241-7")
    )
    policy = replace(preset("kr"), late_interest=constant_interest(6, "L242-4"), late_refunds=(defects,))
    bought = order(delivered_line() if kind is Kind.RETURN else line())
    rule = late_interest_rule(story(bought).when(request(kind, reason)).claim, policy)
    assert rule is not None
    assert yearly_percent(rule, DUE) == percent
