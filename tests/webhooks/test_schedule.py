"""When the next attempt is due."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks.schedule import BACKOFF
from tests.webhooks.receivers import AT

spreads = st.floats(0, 1, exclude_max=True)


def seconds(attempts: int, *, retry_after: float | None = None, spread: float = 0.5) -> float | None:
    due = BACKOFF.next_attempt(attempts, now=AT, retry_after=retry_after, spread=spread)
    return None if due is None else (due - AT).total_seconds()


def test_the_attempts_follow_the_schedule_and_then_end() -> None:
    assert [seconds(attempts) for attempts in range(1, 12)] == [
        5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, None, None,
    ]  # fmt: skip


@given(st.integers(1, BACKOFF.attempts_max - 1), spreads)
def test_an_attempt_is_up_to_a_tenth_sooner_or_later(attempts: int, spread: float) -> None:
    waited = seconds(attempts, spread=spread)
    assert waited is not None
    assert BACKOFF.delays[attempts - 1] * 0.9 <= waited <= BACKOFF.delays[attempts - 1] * 1.1


def test_the_spread_moves_an_attempt_both_ways() -> None:
    assert seconds(3, spread=0.0) == pytest.approx(1_620)
    assert seconds(3, spread=0.999) == pytest.approx(1_980, rel=0.001)


@pytest.mark.parametrize(
    ("attempts", "retry_after", "waited"),
    [
        (1, 60, 60),
        (1, 0, 4.5),
        (1, 3, 4.5),
        (4, 60, 6_480),
        (1, 86_400, 86_400),
        (1, 10_000_000, 86_400),
        (1, float("inf"), 86_400),
        (10, 60, None),
    ],
)
def test_a_consumer_can_delay_an_attempt_but_not_hasten_it(
    attempts: int, retry_after: float, waited: float | None
) -> None:
    assert seconds(attempts, retry_after=retry_after, spread=0) == waited


@given(st.integers(1, 20), spreads, st.none() | st.floats(0, allow_nan=False))
def test_the_next_attempt_is_always_later_and_within_the_limit(
    attempts: int, spread: float, retry_after: float | None
) -> None:
    due = BACKOFF.next_attempt(attempts, now=AT, retry_after=retry_after, spread=spread)
    assert (due is None) == (attempts >= BACKOFF.attempts_max)
    assert due is None or timedelta(0) < due - AT <= timedelta(hours=26.4)
