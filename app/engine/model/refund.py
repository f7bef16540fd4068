"""The life of one refund, apart from the claim that owes it: who moves the money reports how it goes.

A success is never undone; the same report twice changes nothing; every attempt carries the same key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.engine.model.fast_values import replace


class RefundStatus(StrEnum):
    """How far the money is. `unknown` is for a provider that did not answer: it may have moved, or not."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Report(StrEnum):
    """What the mover of the money says."""

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
"""Which reports a refund takes. A late success after a failure counts: the money has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money owed to one payment. `idempotency_key` is the provider's, the same for all attempts; `due_on` the
    last local day, `due_by` the first instant too late; `attempts` counts how often it went into processing.
    `late_interest` is owed on top of `amount`, at so many percent a year, and fixed when the money moves. Its days
    are those of `time_zone`, the policy's; `overdue_at` is when it was found to be late."""

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
    """Interest from the local day after the due day to the instant's own, both counted, floored; fixed once the
    money has moved."""
    if refund.status is RefundStatus.SUCCEEDED or refund.due_by is None or instant < refund.due_by:
        return refund.late_interest
    zone = ZoneInfo(refund.time_zone)
    days = (instant.astimezone(zone).date() - refund.due_by.astimezone(zone).date()).days + 1
    return refund.amount * refund.late_interest_percent * days // (100 * 365)


class RefundRefusal(StrEnum):
    ALREADY_SUCCEEDED = "refund_already_succeeded"
    AMOUNT_DIFFERS = "refund_amount_differs"
    METHOD_DIFFERS = "refund_method_differs"
    REFERENCE_DIFFERS = "refund_reference_differs"
    KEY_DIFFERS = "refund_key_differs"


SENTENCES: Mapping[RefundRefusal, str] = {
    RefundRefusal.ALREADY_SUCCEEDED: "The refund has succeeded: money that has moved is not reported otherwise.",
    RefundRefusal.AMOUNT_DIFFERS: "The refund is for another amount.",
    RefundRefusal.METHOD_DIFFERS: "The refund goes to another payment method.",
    RefundRefusal.REFERENCE_DIFFERS: "The refund succeeded under another provider reference.",
    RefundRefusal.KEY_DIFFERS: "The idempotency key is another refund's.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report as it came in; `amount`, `method` and `idempotency_key` must be the refund's own where given."""

    report: Report
    at: datetime
    amount: int | None = None
    method: str | None = None
    idempotency_key: str | None = None
    provider_reference: str | None = None
    failure: str | None = None


def take(refund: Refund, reported: Reported) -> Refund | tuple[RefundRefusal, ...]:
    """The refund after a report: the very same value when nothing is new, or every reason against it."""
    refusals = tuple(_against(refund, reported))
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
    """From when on it is late and nobody has said so; None when it is paid, or somebody has."""
    waits = refund.status is not RefundStatus.SUCCEEDED and refund.overdue_at is None
    return refund.due_by if waits else None


def found_overdue(refund: Refund, at: datetime) -> Refund:
    return replace(refund, overdue_at=at, updated_at=at, version=refund.version + 1)


def _with_reference(refund: Refund, reported: Reported) -> Refund:
    """The same report again may bring the reference that the first one lacked."""
    if reported.provider_reference in (None, refund.provider_reference):
        return refund
    return replace(
        refund,
        provider_reference=reported.provider_reference,
        updated_at=reported.at,
        version=refund.version + 1,
    )


def _against(refund: Refund, reported: Reported) -> list[RefundRefusal]:
    succeeded = refund.status is RefundStatus.SUCCEEDED
    wrong = {
        RefundRefusal.ALREADY_SUCCEEDED: reported.report not in REPORTS[refund.status],
        RefundRefusal.AMOUNT_DIFFERS: reported.amount not in (None, refund.amount),
        RefundRefusal.METHOD_DIFFERS: reported.method not in (None, refund.method),
        RefundRefusal.KEY_DIFFERS: reported.idempotency_key not in (None, refund.idempotency_key),
        RefundRefusal.REFERENCE_DIFFERS: succeeded
        and refund.provider_reference is not None
        and reported.provider_reference not in (None, refund.provider_reference),
    }
    return [refusal for refusal, is_so in wrong.items() if is_so]
