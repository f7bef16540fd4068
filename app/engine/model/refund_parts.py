"""A refund that is paid in parts: the parts sum to exactly its amount, and the last part is its success."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.engine.model.refund import (
    ENDED,
    Refund,
    RefundPart,
    Report,
    ReportCode,
    Reported,
    ReportRefusal,
    apply_report,
    refuse_ended,
    refuse_report,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPart:
    """A report of a part. Without a `method` it was paid to the payment of the refund, and without `paid_at` now."""

    amount: int
    method: str | None = None
    provider_reference: str | None = None
    paid_at: datetime | None = None


def apply_part(refund: Refund, paid: PaidPart, at: datetime) -> Refund | tuple[ReportRefusal, ...]:
    """The refund after a part was paid, or every reason against the part. The same method and reference again is the
    same part, and changes nothing."""
    part = RefundPart(
        method=paid.method or refund.method,
        amount=paid.amount,
        paid_at=paid.paid_at or at,
        provider_reference=paid.provider_reference,
    )
    if (same := _same_part(refund, part)) is not None:
        return refund if same.amount == part.amount else (_other_amount(refund, part, same.amount),)
    refusals = tuple(_refusals(refund, part))
    if refusals:
        return refusals
    if part.amount == refund.left:
        return apply_report(refund, _success(part, at))
    return replace(refund, parts=(*refund.parts, part), updated_at=at, version=refund.version + 1)


def _success(part: RefundPart, at: datetime) -> Reported:
    return Reported(
        report=Report.SUCCEEDED,
        at=at,
        paid_at=part.paid_at,
        amount=part.amount,
        method=part.method,
        provider_reference=part.provider_reference,
    )


def _same_part(refund: Refund, part: RefundPart) -> RefundPart | None:
    if part.provider_reference is None:
        return None
    key = part.method, part.provider_reference
    return next((each for each in refund.parts if (each.method, each.provider_reference) == key), None)


def _refusals(refund: Refund, part: RefundPart) -> Iterator[ReportRefusal]:
    if refund.status in ENDED:
        yield refuse_ended(refund)
    elif part.amount > refund.left:
        yield _other_amount(refund, part, refund.left)
    if part.method != refund.method and not refund.takes_another_way:
        yield refuse_report(ReportCode.METHOD_DIFFERS, method=refund.method, reported=part.method, field="method")


def _other_amount(refund: Refund, part: RefundPart, amount: int) -> ReportRefusal:
    return refuse_report(
        ReportCode.AMOUNT_DIFFERS, amount=amount, reported=part.amount, currency=refund.currency, field="amount"
    )
