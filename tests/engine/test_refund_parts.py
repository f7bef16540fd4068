"""A refund that is paid in parts or another way: the parts sum to exactly its amount."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.model.late_interest import constant_interest
from app.engine.model.refund import (
    Refund,
    RefundPart,
    RefundStatus,
    Report,
    ReportCode,
    Reported,
    ReportRefusal,
    apply_report,
    late_interest_at,
)
from app.engine.model.refund_ends import void_refund
from app.engine.model.refund_parts import PaidPart, apply_part
from app.engine.model.vocabulary import RefundTo, refund_to_of
from tests.engine.test_refund import LATER, OWED

FAILED = Report.FAILED
TO_ACCOUNT = replace(OWED, method="virtual_account", refund_to=RefundTo.ACCOUNT)
DAY = timedelta(days=1)

Outcome = Refund | tuple[ReportRefusal, ...]


def part(amount: int, method: str | None = None, reference: str | None = None) -> PaidPart:
    return PaidPart(amount=amount, method=method, provider_reference=reference)


def took(outcome: Outcome) -> Refund:
    assert isinstance(outcome, Refund)
    return outcome


def codes(outcome: Outcome) -> list[ReportCode]:
    assert not isinstance(outcome, Refund)
    return [refusal.code for refusal in outcome]


def reported(refund: Refund, report: Report, method: str | None = None, amount: int | None = None) -> Outcome:
    return apply_report(refund, Reported(report=report, at=LATER, method=method, amount=amount))


@given(amounts=st.lists(st.integers(1, 9_000), min_size=1, max_size=8))
def test_parts_sum_to_exactly_the_refund_and_the_last_is_its_success(amounts: list[int]) -> None:
    refund = TO_ACCOUNT
    for number, amount in enumerate(amounts):
        after = apply_part(refund, part(amount, "bank_transfer", f"tr-{number}"), LATER)
        if amount > refund.left or refund.status is RefundStatus.SUCCEEDED:
            assert isinstance(after, tuple)
            continue
        refund = took(after)
        assert (refund.status is RefundStatus.SUCCEEDED) == (refund.left == 0)
    assert 0 <= refund.paid <= refund.amount
    if refund.left:
        refund = took(reported(refund, Report.SUCCEEDED, amount=refund.left))
    assert (refund.paid, refund.status) == (refund.amount, RefundStatus.SUCCEEDED)


def test_a_success_says_how_the_whole_refund_was_paid() -> None:
    paid = took(reported(OWED, Report.SUCCEEDED))
    assert paid.parts == (RefundPart(method="card", amount=9_000, paid_at=LATER),)


def test_a_card_that_has_failed_is_paid_by_bank_transfer() -> None:
    failed = took(reported(OWED, FAILED))
    assert failed.failed_at == LATER
    again = took(reported(failed, Report.PROCESSING, "bank_transfer"))
    paid = took(reported(again, Report.SUCCEEDED, "bank_transfer"))
    assert [(each.method, each.amount) for each in paid.parts] == [("bank_transfer", 9_000)]


@pytest.mark.parametrize("earlier", [(), (Report.PROCESSING,), (Report.UNKNOWN,)])
def test_money_that_can_go_back_to_its_payment_goes_nowhere_else(earlier: tuple[Report, ...]) -> None:
    """An unknown attempt may have paid: another way would pay twice."""
    refund = OWED
    for report in earlier:
        refund = took(reported(refund, report))
    assert codes(reported(refund, Report.SUCCEEDED, "bank_transfer")) == [ReportCode.METHOD_DIFFERS]
    assert codes(apply_part(refund, part(1, "bank_transfer"), LATER)) == [ReportCode.METHOD_DIFFERS]


def test_a_part_above_the_rest_is_refused_with_the_rest() -> None:
    refund = took(apply_part(OWED, part(5_000), LATER))
    (refusal,) = apply_part(refund, part(4_001), LATER)  # type: ignore[misc] # a refusal
    assert (refusal.code, refusal.params["amount"]) == (ReportCode.AMOUNT_DIFFERS, 4_000)
    assert codes(reported(refund, Report.SUCCEEDED, amount=9_000)) == [ReportCode.AMOUNT_DIFFERS]


def test_a_part_with_the_same_reference_is_the_same_part() -> None:
    refund = took(apply_part(OWED, part(5_000, reference="re-1"), LATER))
    assert apply_part(refund, part(5_000, reference="re-1"), LATER + DAY) is refund
    assert codes(apply_part(refund, part(4_000, reference="re-1"), LATER)) == [ReportCode.AMOUNT_DIFFERS]
    assert took(apply_part(refund, part(4_000, reference="re-2"), LATER)).status is RefundStatus.SUCCEEDED


def test_a_refund_that_has_succeeded_takes_no_part() -> None:
    paid = took(reported(OWED, Report.SUCCEEDED))
    assert codes(apply_part(paid, part(1), LATER)) == [ReportCode.ALREADY_SUCCEEDED]


def test_a_refund_that_the_bank_has_paid_instead_takes_no_part() -> None:
    voided = void_refund(TO_ACCOUNT, LATER)
    for amount in (1, voided.amount):
        assert codes(apply_part(voided, part(amount, "bank_transfer", "tr-1"), LATER)) == [ReportCode.VOIDED]


def test_each_part_bears_interest_until_it_was_paid() -> None:
    due_by = datetime(2026, 6, 24, 15, tzinfo=UTC)
    late = replace(
        OWED, amount=73_000, due_by=due_by, time_zone="Asia/Seoul", late_interest_rule=constant_interest(15, "")
    )
    in_parts = took(apply_part(late, part(36_500), due_by + 9 * DAY))  # 10 days: 150
    assert late_interest_at(in_parts, due_by + 19 * DAY) == 150 + 300
    paid = took(apply_part(in_parts, part(36_500), due_by + 19 * DAY))
    assert (paid.late_interest, late_interest_at(paid, due_by + 90 * DAY)) == (450, 450)
    in_time = took(apply_part(late, part(36_500), due_by - DAY))
    assert late_interest_at(in_time, due_by + 9 * DAY) == 150


@pytest.mark.parametrize(
    ("method", "way"),
    [
        ("card", RefundTo.SOURCE),
        ("points", RefundTo.SOURCE),
        ("virtual_account", RefundTo.ACCOUNT),
        ("bank_transfer", RefundTo.ACCOUNT),
        ("konbini", RefundTo.ACCOUNT),
        ("cash_on_delivery", RefundTo.ACCOUNT),
    ],
)
def test_a_method_says_whether_money_can_go_back(method: str, way: RefundTo) -> None:
    assert refund_to_of(method) is way
