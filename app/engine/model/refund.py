"""The life of one refund, apart from its claim. The payer reports the result.

A success is never undone. The same report twice changes nothing. Every attempt has the same key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.engine.model.refusals import Param
from app.engine.model.vocabulary import Word


class RefundStatus(Word):
    """The status of the money. `unknown`: the provider did not answer, so the money may have moved or not."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Report(Word):
    """A report of the payer."""

    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


REPORTS: Mapping[RefundStatus, frozenset[Report]] = {
    RefundStatus.PENDING: frozenset(Report),
    RefundStatus.PROCESSING: frozenset(Report),
    RefundStatus.FAILED: frozenset(Report),
    RefundStatus.UNKNOWN: frozenset(Report),
    RefundStatus.SUCCEEDED: frozenset({Report.SUCCEEDED}),
}
"""The reports that a refund accepts by status. A success after a failure counts: the money has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money owed to one payment. `idempotency_key` is for the provider, the same for all attempts. `due_on` is the last
    local day, and `due_by` the first instant that is too late. `attempts` counts the attempts. `late_interest` is owed
    in addition to `amount`, and is fixed when the money is paid. Its days are local days of the policy's `time_zone`.
    `overdue_at` is when the refund was published as late."""

    refund_id: str
    claim_id: str
    order_id: str
    payment_id: str
    method: str
    amount: int
    currency: str
    idempotency_key: str
    created_at: datetime
    due_on: date | None = None
    due_by: datetime | None = None
    status: RefundStatus = RefundStatus.PENDING
    attempts: int = 0
    provider_reference: str | None = None
    failure: str | None = None
    updated_at: datetime | None = None
    late_interest_percent: int = 0
    late_interest: int = 0
    time_zone: str = "UTC"
    overdue_at: datetime | None = None
    version: int = 1


def late_interest_at(refund: Refund, instant: datetime) -> int:
    """Interest for each local day after the due day up to the instant's day, rounded down. It is fixed once the money
    has moved."""
    if refund.status is RefundStatus.SUCCEEDED or refund.due_by is None or instant < refund.due_by:
        return refund.late_interest
    zone = ZoneInfo(refund.time_zone)
    days = (instant.astimezone(zone).date() - refund.due_by.astimezone(zone).date()).days + 1
    return refund.amount * refund.late_interest_percent * days // (100 * 365)


class ReportCode(Word):
    """Why a report is refused."""

    ALREADY_SUCCEEDED = "refund_already_succeeded"
    AMOUNT_DIFFERS = "refund_amount_differs"
    METHOD_DIFFERS = "refund_method_differs"
    REFERENCE_DIFFERS = "refund_reference_differs"
    KEY_DIFFERS = "refund_key_differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRefusal:
    """One reason against a report. `field` names the part of the report that it is about."""

    code: ReportCode
    params: Mapping[str, Param]
    field: str | None = None


def refuse_report(code: ReportCode, *, field: str | None = None, **params: Param) -> ReportRefusal:
    return ReportRefusal(code=code, params=params, field=field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report of the payer. If `amount`, `method` or `idempotency_key` are given, they must equal the refund's."""

    report: Report
    at: datetime
    amount: int | None = None
    method: str | None = None
    idempotency_key: str | None = None
    provider_reference: str | None = None
    failure: str | None = None


def apply_report(refund: Refund, reported: Reported) -> Refund | tuple[ReportRefusal, ...]:
    """The refund after a report, or every reason against the report. A report without news returns the same refund."""
    refusals = tuple(_refusals(refund, reported))
    if refusals:
        return refusals
    if refund.status.value == reported.report.value:
        return _with_reference(refund, reported)
    return replace(
        refund,
        status=RefundStatus(reported.report.value),
        attempts=refund.attempts + (reported.report is Report.PROCESSING),
        provider_reference=reported.provider_reference or refund.provider_reference,
        failure=reported.failure if reported.report is Report.FAILED else None,
        late_interest=late_interest_at(refund, reported.at) if reported.report is Report.SUCCEEDED else 0,
        updated_at=reported.at,
        version=refund.version + 1,
    )


def overdue_from(refund: Refund) -> datetime | None:
    """The instant at which this refund becomes overdue. None if it is paid or already marked overdue."""
    waits = refund.status is not RefundStatus.SUCCEEDED and refund.overdue_at is None
    return refund.due_by if waits else None


def mark_refund_overdue(refund: Refund, at: datetime) -> Refund:
    return replace(refund, overdue_at=at, updated_at=at, version=refund.version + 1)


def _with_reference(refund: Refund, reported: Reported) -> Refund:
    """The same report may bring the reference that the first report did not have."""
    if reported.provider_reference in (None, refund.provider_reference):
        return refund
    return replace(
        refund,
        provider_reference=reported.provider_reference,
        updated_at=reported.at,
        version=refund.version + 1,
    )


def _refusals(refund: Refund, reported: Reported) -> Iterator[ReportRefusal]:
    if reported.report not in REPORTS[refund.status]:
        yield refuse_report(ReportCode.ALREADY_SUCCEEDED)
    if reported.amount not in (None, refund.amount):
        yield refuse_report(
            ReportCode.AMOUNT_DIFFERS,
            amount=refund.amount,
            reported=reported.amount or 0,
            currency=refund.currency,
            field="amount",
        )
    if reported.method not in (None, refund.method):
        yield refuse_report(
            ReportCode.METHOD_DIFFERS, method=refund.method, reported=reported.method or "", field="method"
        )
    if reported.idempotency_key not in (None, refund.idempotency_key):
        yield refuse_report(ReportCode.KEY_DIFFERS, field="idempotency_key")
    reference = refund.provider_reference if refund.status is RefundStatus.SUCCEEDED else None
    if reference is not None and reported.provider_reference not in (None, reference):
        yield refuse_report(ReportCode.REFERENCE_DIFFERS, provider_reference=reference, field="provider_reference")
