"""The life of one refund, apart from its claim. The payer reports the result.

A success is never undone. The same report twice changes nothing. Every attempt has the same key. One payer at a time
works on a refund: the first report of `processing` takes it, until its lease ends.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.engine.model.late_interest import LateInterest, interest_owed, yearly_percent
from app.engine.model.refusals import Param
from app.engine.model.vocabulary import RefundTo, Word


class RefundStatus(Word):
    """The status of the money. `unknown`: the provider did not answer, so the money may have moved or not. `voided`:
    the bank or the provider paid the money back instead."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    VOIDED = "voided"


ENDED = frozenset({RefundStatus.SUCCEEDED, RefundStatus.VOIDED})
"""Nothing of these refunds is left to pay."""


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
    RefundStatus.VOIDED: frozenset(),
}
"""The reports that a refund accepts by status. A success after a failure counts: the money has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPart:
    """Money of a refund that was paid, and how."""

    method: str
    amount: int
    paid_at: datetime
    provider_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money owed to one payment. `idempotency_key` is for the provider, the same for all attempts. `due_on` is the last
    local day, and `due_by` the first instant that is too late. `attempts` counts the attempts. `late_interest` is owed
    in addition to `amount`, and is fixed when the money is paid. `late_interest_rule` is the policy's rule when the
    refund was created, and counts local days of the policy's `time_zone`. Without a rule there is no interest.
    `overdue_at` is when the refund was published as late. While the refund is in progress, `payer` names the one that
    works on it, and nobody else may begin before `lease_ends_at`. `refund_to` is where the payment's money goes back.
    `failed_at` is the last failure, and `parts` are what was paid so far. `claim_version` is the version of the claim
    whose decision created the refund: a decision owes one refund to a payment. No tax was charged on `tax_free` of
    `amount`."""

    refund_id: str
    claim_id: str
    order_id: str
    payment_id: str
    method: str
    amount: int
    currency: str
    idempotency_key: str
    created_at: datetime
    tax_free: int = 0
    due_on: date | None = None
    due_by: datetime | None = None
    status: RefundStatus = RefundStatus.PENDING
    attempts: int = 0
    provider_reference: str | None = None
    failure: str | None = None
    updated_at: datetime | None = None
    late_interest_rule: LateInterest | None = None
    late_interest: int = 0
    time_zone: str = "UTC"
    overdue_at: datetime | None = None
    payer: str | None = None
    lease_ends_at: datetime | None = None
    refund_to: RefundTo = RefundTo.SOURCE
    failed_at: datetime | None = None
    parts: tuple[RefundPart, ...] = ()
    version: int = 1
    claim_version: int = 0

    @property
    def paid(self) -> int:
        return sum(part.amount for part in self.parts)

    @property
    def left(self) -> int:
        return self.amount - self.paid

    @property
    def takes_another_way(self) -> bool:
        """Money goes back to where it came from, unless that is impossible or has failed."""
        return self.refund_to is RefundTo.ACCOUNT or self.failed_at is not None


def late_interest_at(refund: Refund, instant: datetime) -> int:
    """The interest if what is left is paid at an instant, by local days. Each part bears interest until it was paid.
    The interest is fixed once all the money has moved."""
    rule = refund.late_interest_rule
    if refund.status in ENDED or rule is None or refund.due_by is None or instant < refund.due_by:
        return refund.late_interest
    zone, due_on = ZoneInfo(refund.time_zone), _due_day(refund, refund.due_by)
    paid = [(part.amount, part.paid_at) for part in refund.parts if part.paid_at >= refund.due_by]
    return sum(
        interest_owed(rule, amount, due_on=due_on, paid_on=paid_at.astimezone(zone).date())
        for amount, paid_at in (*paid, (refund.left, instant))
    )


def late_interest_percent(refund: Refund) -> int | None:
    """The interest for a year in percent, 0 without a rule. None if one whole percent does not say the rule."""
    rule = refund.late_interest_rule
    if rule is None:
        return 0
    return yearly_percent(rule, _due_day(refund, refund.due_by or refund.created_at))


def _due_day(refund: Refund, due_by: datetime) -> date:
    return due_by.astimezone(ZoneInfo(refund.time_zone)).date() - timedelta(days=1)


class ReportCode(Word):
    """Why a report is refused."""

    ALREADY_SUCCEEDED = "refund_already_succeeded"
    VOIDED = "refund_voided"
    AMOUNT_DIFFERS = "refund_amount_differs"
    METHOD_DIFFERS = "refund_method_differs"
    REFERENCE_DIFFERS = "refund_reference_differs"
    KEY_DIFFERS = "refund_key_differs"
    IN_PROGRESS = "refund_in_progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRefusal:
    """One reason against a report. `field` names the part of the report that it is about."""

    code: ReportCode
    params: Mapping[str, Param]
    field: str | None = None


def refuse_report(code: ReportCode, *, field: str | None = None, **params: Param) -> ReportRefusal:
    return ReportRefusal(code=code, params=params, field=field)


DEFAULT_LEASE = timedelta(minutes=15)
"""Longer than any provider lets a request wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report of the payer. If `amount` or `idempotency_key` are given, they must equal what is left of the refund,
    and its key. `method` must be the payment's, unless the refund takes another way. `lease` is how long the payer will
    work on the refund, for `processing` only, and `paid_at` when a success was paid, if not now."""

    report: Report
    at: datetime
    amount: int | None = None
    method: str | None = None
    idempotency_key: str | None = None
    provider_reference: str | None = None
    failure: str | None = None
    payer: str | None = None
    lease: timedelta = DEFAULT_LEASE
    paid_at: datetime | None = None


