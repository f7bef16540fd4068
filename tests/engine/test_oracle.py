"""Ten thousand random claims, decided by the engine and by the articles, without a difference."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import Decision, Facts, decide
from app.engine.model.assessment import Verdict
from app.engine.model.vocabulary import Ground, Kind, Reason
from app.engine.policy.eligibility import assess
from app.engine.policy.index import index_policy
from app.engine.transitions.ledger import apply_effects
from app.presets.loader import calendar_of, preset
from tests.engine.commands import request
from tests.engine.oracle import LAWS, Law
from tests.engine.orders import delivered_line, order

FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
TURNS = [  # month ends, clock changes, holidays that fall together, leap days
    *("2024-02-29", "2023-02-28", "2024-01-31", "2026-08-31", "2023-11-30", "2024-12-31", "2025-12-24"),
    *("2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2024-03-30", "2025-03-08"),
    *("2026-02-09", "2026-09-17", "2024-09-09", "2025-01-21", "2025-10-01", "2026-05-17", "2024-05-01"),
]
DAYS = st.dates(FIRST, LAST) | st.builds(
    lambda turn, more: date.fromisoformat(turn) + timedelta(days=more), st.sampled_from(TURNS), st.integers(-9, 3)
)
HOURS = st.sampled_from([time(0), time(0, 0, 1), time(2, 30), time(12), time(23, 59, 59, 999999)]) | st.times()
NEAR_THE_END = st.sampled_from(
    [timedelta(0), timedelta(microseconds=-1), timedelta(seconds=1), timedelta(hours=-1), timedelta(days=-1)]
) | st.timedeltas(timedelta(days=-40), timedelta(days=20))


@pytest.mark.parametrize("law", LAWS, ids=[law.preset for law in LAWS])
@settings(max_examples=2_000, deadline=None)
@given(data=st.data())
def test_the_engine_and_the_articles_agree(law: Law, data: st.DataObject) -> None:
    kind, sellers_fault = data.draw(st.sampled_from(sorted(law.last_days)))
    arrived = datetime.combine(data.draw(DAYS), data.draw(HOURS), ZoneInfo(law.zone)).astimezone(UTC)
    discovered = arrived + data.draw(st.timedeltas(timedelta(0), timedelta(days=120)))
    rest = arrived + data.draw(st.timedeltas(timedelta(days=-2), timedelta(days=30)))
    closes = law.closes(
        kind, sellers_fault=sellers_fault, delivered=arrived, rest=rest, discovered=discovered
    ).astimezone(UTC)
    requested = max(closes + data.draw(NEAR_THE_END), discovered)
    left_at = arrived - timedelta(days=2)
    bought = order(
        replace(delivered_line(), shipped_at=left_at, delivered_at=arrived),
        replace(delivered_line("2"), shipped_at=left_at, delivered_at=rest),
    )
    bought = replace(bought, country=law.country, paid_at=arrived - timedelta(days=3))
    policy = preset(law.preset)
    days = calendar_of(policy, bought, arrived.year, arrived.year + 5)
    facts = Facts(order=bought, rules=index_policy(policy, days), now=requested)
    reason = Reason.DEFECTIVE if sellers_fault else Reason.CHANGE_OF_MIND
    decision = decide(None, request(Kind(kind), reason, requested_at=requested, discovered_at=discovered), facts)
    assert isinstance(decision, Decision)
    assessment = assess(decision.claim, apply_effects(facts, decision.effects))
    assert assessment.window is not None
    assert assessment.window.closes_at == closes
    in_time = requested < closes
    assert assessment.verdict is (Verdict.ELIGIBLE if in_time else Verdict.INELIGIBLE)
    assert assessment.grounds == (() if in_time else (Ground.WINDOW_CLOSED,))
    assert assessment.window.citation
