"""Changes of the option of units that were not shipped: the buyer asks, the seller decides.

No law gives the buyer this change: before the shipping the buyer may cancel and order again. Each change publishes an
event in its own transaction. A repeated decision changes nothing and publishes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.engine.model.claim import Replacement
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import refund_to_of
from app.engine.option_change import making_has_begun, price_difference, with_option
from app.records.option_change import OptionChange, OptionChangeStatus
from app.records.order import StoredOrder
from app.service import ship_dates
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.ids import new_id
from app.service.orders import locked, read
from app.service.overtaken_options import publish_change
from app.store import option_changes
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedOption:
    """The option that a buyer wants for units of a line, with a note to the seller."""

    line_id: str
    quantity: int
    option: Replacement
    note: str | None = None


async def request(tx: Tx, caller: Caller, order_id: str, wanted: WantedOption, now: datetime) -> OptionChange:
    """Ask for another option. Raises InvalidError for an unknown line and for the option that the line has, and
    ConflictError for units that cannot change, for a cheaper option, and while another change of the line is open."""
    stored = await locked(tx, caller, order_id)
    line = stored.order.line(wanted.line_id)
    if line is None:
        raise InvalidError("unknown_line", line_ids=(wanted.line_id,), field="line_id")
    _refuse_same(line, wanted.option)
    open_change = await option_changes.open_of_line(tx, caller.merchant_id, order_id, line.line_id)
    if open_change is not None:
        raise ConflictError("option_change_open", change_id=open_change.change_id, line_id=line.line_id)
    _refuse_unchangeable(line, wanted.quantity)
    if making_has_begun(line, stored.order):
        raise ConflictError("making_begun", line_id=line.line_id, field="line_id")
    change = OptionChange(
        order_id=order_id,
        change_id=new_id(now),
        line_id=line.line_id,
        quantity=wanted.quantity,
        sku=wanted.option.sku,
        title=wanted.option.title,
        unit_price=wanted.option.unit_price,
        difference=_difference(stored.order, line, wanted.quantity, wanted.option),
        status=OptionChangeStatus.REQUESTED,
        requested_at=now,
        note=wanted.note,
    )
    await option_changes.add(tx, caller.merchant_id, change)
    await _store(tx, caller, stored, _with_changing(stored.order, line, change.quantity), change, now)
    return change


async def accept(
    tx: Tx, caller: Caller, order_id: str, change_id: str, now: datetime, *, unit_price: int | None = None
) -> OptionChange:
    """Accept a change. A dearer option then waits for the payment of the difference. `unit_price` is the seller's price
    of the option, for a request without the price. Raises ConflictError for a cheaper option."""
    stored, change = await _locked_change(tx, caller, order_id, change_id)
    if change.status in (OptionChangeStatus.ACCEPTED, OptionChangeStatus.AWAITING_PAYMENT):
        return change
    _refuse_decided(change)
    change = _repriced(stored.order, change, change.unit_price if unit_price is None else unit_price)
    if not change.difference:
        return await _carry_out(tx, caller, stored, change, now)
    waiting = replace(change, status=OptionChangeStatus.AWAITING_PAYMENT)
    return await _decide(tx, caller, stored, stored.order, waiting, now)


async def waive(tx: Tx, caller: Caller, order_id: str, change_id: str, now: datetime) -> OptionChange:
    """Accept a change and give the option for the price that was paid."""
    stored, change = await _locked_change(tx, caller, order_id, change_id)
    if change.status is OptionChangeStatus.ACCEPTED and change.payment_id is None:
        return change
    _refuse_decided(change)
    return await _carry_out(tx, caller, stored, change, now)


async def confirm_payment(
    tx: Tx, caller: Caller, order_id: str, change_id: str, payment: Payment, now: datetime
) -> OptionChange:
    """Record that the buyer has paid the difference of an accepted change. Raises ConflictError for another amount, and
    for a payment that the order has already."""
    stored, change = await _locked_change(tx, caller, order_id, change_id)
    if change.status is OptionChangeStatus.ACCEPTED and change.payment_id == payment.payment_id:
        return change
    if change.status is not OptionChangeStatus.AWAITING_PAYMENT:
        raise ConflictError("option_change_not_owed", status=change.status)
    if payment.captured != change.difference:
        raise ConflictError(
            "difference_not_paid",
            owed=change.difference,
            paid=payment.captured,
            currency=stored.order.currency,
            field="amount",
        )
    paid = _with_settled(stored.order, payment, change_id)
    return await _carry_out(tx, caller, stored, replace(change, payment_id=payment.payment_id), now, paid=paid)


def _with_settled(order: Order, payment: Payment, change_id: str) -> Order:
    """The order with the payment of a difference. The order may have it already, as long as it pays nothing else."""
    recorded = order.payment(payment.payment_id)
    if recorded is None:
        settling = replace(payment, settles=change_id, refund_to=refund_to_of(payment.method))
        return replace(order, payments=(*order.payments, settling))
    is_same = (recorded.method, recorded.captured) == (payment.method, payment.captured)
    pays_the_order = order.unpaid + recorded.captured > 0
    if not is_same or recorded.settles or recorded.refunded or recorded.reversed or pays_the_order:
        raise ConflictError("payment_already_taken", payment_id=payment.payment_id, field="payment_id")
    settling = replace(recorded, settles=change_id)
    return replace(order, payments=tuple(settling if each is recorded else each for each in order.payments))


async def refuse(
    tx: Tx, caller: Caller, order_id: str, change_id: str, reason: str, now: datetime
) -> OptionChange:  # fmt: skip
    """Refuse a change with a reason for the buyer. The units keep their option."""
    stored, change = await _locked_change(tx, caller, order_id, change_id)
    if change.status is OptionChangeStatus.REFUSED and change.reason == reason:
        return change
    return await _end(tx, caller, stored, replace(change, reason=reason), OptionChangeStatus.REFUSED, now)


async def retract(tx: Tx, caller: Caller, order_id: str, change_id: str, now: datetime) -> OptionChange:
    """The buyer takes the request back. The units keep their option."""
    stored, change = await _locked_change(tx, caller, order_id, change_id)
    if change.status is OptionChangeStatus.RETRACTED:
        return change
    return await _end(tx, caller, stored, change, OptionChangeStatus.RETRACTED, now)


async def of_order(tx: Tx, caller: Caller, order_id: str) -> list[OptionChange]:
    """The newest change comes first."""
    changes = await option_changes.of_order(tx, caller.merchant_id, order_id)
    if not changes:
        await read(tx, caller, order_id)
    return changes


async def read_one(tx: Tx, caller: Caller, order_id: str, change_id: str) -> OptionChange:
    change = await option_changes.load(tx, caller.merchant_id, order_id, change_id)
    if change is None:
        raise NotFoundError("option_change", change_id)
    return change


def _refuse_same(line: OrderLine, option: Replacement) -> None:
    same_price = option.unit_price in (None, line.unit_price)
    if same_price and option.sku == line.sku and option.title in (None, line.title):
        raise InvalidError("same_option", line_id=line.line_id, sku=option.sku, field="sku")


def _refuse_unchangeable(line: OrderLine, quantity: int) -> None:
    if quantity > line.changeable:
        raise ConflictError(
            "units_not_changeable",
            line_id=line.line_id,
            requested=quantity,
            available=line.changeable,
            field="quantity",
        )
    if line.credited or line.recharged:
        raise ConflictError("line_has_credits", line_id=line.line_id, field="line_id")


def _repriced(order: Order, change: OptionChange, unit_price: int | None) -> OptionChange:
    """The change with the difference to the present prices of the order: a push may have changed them."""
    option = Replacement(sku=change.sku, title=change.title, unit_price=unit_price)
    difference = _difference(order, _line_of(order, change), change.quantity, option)
    return replace(change, unit_price=unit_price, difference=difference)


def _line_of(order: Order, change: OptionChange) -> OrderLine:
    line = order.line(change.line_id)
    if line is None:
        raise LookupError("the line of an open change is there")
    return line


def _difference(order: Order, line: OrderLine, quantity: int, option: Replacement, charged: int = 0) -> int:
    """What the option costs on top of `charged`."""
    difference = price_difference(line, quantity, option, order) - charged
    if difference < 0:
        raise ConflictError(
            "option_is_cheaper",
            line_id=line.line_id,
            cheaper_by=-difference,
            currency=order.currency,
            field="unit_price",
        )
    return difference


def _with_changing(order: Order, line: OrderLine, quantity: int) -> Order:
    changing = replace(line, changing=quantity)
    return replace(order, lines=tuple(changing if each is line else each for each in order.lines))


async def _locked_change(tx: Tx, caller: Caller, order_id: str, change_id: str) -> tuple[StoredOrder, OptionChange]:
    stored = await locked(tx, caller, order_id)
    return stored, await read_one(tx, caller, order_id, change_id)


async def _carry_out(
    tx: Tx, caller: Caller, stored: StoredOrder, change: OptionChange, now: datetime, *, paid: Order | None = None
) -> OptionChange:
    """`paid` is the order with the payment of the difference."""
    order = paid or stored.order
    line = _line_of(order, change)
    _refuse_unchangeable(line, change.quantity)
    option = Replacement(sku=change.sku, title=change.title, unit_price=change.unit_price)
    charged = change.difference if paid else 0
    _difference(order, line, change.quantity, option, charged)  # raises for an option that is cheaper by now
    after = with_option(order, line.line_id, change.quantity, option, change.change_id, charged)
    accepted = replace(change, status=OptionChangeStatus.ACCEPTED, decided_at=now)
    return await _decide(tx, caller, stored, after, accepted, now)


async def _end(
    tx: Tx, caller: Caller, stored: StoredOrder, change: OptionChange, status: OptionChangeStatus, now: datetime
) -> OptionChange:
    _refuse_decided(change)
    line = stored.order.line(change.line_id)
    after = stored.order if line is None else _with_changing(stored.order, line, 0)
    return await _decide(tx, caller, stored, after, replace(change, status=status, decided_at=now), now)


async def _decide(
    tx: Tx, caller: Caller, stored: StoredOrder, after: Order, change: OptionChange, now: datetime
) -> OptionChange:
    await option_changes.decide(tx, caller.merchant_id, change)
    await _store(tx, caller, stored, after, change, now)
    return change


async def _store(
    tx: Tx, caller: Caller, stored: StoredOrder, after: Order, change: OptionChange, now: datetime
) -> None:
    await ship_dates.save(tx, caller.merchant_id, stored, after, now)
    await publish_change(tx, caller.merchant_id, after, change, now)


def _refuse_decided(change: OptionChange) -> None:
    if not change.is_open:
        raise ConflictError("option_change_decided", status=change.status)
