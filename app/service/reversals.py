"""Money that the bank or the provider took: a reversal counts as paid back, until the seller wins it."""

from dataclasses import replace
from datetime import datetime

from app.engine.model.order import Order, Payment
from app.records.order import StoredOrder
from app.records.reversal import Reversal
from app.service import claim_followups
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.events.publish import publish
from app.service.orders import OrderView, locked, read, refuse_future
from app.store import orders, reversals
from app.store.database import Tx


async def report(tx: Tx, caller: Caller, reversal: Reversal, now: datetime) -> OrderView:
    """Record a reversal. Refunds that the payment no longer covers end, and their claims owe what is left. A repeated
    report changes nothing.

    Raises NotFoundError, InvalidError for an instant in the future, and ConflictError for another amount or kind, and
    for more than the payment has captured.
    """
    refuse_future(now, reversed_at=reversal.reversed_at)
    stored = await locked(tx, caller, reversal.order_id)
    payment = _payment(stored.order, reversal.payment_id)
    known = await reversals.load(tx, caller.merchant_id, reversal.order_id, reversal.payment_id, reversal.reversal_id)
    if known is not None:
        if (known.amount, known.kind) != (reversal.amount, reversal.kind):
            raise ConflictError("reversal_differs", reversal_id=reversal.reversal_id, field="amount")
        return await read(tx, caller, reversal.order_id)
    if reversal.amount > payment.captured - payment.reversed:
        raise ConflictError(
            "reversal_above_captured",
            payment_id=payment.payment_id,
            available=payment.captured - payment.reversed,
            currency=stored.order.currency,
            field="amount",
        )
    await reversals.add(tx, caller.merchant_id, reversal)
    after = await _save(tx, caller, stored, payment, reversal.amount, now)
    await _publish(tx, caller, after, "order.payment_reversed", reversal, now)
    await claim_followups.void_what_was_reversed(tx, caller.merchant_id, after, reversal.payment_id, now)
    return await read(tx, caller, reversal.order_id)


async def win(
    tx: Tx, caller: Caller, order_id: str, payment_id: str, reversal_id: str, won_at: datetime, now: datetime
) -> OrderView:  # fmt: skip
    """Record that the money of a reversal came back. Claims that owed less owe the rest now. The first report counts.

    Raises NotFoundError, and InvalidError for an instant in the future.
    """
    refuse_future(now, won_at=won_at)
    stored = await locked(tx, caller, order_id)
    payment = _payment(stored.order, payment_id)
    reversal = await reversals.load(tx, caller.merchant_id, order_id, payment_id, reversal_id)
    if reversal is None:
        raise NotFoundError("reversal", reversal_id)
    if reversal.won_at is None:
        await reversals.win(tx, caller.merchant_id, reversal, won_at)
        after = await _save(tx, caller, stored, payment, -reversal.amount, now)
        await _publish(tx, caller, after, "order.reversal_won", replace(reversal, won_at=won_at), now)
        await claim_followups.owe_what_came_back(tx, caller.merchant_id, after, now)
    return await read(tx, caller, order_id)


async def page(tx: Tx, caller: Caller, order_id: str, payment_id: str) -> list[Reversal]:
    """The reversals of a payment, the oldest first. Raises NotFoundError."""
    stored = await orders.load(tx, caller.merchant_id, order_id)
    if stored is None:
        raise NotFoundError("order", order_id)
    _payment(stored.order, payment_id)
    return await reversals.of_payment(tx, caller.merchant_id, order_id, payment_id)


def _payment(order: Order, payment_id: str) -> Payment:
    payment = order.payment(payment_id)
    if payment is None:
        raise NotFoundError("payment", payment_id)
    return payment


async def _save(
    tx: Tx, caller: Caller, stored: StoredOrder, payment: Payment, amount: int, now: datetime
) -> Order:  # fmt: skip
    changed = replace(payment, reversed=payment.reversed + amount)
    payments = tuple(changed if each is payment else each for each in stored.order.payments)
    after = replace(stored.order, payments=payments)
    await orders.save(tx, caller.merchant_id, stored.order, after, now)
    return after


async def _publish(tx: Tx, caller: Caller, order: Order, name: str, reversal: Reversal, now: datetime) -> None:
    data = {field: getattr(reversal, field) for field in Reversal.__slots__ if field != "order_id"}
    await publish(tx, caller.merchant_id, order, name, now, **data)
