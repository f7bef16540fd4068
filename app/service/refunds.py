"""The use cases of refunds: read, and apply the payer's reports."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.engine.model.refund import Refund, RefundStatus, ReportCode, Reported, apply_report, refuse_report
from app.records.refund import StoredRefund
from app.service.callers import Caller
from app.service.decisions import carry_on
from app.service.errors import ConflictError, NotFoundError, ReportRefusedError
from app.service.persistence import record_report
from app.store import claims, refunds
from app.store import metadata as kept_metadata
from app.store.constraints import violated_constraint
from app.store.database import Tx

logger = logging.getLogger(__name__)


async def report(tx: Tx, caller: Caller, refund_id: str, reported: Reported) -> StoredRefund:
    """Apply a report. The last success makes the claim `refunded`. A repeated report changes nothing.

    Raises NotFoundError, and ConflictError for a report that contradicts the refund.
    """
    stored = await read(tx, caller, refund_id)
    await claims.lock_order_of(tx, caller.merchant_id, stored.refund.claim_id)
    stored = await read(tx, caller, refund_id)
    refund = stored.refund
    after = apply_report(refund, reported)
    if isinstance(after, tuple):
        logger.warning(
            "refund %s: %s report refused (%s)", refund_id, reported.report, [refusal.code.value for refusal in after]
        )
        raise ReportRefusedError(after)
    if after is not refund:
        await _save(tx, caller, refund, after, reported.at)
    return replace(stored, refund=after)


async def read(tx: Tx, caller: Caller, refund_id: str) -> StoredRefund:
    stored = await refunds.load(tx, caller.merchant_id, refund_id)
    if stored is None:
        raise NotFoundError("refund", refund_id)
    return stored


async def replace_metadata(tx: Tx, caller: Caller, refund_id: str, metadata: Mapping[str, str]) -> StoredRefund:
    """Raises NotFoundError."""
    await kept_metadata.replace_of_refund(tx, caller.merchant_id, refund_id, metadata)
    return await read(tx, caller, refund_id)


async def page(tx: Tx, caller: Caller, *, limit: int, after: str | None, **equal: str) -> list[StoredRefund]:
    """The newest refund comes first."""
    return await refunds.page(tx, caller.merchant_id, limit=limit, after=after, **equal)


async def _save(tx: Tx, caller: Caller, before: Refund, after: Refund, now: datetime) -> None:
    try:
        saved = await refunds.save(tx, caller.merchant_id, after, seen=before.version)
    except IntegrityError as error:
        if violated_constraint(error) != "uq_refunds_provider_reference":
            raise
        refusal = refuse_report(ReportCode.REFERENCE_DIFFERS, field="provider_reference")
        raise ReportRefusedError((refusal,)) from None
    if not saved:
        raise ConflictError("refund_changed")
    stored = await claims.load(tx, caller.merchant_id, after.claim_id)
    if stored is None:
        raise LookupError(f"refund {after.refund_id} has no claim")
    stored = await record_report(tx, caller.merchant_id, stored, after, now)
    if after.status is RefundStatus.SUCCEEDED:
        await carry_on(tx, caller.merchant_id, stored, now)
