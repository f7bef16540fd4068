"""Refunds: read, and reported on by the system that moves the money."""

import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.engine.model.refund import SENTENCES, Refund, RefundRefusal, RefundStatus, Reported, take
from app.service.callers import Caller
from app.service.decisions import carry_on
from app.service.errors import ConflictError, NotFoundError
from app.service.persistence import record_report
from app.store import claims, refunds
from app.store.database import Tx

logger = logging.getLogger(__name__)

_FIELDS = {
    RefundRefusal.AMOUNT_DIFFERS: "amount",
    RefundRefusal.METHOD_DIFFERS: "method",
    RefundRefusal.REFERENCE_DIFFERS: "provider_reference",
    RefundRefusal.KEY_DIFFERS: "idempotency_key",
}


async def report(tx: Tx, caller: Caller, refund_id: str, reported: Reported) -> Refund:
    """Apply a report. The last success makes the claim `refunded`. The same report again changes nothing.

    Raises NotFoundError, and ConflictError for a report that contradicts the refund.
    """
    refund = await read(tx, caller, refund_id)
    await claims.lock_order_of(tx, caller.merchant_id, refund.claim_id)
    refund = await read(tx, caller, refund_id)
    after = take(refund, reported)
    if isinstance(after, tuple):
        logger.warning("refund %s: %s report refused (%s)", refund_id, reported.report, ", ".join(after))
        raise ConflictError(after[0], " ".join(SENTENCES[refusal] for refusal in after), _FIELDS.get(after[0]))
    if after is not refund:
        await _save(tx, caller, refund, after, reported.at)
    return after


async def read(tx: Tx, caller: Caller, refund_id: str) -> Refund:
    refund = await refunds.load(tx, caller.merchant_id, refund_id)
    if refund is None:
        raise NotFoundError(f"There is no refund {refund_id}.")
    return refund


async def page(tx: Tx, caller: Caller, *, limit: int, after: str | None, **equal: str) -> list[Refund]:
    """Newest first."""
    return await refunds.page(tx, caller.merchant_id, limit=limit, after=after, **equal)


async def _save(tx: Tx, caller: Caller, before: Refund, after: Refund, now: datetime) -> None:
    try:
        saved = await refunds.save(tx, caller.merchant_id, after, seen=before.version)
    except IntegrityError:
        refusal = RefundRefusal.REFERENCE_DIFFERS
        raise ConflictError(
            refusal, "The provider reference stands for another refund already.", _FIELDS[refusal]
        ) from None
    if not saved:
        raise ConflictError("refund_changed", "The refund has just been reported on by somebody else: try again.")
    stored = await claims.load(tx, caller.merchant_id, after.claim_id)
    if stored is None:
        raise LookupError(f"refund {after.refund_id} has no claim")
    stored = await record_report(tx, caller.merchant_id, stored, after, now)
    if after.status is RefundStatus.SUCCEEDED:
        await carry_on(tx, caller.merchant_id, stored, now)
