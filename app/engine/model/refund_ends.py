"""What becomes of a refund without a report of its payer: it is near its deadline, it is overdue, or the bank or the
provider paid instead."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.engine.model.breakdown import PaymentShare
from app.engine.model.money import portion
from app.engine.model.refund import ENDED, Refund, RefundStatus, late_interest_at

CAN_BE_VOIDED = frozenset({RefundStatus.PENDING, RefundStatus.FAILED})
"""What is left of these refunds has not moved, and nobody works on them."""
WITH_PROVIDER = frozenset({RefundStatus.PROCESSING, RefundStatus.UNKNOWN})
"""The provider has these refunds, or may have them. The others wait for the seller."""


REMINDED_BEFORE = timedelta(days=1)
"""How long before the deadline of a refund its payer is reminded."""


def reminded_from(refund: Refund) -> datetime | None:
    """The instant at which somebody is reminded of this refund. None if somebody works on the refund, and if it has
    changed since that instant: so there is one reminder, and none for a refund that was due sooner from the start."""
    waits = refund.status in CAN_BE_VOIDED and refund.overdue_at is None
    at = refund.due_by - REMINDED_BEFORE if waits and refund.due_by else None
    return at if at is not None and at > (refund.updated_at or refund.created_at) else None


def wakes_at(refund: Refund) -> datetime | None:
    """When the worker must look at the refund."""
    instants = [at for at in (reminded_from(refund), overdue_from(refund)) if at is not None]
    return min(instants, default=None)


def overdue_from(refund: Refund) -> datetime | None:
    """The instant at which this refund becomes overdue. None if it has ended or is already marked overdue."""
    waits = refund.status not in ENDED and refund.overdue_at is None
    return refund.due_by if waits else None


def share_that_ends(refund: Refund) -> PaymentShare:
    """What nobody pays any more of a refund that ends. What was paid stays paid."""
    tax_free = portion(refund.tax_free, refund.amount, refund.paid, refund.left)
    return PaymentShare(payment_id=refund.payment_id, method=refund.method, amount=refund.left, tax_free=tax_free)


def void_refund(refund: Refund, at: datetime) -> Refund:
    """The refund after the bank or the provider has paid its money back. The interest until then stays owed."""
    interest = late_interest_at(refund, at)
    voided = RefundStatus.VOIDED
    return replace(refund, status=voided, late_interest=interest, updated_at=at, version=refund.version + 1)


def mark_refund_reminded(refund: Refund, at: datetime) -> Refund:
    return replace(refund, updated_at=at, version=refund.version + 1)


def mark_refund_overdue(refund: Refund, at: datetime) -> Refund:
    return replace(refund, overdue_at=at, updated_at=at, version=refund.version + 1)
