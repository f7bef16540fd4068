"""Claims that the system continues after a change of their order."""

from datetime import datetime

from app.engine import SYSTEM, LateMoney, late_money
from app.engine.model.commands import AdjustRefund
from app.engine.model.order import Order
from app.engine.model.refund import Refund
from app.engine.model.refund_ends import share_that_ends, void_refund
from app.engine.model.vocabulary import Kind, State
from app.service.decisions import carry_on, carry_out
from app.service.persistence import record_report
from app.service.refund_accounts import erase_if_unneeded
from app.store import claims, refunds
from app.store.database import Tx


async def carry_on_cancellations(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> None:
    """The newest request comes first. Each claim sees the ledger after the claim before."""
    waiting = await claims.of_order(tx, merchant_id, order_id, Kind.CANCEL, State.REQUESTED)
    await _carry_on_each(tx, merchant_id, [stored.claim.claim_id for stored in waiting], now)


async def carry_on_exchanges(tx: Tx, merchant_id: str, order: Order, now: datetime) -> None:
    """A delivered parcel may contain the replacement of an exchange."""
    if any(line.replaces is not None for line in order.lines):
        waiting = await claims.of_order(tx, merchant_id, order.order_id, Kind.EXCHANGE, State.RESHIPPING)
        await _carry_on_each(tx, merchant_id, [stored.claim.claim_id for stored in waiting], now)


async def owe_late_money(tx: Tx, merchant_id: str, order: Order, now: datetime) -> Order:
    """The claims of the order owe what its payments have brought for them. Returns the order after that."""
    if order.not_captured or order.unpaid < -order.surplus_refunded:
        return await owe_what_came_back(tx, merchant_id, order, now)
    return order


async def owe_what_came_back(tx: Tx, merchant_id: str, order: Order, now: datetime) -> Order:
    """The same for an order whose payments have won money back.

    A claim on hold may be settled by the money, and its fees then cover the claims after it: therefore the loop. A turn
    that ends no hold is the last but one. If that does not hold, nothing of the report is stored.
    """
    every = await claims.all_of_order(tx, merchant_id, order.order_id)
    for _ in range(len(every) + 2):
        if not (brought := late_money(order, every)):
            return order
        for late in brought:
            order = await _owe_more(tx, merchant_id, late, now)
        every = await claims.all_of_order(tx, merchant_id, order.order_id)
    raise ArithmeticError(f"the claims of order {order.order_id} do not settle what its payments have brought")


async def void_what_was_reversed(tx: Tx, merchant_id: str, order: Order, payment_id: str, now: datetime) -> Order:
    """Refunds that a payment no longer covers end, the newest first. Their claims owe what is left of all payments.
    Refunds in progress stay: their money may have moved. What was paid of a refund stays paid, and the rest ends."""
    if not _is_above_captured(order, payment_id):
        return order
    for refund in await refunds.to_void(tx, merchant_id, order.order_id, payment_id):
        if _is_above_captured(order, payment_id):
            order = await _void(tx, merchant_id, refund, now)
    return order


def _is_above_captured(order: Order, payment_id: str) -> bool:
    payment = order.payment(payment_id)
    return payment is not None and payment.refunded + payment.reversed > payment.captured


async def _void(tx: Tx, merchant_id: str, refund: Refund, now: datetime) -> Order:
    """The claim is loaded before the refund changes, since the decision counts the ended refund off."""
    stored = await claims.load(tx, merchant_id, refund.claim_id)
    voided = void_refund(refund, now)
    if stored is None or not await refunds.save(tx, merchant_id, refund, voided):
        raise LookupError(f"refund {refund.refund_id} was there in this transaction")
    stored = await record_report(tx, merchant_id, stored, voided, now)
    command = AdjustRefund(by=SYSTEM, voided=(share_that_ends(refund),))
    order = (await carry_out(tx, merchant_id, stored, command, now)).facts.order
    await erase_if_unneeded(tx, merchant_id, voided, now)
    return order


async def _owe_more(tx: Tx, merchant_id: str, late: LateMoney, now: datetime) -> Order:
    stored = await claims.load(tx, merchant_id, late.claim_id)
    if stored is None:
        raise LookupError(f"claim {late.claim_id} was there in this transaction")
    command = AdjustRefund(
        by=SYSTEM, captured_later=late.captured_later, surplus=late.surplus, reversal_won=late.reversal_won
    )
    return (await carry_out(tx, merchant_id, stored, command, now)).facts.order


async def _carry_on_each(tx: Tx, merchant_id: str, claim_ids: list[str], now: datetime) -> None:
    for claim_id in claim_ids:
        stored = await claims.load(tx, merchant_id, claim_id)
        if stored is not None:
            await carry_on(tx, merchant_id, stored, now)