def apply_report(refund: Refund, reported: Reported) -> Refund | tuple[ReportRefusal, ...]:
    """The refund after a report, or every reason against the report. A report without news returns the same refund."""
    refusals = tuple(_refusals(refund, reported))
    if refusals:
        return refusals
    is_processing, is_paid = reported.report is Report.PROCESSING, reported.report is Report.SUCCEEDED
    if refund.status.value == reported.report.value and not (is_processing and not _is_leased(refund, reported.at)):
        return _with_news(refund, reported)
    return replace(
        refund,
        status=RefundStatus(reported.report.value),
        attempts=refund.attempts + is_processing,
        provider_reference=reported.provider_reference or refund.provider_reference,
        failure=reported.failure if reported.report is Report.FAILED else None,
        failed_at=reported.at if reported.report is Report.FAILED else refund.failed_at,
        late_interest=late_interest_at(refund, reported.paid_at or reported.at) if is_paid else 0,
        parts=(*refund.parts, _rest(refund, reported)) if is_paid else refund.parts,
        payer=reported.payer if is_processing else None,
        lease_ends_at=reported.at + reported.lease if is_processing else None,
        updated_at=reported.at,
        version=refund.version + 1,
    )


def _rest(refund: Refund, reported: Reported) -> RefundPart:
    """The part that is paid by a report of success."""
    return RefundPart(
        method=reported.method or refund.method,
        amount=refund.left,
        paid_at=reported.paid_at or reported.at,
        provider_reference=reported.provider_reference or (refund.provider_reference if not refund.parts else None),
    )


def _with_news(refund: Refund, reported: Reported) -> Refund:
    """The same report may bring the reference that the first report did not have, or a longer lease."""
    reference = reported.provider_reference or refund.provider_reference
    until = refund.lease_ends_at and max(refund.lease_ends_at, reported.at + reported.lease)
    if (reference, until) == (refund.provider_reference, refund.lease_ends_at):
        return refund
    return replace(
        refund,
        provider_reference=reference,
        parts=_with_last_reference(refund, reference),
        lease_ends_at=until,
        updated_at=reported.at,
        version=refund.version + 1,
    )


def _with_last_reference(refund: Refund, reference: str | None) -> tuple[RefundPart, ...]:
    """The reference of a success belongs to the part that the success has paid."""
    if refund.status is not RefundStatus.SUCCEEDED or not refund.parts:
        return refund.parts
    return (*refund.parts[:-1], replace(refund.parts[-1], provider_reference=reference))


def _is_leased(refund: Refund, at: datetime) -> bool:
    return refund.lease_ends_at is not None and at < refund.lease_ends_at


def _is_anothers(refund: Refund, reported: Reported) -> bool:
    """Nobody else begins an attempt during a lease, and another payer does not end it. A success always counts. A
    report that names no payer may be the provider's."""
    if not _is_leased(refund, reported.at) or reported.report is Report.SUCCEEDED:
        return False
    if reported.payer is None:
        return reported.report is Report.PROCESSING
    return reported.payer != refund.payer


def refuse_ended(refund: Refund) -> ReportRefusal:
    """Why an ended refund takes no further report."""
    if refund.status is RefundStatus.VOIDED:
        return refuse_report(ReportCode.VOIDED)
    return refuse_report(ReportCode.ALREADY_SUCCEEDED)


def _refusals(refund: Refund, reported: Reported) -> Iterator[ReportRefusal]:
    if reported.report not in REPORTS[refund.status]:
        yield refuse_ended(refund)
    if refund.lease_ends_at is not None and _is_anothers(refund, reported):
        yield _in_progress(refund.lease_ends_at.isoformat(), refund.payer)
    is_repeated = refund.status is RefundStatus.SUCCEEDED
    amount = refund.amount if is_repeated else refund.left
    amounts = {amount, *(part.amount for part in refund.parts if is_repeated)}
    if reported.amount is not None and reported.amount not in amounts:
        yield refuse_report(
            ReportCode.AMOUNT_DIFFERS, amount=amount, reported=reported.amount, currency=refund.currency, field="amount"
        )
    if not _takes_method(refund, reported.method):
        yield refuse_report(
            ReportCode.METHOD_DIFFERS, method=refund.method, reported=reported.method or "", field="method"
        )
    if reported.idempotency_key not in (None, refund.idempotency_key):
        yield refuse_report(ReportCode.KEY_DIFFERS, field="idempotency_key")
    reference = refund.provider_reference if refund.status is RefundStatus.SUCCEEDED else None
    if reference is not None and reported.provider_reference not in (None, reference):
        yield refuse_report(ReportCode.REFERENCE_DIFFERS, provider_reference=reference, field="provider_reference")


def _takes_method(refund: Refund, method: str | None) -> bool:
    known = {None, refund.method, *(part.method for part in refund.parts)}
    return method in known or (refund.takes_another_way and refund.status is not RefundStatus.SUCCEEDED)


def _in_progress(lease_ends_at: str, payer: str | None) -> ReportRefusal:
    if payer is None:
        return refuse_report(ReportCode.IN_PROGRESS, lease_ends_at=lease_ends_at)
    return refuse_report(ReportCode.IN_PROGRESS, lease_ends_at=lease_ends_at, payer=payer)
