"""One payer at a time works on a refund: who may report what during a lease, and after it."""

from datetime import datetime, timedelta

import pytest

from app.engine.model.refund import Refund, RefundStatus, Report, ReportCode, Reported, apply_report
from tests.engine.test_refund import LATER, OWED

MINUTE = timedelta(minutes=1)
LEASE = 15 * MINUTE
REFUSED = ReportCode.IN_PROGRESS


def report(kind: Report, at: datetime, payer: str | None = None, lease: timedelta = LEASE) -> Reported:
    return Reported(report=kind, at=at, payer=payer, lease=lease)


def take(refund: Refund, reported: Reported) -> Refund:
    after = apply_report(refund, reported)
    assert isinstance(after, Refund)
    return after


def begun(payer: str | None = "payer-1") -> Refund:
    return take(OWED, report(Report.PROCESSING, LATER, payer))


@pytest.mark.parametrize(
    ("holder", "kind", "payer", "after", "result"),
    [
        ("payer-1", Report.PROCESSING, "payer-2", MINUTE, REFUSED),
        ("payer-1", Report.PROCESSING, None, MINUTE, REFUSED),
        (None, Report.PROCESSING, None, MINUTE, REFUSED),
        (None, Report.PROCESSING, "payer-2", LEASE - timedelta(microseconds=1), REFUSED),
        ("payer-1", Report.FAILED, "payer-2", MINUTE, REFUSED),
        ("payer-1", Report.UNKNOWN, "payer-2", MINUTE, REFUSED),
        ("payer-1", Report.FAILED, "payer-1", MINUTE, "failed"),
        ("payer-1", Report.FAILED, None, MINUTE, "failed"),
        ("payer-1", Report.UNKNOWN, None, MINUTE, "unknown"),
        ("payer-1", Report.SUCCEEDED, "payer-2", MINUTE, "succeeded"),
        ("payer-1", Report.SUCCEEDED, None, MINUTE, "succeeded"),
        ("payer-1", Report.PROCESSING, "payer-2", LEASE, "processing"),
        (None, Report.PROCESSING, None, LEASE, "processing"),
        ("payer-1", Report.FAILED, "payer-2", LEASE, "failed"),
    ],
)
def test_a_lease_keeps_others_away_until_it_ends(
    holder: str | None, kind: Report, payer: str | None, after: timedelta, result: str
) -> None:
    outcome = apply_report(begun(holder), report(kind, LATER + after, payer))
    if isinstance(outcome, Refund):
        assert outcome.status == result
        still_leased = outcome.status is RefundStatus.PROCESSING
        assert outcome.lease_ends_at == (LATER + after + LEASE if still_leased else None)
        assert outcome.payer == (payer if still_leased else None)
    else:
        assert [refusal.code for refusal in outcome] == [result]


def test_the_same_payer_makes_its_lease_longer_and_never_shorter() -> None:
    longer = take(begun(), report(Report.PROCESSING, LATER + MINUTE, "payer-1", lease=60 * MINUTE))
    assert (longer.lease_ends_at, longer.attempts, longer.version) == (LATER + 61 * MINUTE, 1, 3)
    assert take(longer, report(Report.PROCESSING, LATER + 2 * MINUTE, "payer-1")) is longer


def test_an_attempt_after_the_end_of_a_lease_is_a_new_attempt_with_the_same_key() -> None:
    again = take(begun(), report(Report.PROCESSING, LATER + LEASE, "payer-2"))
    assert (again.attempts, again.payer, again.idempotency_key) == (2, "payer-2", OWED.idempotency_key)
