"""What each report does to a refund in each status."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.engine.model.late_interest import LateInterest, Penalty, constant_interest
from app.engine.model.refund import (
    Refund,
    RefundStatus,
    Report,
    ReportCode,
    Reported,
    apply_report,
    late_interest_at,
    late_interest_percent,
)

CREATED = datetime(2026, 6, 18, 2, tzinfo=UTC)
LATER = CREATED + timedelta(hours=1)
OWED = Refund(
    refund_id="refund",
    claim_id="claim",
    order_id="order",
    payment_id="card",
    method="card",
    amount=9_000,
    currency="KRW",
    idempotency_key="key",
    created_at=CREATED,
)

PENDING, PROCESSING, SUCCEEDED, FAILED, UNKNOWN, VOIDED = RefundStatus
REFUSED = (ReportCode.ALREADY_SUCCEEDED,)

LIFE = [
    *((VOIDED, report, (ReportCode.VOIDED,)) for report in Report),
    (PENDING, Report.PROCESSING, PROCESSING),
    (PENDING, Report.SUCCEEDED, SUCCEEDED),
    (PENDING, Report.FAILED, FAILED),
    (PENDING, Report.UNKNOWN, UNKNOWN),
    (PROCESSING, Report.PROCESSING, PROCESSING),
    (PROCESSING, Report.SUCCEEDED, SUCCEEDED),
    (PROCESSING, Report.FAILED, FAILED),
    (PROCESSING, Report.UNKNOWN, UNKNOWN),
    (FAILED, Report.PROCESSING, PROCESSING),
    (FAILED, Report.SUCCEEDED, SUCCEEDED),
    (FAILED, Report.FAILED, FAILED),
    (FAILED, Report.UNKNOWN, UNKNOWN),
    (UNKNOWN, Report.PROCESSING, PROCESSING),
    (UNKNOWN, Report.SUCCEEDED, SUCCEEDED),
    (UNKNOWN, Report.FAILED, FAILED),
    (UNKNOWN, Report.UNKNOWN, UNKNOWN),
    (SUCCEEDED, Report.PROCESSING, REFUSED),
    (SUCCEEDED, Report.SUCCEEDED, SUCCEEDED),
    (SUCCEEDED, Report.FAILED, REFUSED),
    (SUCCEEDED, Report.UNKNOWN, REFUSED),
]


@pytest.mark.parametrize(("status", "report", "result"), LIFE)
def test_a_report_moves_a_refund_on_or_is_refused(
    status: RefundStatus, report: Report, result: RefundStatus | tuple[ReportCode, ...]
) -> None:
    outcome = _take(replace(OWED, status=status), report)
    assert (outcome.status if isinstance(outcome, Refund) else outcome) == result


def test_the_table_is_complete() -> None:
    assert {(status, report) for status, report, _ in LIFE} == {(s, r) for s in RefundStatus for r in Report}


@pytest.mark.parametrize("report", [report for report in Report if report is not Report.PROCESSING])
def test_the_same_report_twice_changes_nothing(report: Report) -> None:
    once = _moved(OWED, report, provider_reference="ref", failure="declined")
    assert _take(once, report, at=LATER + timedelta(days=1), provider_reference="ref", failure="declined") is once


def test_every_change_is_counted_and_dated() -> None:
    failed = _moved(OWED, Report.FAILED, failure="declined")
    assert (failed.version, failed.updated_at, failed.failure) == (OWED.version + 1, LATER, "declined")


def test_attempts_are_counted_by_their_start_and_carry_one_key() -> None:
    refund = OWED
    for report in (Report.PROCESSING, Report.FAILED, Report.PROCESSING, Report.UNKNOWN, Report.PROCESSING):
        refund = _moved(refund, report)
    assert (refund.attempts, refund.idempotency_key) == (3, OWED.idempotency_key)


def test_a_failure_is_forgotten_by_the_next_attempt_and_a_reference_is_not() -> None:
    failed = _moved(OWED, Report.FAILED, failure="declined", provider_reference="ref")
    again = _moved(failed, Report.PROCESSING)
    assert (again.failure, again.provider_reference) == (None, "ref")


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        ({"amount": 8_999}, ReportCode.AMOUNT_DIFFERS),
        ({"amount": 0}, ReportCode.AMOUNT_DIFFERS),
        ({"method": "points"}, ReportCode.METHOD_DIFFERS),
        ({"idempotency_key": "another"}, ReportCode.KEY_DIFFERS),
    ],
)
@pytest.mark.parametrize("status", [PENDING, PROCESSING, SUCCEEDED, FAILED, UNKNOWN])
def test_a_report_about_another_refund_is_refused(
    status: RefundStatus, details: dict[str, Any], refusal: ReportCode
) -> None:
    assert _take(replace(OWED, status=status), Report.SUCCEEDED, **details) == (refusal,)


def test_what_a_report_says_rightly_is_no_reason_against_it() -> None:
    right = {"amount": OWED.amount, "method": OWED.method, "idempotency_key": OWED.idempotency_key}
    assert _moved(OWED, Report.SUCCEEDED, **right).status is SUCCEEDED


def test_a_second_success_under_another_reference_is_refused() -> None:
    succeeded = _moved(OWED, Report.SUCCEEDED, provider_reference="ref")
    assert _take(succeeded, Report.SUCCEEDED, provider_reference="other") == (ReportCode.REFERENCE_DIFFERS,)


def test_every_reason_is_in_the_answer() -> None:
    succeeded = _moved(OWED, Report.SUCCEEDED, provider_reference="ref")
    refusals = _take(succeeded, Report.FAILED, amount=1, method="points", idempotency_key="?", provider_reference="?")
    assert not isinstance(refusals, Refund)
    assert set(refusals) == set(ReportCode) - {ReportCode.IN_PROGRESS, ReportCode.VOIDED}


def _take(refund: Refund, report: Report, at: datetime = LATER, **details: Any) -> Refund | tuple[ReportCode, ...]:
    """The refund after a report, or the codes of the reasons against it."""
    after = apply_report(refund, Reported(report=report, at=at, **details))
    return after if isinstance(after, Refund) else tuple(refusal.code for refusal in after)


def _moved(refund: Refund, report: Report, **details: Any) -> Refund:
    outcome = _take(refund, report, **details)
    assert isinstance(outcome, Refund)
    return outcome


def test_two_successes_end_alike_in_either_order() -> None:
    by_hand = Reported(report=Report.SUCCEEDED, at=datetime(2026, 6, 18, tzinfo=UTC))
    by_webhook = replace(by_hand, provider_reference="ref")
    assert _both(OWED, by_hand, by_webhook) == _both(OWED, by_webhook, by_hand) == "ref"


def _both(refund: Refund, *reports: Reported) -> str | None:
    for report in reports:
        after = apply_report(refund, report)
        assert isinstance(after, Refund)
        refund = after
    return refund.provider_reference


# Late refunds

DUE_BY = datetime(2026, 6, 24, 15, tzinfo=UTC)
"""Midnight in Seoul after the due day, 24 June."""
LATE = replace(OWED, due_by=DUE_BY, time_zone="Asia/Seoul")
LADDER = LateInterest(penalties=(Penalty(after_days=10, percent=5),), citation="the law")


@pytest.mark.parametrize(
    ("delay", "interest"),
    [
        (timedelta(microseconds=-1), 0),
        (timedelta(days=10, microseconds=-1), 0),
        (timedelta(days=10), 450),
        (timedelta(days=300), 450),
    ],
)
def test_interest_follows_the_local_days_of_the_rule(delay: timedelta, interest: int) -> None:
    refund = replace(LATE, late_interest_rule=LADDER)
    assert late_interest_at(refund, DUE_BY + delay) == interest
    paid = _moved(refund, Report.SUCCEEDED, at=DUE_BY + delay)
    assert late_interest_at(paid, DUE_BY + timedelta(days=900)) == paid.late_interest == interest


@pytest.mark.parametrize(
    ("rule", "percent"), [(None, 0), (constant_interest(15, ""), 15), (LADDER, None)], ids=["none", "15%", "ladder"]
)
def test_a_refund_names_a_percent_only_if_that_is_its_whole_rule(rule: LateInterest | None, percent: int) -> None:
    assert late_interest_percent(replace(LATE, late_interest_rule=rule)) == percent


def test_a_refund_without_a_rule_bears_no_interest() -> None:
    assert late_interest_at(LATE, DUE_BY + timedelta(days=900)) == 0
