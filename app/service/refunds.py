"""The use cases of refunds: read, and apply the payer's reports."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.engine.model.clocks import CLOCKS_DIFFER
from app.engine.model.refund import (
    Refund,
    RefundStatus,
    ReportCode,
    Reported,
    ReportRefusal,
    apply_report,
    refuse_report,
)
from app.engine.model.refund_parts import PaidPart, apply_part
from app.records.refund import StoredRefund
from app.records.sorting import PageQuery, SortedPage
from app.service.callers import Caller
from app.service.claim_followups import void_what_was_reversed
from app.service.decisions import carry_on
from app.service.errors import ConflictError, InvalidError, NotFoundError, ReportRefusedError, StaleVersionError
from app.service.orders import refuse_future
from app.service.persistence import record_part, record_report
from app.service.refund_accounts import erase_if_unneeded
from app.store import claims, refunds
from app.store import metadata as kept_metadata
from app.store.constraints import violated_constraint
from app.store.database import Tx

logger = logging.getLogger(__name__)


async def report(
    tx: Tx, caller: Caller, refund_id: str, reported: Reported, *, if_version: int | None = None
) -> StoredRefund:
    """Apply a report. The last success makes the claim `refunded`. A repeated report changes nothing.

    Raises NotFoundError, StaleVersionError, InvalidError for an impossible `paid_at`, and ReportRefusedError for a
    report that contradicts the refund.
    """
    stored = await _lock(tx, caller, refund_id, if_version)
    _check_payment(stored.refund, reported.paid_at, reported.at)
    return await _apply(tx, caller, stored, apply_report(stored.refund, reported), reported.at)


async def pay_part(
    tx: Tx, caller: Caller, refund_id: str, paid: PaidPart, now: datetime, *, if_version: int | None = None
) -> StoredRefund:
    """Record a part of a refund that was paid. The part that completes the amount is the success of the refund.

    Raises NotFoundError, StaleVersionError, InvalidError for an impossible `paid_at`, and ReportRefusedError for a part
    that contradicts the refund.
    """
    stored = await _lock(tx, caller, refund_id, if_version)
    _check_payment(stored.refund, paid.paid_at, now)
    return await _apply(tx, caller, stored, apply_part(stored.refund, paid, now), now)


def _check_payment(refund: Refund, paid_at: datetime | None, now: datetime) -> None:
    """The money was not owed before the refund was created. Clocks may differ by a few minutes."""
    refuse_future(now, paid_at=paid_at)
    if paid_at is not None and paid_at < refund.created_at - CLOCKS_DIFFER:
        raise InvalidError("paid_before_owed", created_at=refund.created_at.isoformat(), field="paid_at")


async def _apply(
    tx: Tx, caller: Caller, stored: StoredRefund, after: Refund | tuple[ReportRefusal, ...], now: datetime
) -> StoredRefund:
    refund = stored.refund
    if isinstance(after, tuple):
        codes = [refusal.code.value for refusal in after]
        logger.warning("refund %s: report refused (%s)", refund.refund_id, codes)
        raise ReportRefusedError(after)
    if after is not refund:
        await _save(tx, caller, refund, after, now)
    return replace(stored, refund=after)


async def _lock(tx: Tx, caller: Caller, refund_id: str, if_version: int | None) -> StoredRefund:
    """The refund, under the lock of its order."""
    stored = await read(tx, caller, refund_id)
    await claims.lock_order_of(tx, caller.merchant_id, stored.refund.claim_id)
    stored = await read(tx, caller, refund_id)
    version = stored.refund.version
    if if_version not in (None, version):
        raise StaleVersionError(resource="refund", id=refund_id, version=version, expected=if_version)
    return stored


async def read(tx: Tx, caller: Caller, refund_id: str) -> StoredRefund:
    stored = await refunds.load(tx, caller.merchant_id, refund_id)
    if stored is None:
        raise NotFoundError("refund", refund_id)
    return stored


async def replace_metadata(tx: Tx, caller: Caller, refund_id: str, metadata: Mapping[str, str]) -> StoredRefund:
    """Raises NotFoundError."""
    await kept_metadata.replace_of_refund(tx, caller.merchant_id, refund_id, metadata)
    return await read(tx, caller, refund_id)


async def page(tx: Tx, caller: Caller, query: PageQuery, **where: Any) -> SortedPage[StoredRefund]:
    return await refunds.page(tx, caller.merchant_id, query, **where)


async def _save(tx: Tx, caller: Caller, before: Refund, after: Refund, now: datetime) -> None:
    try:
        saved = await refunds.save(tx, caller.merchant_id, before, after)
    except IntegrityError as error:
        if violated_constraint(error) not in _REFERENCES:
            raise
        refusal = refuse_report(ReportCode.REFERENCE_DIFFERS, field="provider_reference")
        raise ReportRefusedError((refusal,)) from None
    if not saved:
        raise ConflictError("refund_changed")
    stored = await claims.load(tx, caller.merchant_id, after.claim_id)
    if stored is None:
        raise LookupError(f"refund {after.refund_id} has no claim")
    if after.status is before.status and after.paid > before.paid:
        await record_part(tx, caller.merchant_id, stored, after, now)
        return
    stored = await record_report(tx, caller.merchant_id, stored, after, now)
    if after.status is RefundStatus.SUCCEEDED:
        await erase_if_unneeded(tx, caller.merchant_id, after, now)
        await carry_on(tx, caller.merchant_id, stored, now)
    if after.status is RefundStatus.FAILED:
        await void_what_was_reversed(tx, caller.merchant_id, stored.order, after.payment_id, now)


_REFERENCES = ("uq_refunds_provider_reference", "uq_refund_parts_provider_reference")
"""A reference of a provider belongs to one refund, and to one part."""
