"""The use cases of breakers of refunds: set the limits, read what is open, and let decisions go on."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.records.api_key import Scope
from app.records.audit_entry import AuditAction, AuditActor
from app.records.refund_breaker import BreakerLimits, BreakerOpening, RefundBreaker
from app.service import audit
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.refund_breakers import remember_first
from app.service.staff_roles import refuse_limited
from app.store import refund_breakers
from app.store.database import Tx

_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerView:
    """`opening` is set while nothing is paid back. `waiting` is how many claims wait, and some of them."""

    breaker: RefundBreaker
    opening: BreakerOpening | None
    waiting: tuple[int, list[str]]


async def list_breakers(tx: Tx, caller: Caller, now: datetime) -> list[BreakerView]:
    return [await _view(tx, each, now) for each in await refund_breakers.all_of(tx, caller.merchant_id)]


async def put_breaker(
    tx: Tx, caller: Caller, by: AuditActor, currency: str, limits: BreakerLimits, now: datetime, decided_at: datetime
) -> BreakerView:  # fmt: skip
    """Set the limits of a currency. An opening stays open. `now` is of the merchant. Raises ForbiddenError for a caller
    with a limit of authority."""
    await refuse_limited(tx, caller, [Scope.STAFF_WRITE])
    before = await refund_breakers.lock(tx, caller.merchant_id, currency)
    if before is None:
        after = RefundBreaker(
            merchant_id=caller.merchant_id, currency=currency, limits=limits, created_at=now, updated_at=now
        )
        await refund_breakers.add(tx, after)
        remember_first(tx, caller.merchant_id)
    else:
        after = replace(before, limits=limits, updated_at=now)
        await refund_breakers.change(tx, after)
        await refund_breakers.wake_held_back(tx, after, now)
    await audit.record(
        tx,
        merchant_id=caller.merchant_id,
        by=by,
        action=AuditAction.REFUND_BREAKER_SET,
        subject_id=currency,
        changes=audit.changes_of(_audited(before), _audited(after)),
        now=decided_at,
    )
    return await _view(tx, after, now)


async def reset_breaker(
    tx: Tx, caller: Caller, by: AuditActor, currency: str, now: datetime, decided_at: datetime
) -> BreakerView:  # fmt: skip
    """Close the breaker, and begin its sums again. What was held back is decided at once. Raises NotFoundError, and
    ForbiddenError for a caller with a limit of authority."""
    await refuse_limited(tx, caller, [Scope.STAFF_WRITE])
    before = await refund_breakers.lock(tx, caller.merchant_id, currency)
    if before is None:
        raise NotFoundError("refund_breaker", currency)
    after = replace(before, reset_at=now)
    opening = await refund_breakers.open_one(tx, before)
    await refund_breakers.change(tx, after)
    await refund_breakers.close(tx, before, caller.name, now)
    await refund_breakers.forget_hours(tx, before)
    await refund_breakers.wake_held_back(tx, before, now)
    await audit.record(
        tx,
        merchant_id=caller.merchant_id,
        by=by,
        action=AuditAction.REFUND_BREAKER_RESET,
        subject_id=currency,
        changes=audit.changes_of({"opening_id": opening and opening.opening_id}, {"opening_id": None}),
        now=decided_at,
    )
    return await _view(tx, after, now)


async def _view(tx: Tx, breaker: RefundBreaker, now: datetime) -> BreakerView:
    opening = await refund_breakers.open_one(tx, breaker)
    is_open = opening is not None and opening.until_at > now
    return BreakerView(
        breaker=breaker,
        opening=opening if is_open else None,
        waiting=await refund_breakers.held_back(tx, breaker, limit=_SHOWN),
    )


def _audited(breaker: RefundBreaker | None) -> dict[str, int | None]:
    if breaker is None:
        return {}
    return {name: getattr(breaker.limits, name) for name in breaker.limits.__dataclass_fields__}
