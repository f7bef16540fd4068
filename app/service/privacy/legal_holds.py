"""Legal holds: nothing of an order is erased while the hold stands."""

from datetime import datetime

from app.records.audit_entry import AuditAction, AuditActor, AuditChange
from app.records.privacy import HeldData, LegalHold
from app.service import audit
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.privacy.holding import held_of
from app.store import legal_holds, orders
from app.store.database import Tx


async def put(tx: Tx, caller: Caller, order_id: str, reason: str, by: AuditActor, now: datetime) -> HeldData:
    """Set a hold, or change the reason of the present hold. Raises NotFoundError."""
    await _lock(tx, caller, order_id)
    before = await legal_holds.load(tx, caller.merchant_id, order_id)
    if before is None:
        hold = LegalHold(order_id=order_id, reason=reason, set_by=by.name, set_at=now)
        await legal_holds.add(tx, caller.merchant_id, hold)
    else:
        await legal_holds.set_reason(tx, caller.merchant_id, order_id, reason)
    if before is None or before.reason != reason:
        change = AuditChange(before=before and before.reason, after=reason)
        await _record(tx, caller, order_id, AuditAction.LEGAL_HOLD_SET, change, by, now)
    return await held_of(tx, caller.merchant_id, order_id, now)


async def lift(tx: Tx, caller: Caller, order_id: str, by: AuditActor, now: datetime) -> HeldData:
    """What has reached its end meanwhile is erased by the worker. Raises NotFoundError, also without a hold."""
    await _lock(tx, caller, order_id)
    before = await legal_holds.load(tx, caller.merchant_id, order_id)
    if before is None:
        raise NotFoundError("legal_hold", order_id)
    await legal_holds.remove(tx, caller.merchant_id, order_id)
    change = AuditChange(before=before.reason, after=None)
    await _record(tx, caller, order_id, AuditAction.LEGAL_HOLD_LIFTED, change, by, now)
    return await held_of(tx, caller.merchant_id, order_id, now)


async def _lock(tx: Tx, caller: Caller, order_id: str) -> None:
    if not await orders.lock(tx, caller.merchant_id, order_id):
        raise NotFoundError("order", order_id)


async def _record(
    tx: Tx, caller: Caller, order_id: str, action: AuditAction, change: AuditChange, by: AuditActor, now: datetime
) -> None:
    await audit.record(
        tx,
        merchant_id=caller.merchant_id,
        by=by,
        action=action,
        subject_id=order_id,
        changes={"reason": change},
        now=now,
    )
