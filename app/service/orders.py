"""Orders of the storefront. A push or a report may be late, repeated or out of order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.engine.model.order import Order, OrderLine, Payment
from app.records.buyer import Buyer
from app.records.order import StoredOrder
from app.records.shipment import Shipment
from app.service import buyers, ship_dates
from app.service.callers import Caller
from app.service.claim_followups import carry_on_cancellations, carry_on_exchanges
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.events.publish import publish, rows_that_fit
from app.service.order_amendments import restated, sound
from app.service.payments import refuse_less_than_promised
from app.service.policies import in_force, in_its_country, policy_of
from app.service.policy_pinning import names_pinned_policy, pin_version_at_payment, refuse_other_currency
from app.store import address_changes, orders, policies, shipments
from app.store import metadata as kept_metadata
from app.store.database import Tx

_SKEW = timedelta(minutes=5)
"""How far a merchant's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    order: Order
    shipments: tuple[Shipment, ...]
    created_at: datetime
    updated_at: datetime
    version: int
    metadata: Mapping[str, str]


async def put(
    tx: Tx,
    caller: Caller,
    stated: Order,
    now: datetime,
    *,
    buyer: Buyer | None = None,
    metadata: Mapping[str, str] | None = None,
) -> tuple[OrderView, bool]:
    """Store an order that the merchant pushes, with its buyer and its metadata if they are given. True for a
    new order.

    Shipments, claims and refunds stay. Raises ConflictError if the push removes data that a claim, a shipment or a
    refund depends on.
    """
    refuse_future(now, paid_at=stated.paid_at, confirmed_at=stated.confirmed_at)
    is_there = await orders.lock(tx, caller.merchant_id, stated.order_id)
    stored = await orders.load(tx, caller.merchant_id, stated.order_id) if is_there else None
    stated = replace(stated, paid_at=stated.paid_at or _first_capture(stated, now), version_named="@" in stated.policy)
    if stored is None:
        await _add(tx, caller, stated, now)
    else:
        policy = await policy_of(tx, caller.merchant_id, stored.order.policy)
        if await names_pinned_policy(tx, caller, stored, stated.policy):
            stated = replace(stated, policy=stored.order.policy)
        after = restated(stored.order, in_its_country(stated, policy))
        refuse_other_currency(policy, after)
        after = await pin_version_at_payment(tx, caller, stored.order, after, now)
        await refuse_less_than_promised(tx, caller, stored.order, after)
        await _save_restated(tx, caller, stored, after, now)
        await ship_dates.publish_date(tx, caller.merchant_id, stored.order.expected_ship_on, after, now)
    if buyer is not None:
        await buyers.put(tx, caller, stated.order_id, buyer, now)
    if metadata is not None and metadata != (stored.metadata if stored else {}):
        await kept_metadata.replace_of_order(tx, caller.merchant_id, stated.order_id, metadata)
    return await read(tx, caller, stated.order_id), stored is None


async def _add(tx: Tx, caller: Caller, stated: Order, now: datetime) -> None:
    policy_name = stated.policy or await policies.default(tx, caller.merchant_id)
    policy = await in_force(tx, caller, policy_name, stated.paid_at or now, now)
    order = in_its_country(sound(replace(stated, policy=policy.key)), policy)
    refuse_other_currency(policy, order)
    await ship_dates.add(tx, caller.merchant_id, order, now)


async def read(tx: Tx, caller: Caller, order_id: str) -> OrderView:
    stored = await _load(tx, caller, order_id)
    parcels = await shipments.of_order(tx, caller.merchant_id, order_id)
    return OrderView(
        order=stored.order,
        shipments=tuple(parcels),
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        version=stored.version,
        metadata=stored.metadata,
    )


async def page(
    tx: Tx, caller: Caller, *, limit: int, after: tuple[datetime, str] | None, **equal: str
) -> list[StoredOrder]:  # fmt: skip
    """The newest order comes first."""
    return await orders.page(tx, caller.merchant_id, limit=limit, after=after, **equal)


async def confirm(tx: Tx, caller: Caller, order_id: str, confirmed_at: datetime, now: datetime) -> OrderView:
    """Record that the seller has confirmed the order. The first confirmation counts."""
    refuse_future(now, confirmed_at=confirmed_at)
    order = (await locked(tx, caller, order_id)).order
    if order.confirmed_at is None:
        await orders.save(tx, caller.merchant_id, order, replace(order, confirmed_at=confirmed_at), now)
    return await read(tx, caller, order_id)


async def ship(tx: Tx, caller: Caller, order_id: str, parcel: Shipment, now: datetime) -> OrderView:
    """Record a shipped parcel. Without lines the parcel has all unshipped units. A repeated report changes nothing.

    Open cancellations of its units continue by their policy. Raises ConflictError for units that were not ordered or
    were cancelled: the seller must call these units back.
    """
    refuse_future(now, shipped_at=parcel.shipped_at)
    stored = await locked(tx, caller, order_id)
    order = stored.order
    reported = await shipments.load(tx, caller.merchant_id, order_id, parcel.carrier, parcel.tracking_number)
    if reported is not None and reported.shipped_at is not None:
        if parcel.lines and sorted(parcel.lines) != sorted(reported.lines):
            raise ConflictError("shipment_differs", field="lines")
        return await read(tx, caller, order_id)
    delivered_at = reported.delivered_at if reported else None
    parcel = replace(parcel, lines=parcel.lines or _all_unshipped(order), delivered_at=delivered_at)
    shipped = _shipped(order, parcel)
    if parcel.delivered_at is not None:
        _refuse_arrival_before_departure(parcel.shipped_at, parcel.delivered_at, "shipped_at")
        shipped = _delivered(shipped, parcel, parcel.delivered_at)
    await ship_dates.save(tx, caller.merchant_id, stored, shipped, now)
    write = shipments.add if reported is None else shipments.save
    await write(tx, caller.merchant_id, order_id, parcel)
    await _publish_parcel(tx, caller, shipped, parcel, now)
    if not any(line.unshipped > 0 for line in shipped.lines):
        await address_changes.forget_addresses(tx, caller.merchant_id, order_id)
    await carry_on_cancellations(tx, caller.merchant_id, order_id, now)
    return await read(tx, caller, order_id)


async def deliver(tx: Tx, caller: Caller, order_id: str, parcel: Shipment, now: datetime) -> OrderView:
    """Record a delivered parcel. The first report counts.

    A parcel without a shipment report is stored, and counts as delivered when its shipment is reported.
    """
    refuse_future(now, delivered_at=parcel.delivered_at)
    order = (await locked(tx, caller, order_id)).order
    reported = await shipments.load(tx, caller.merchant_id, order_id, parcel.carrier, parcel.tracking_number)
    if reported is None:
        await shipments.add(tx, caller.merchant_id, order_id, parcel)
    elif reported.delivered_at is None and parcel.delivered_at is not None:
        _refuse_arrival_before_departure(reported.shipped_at, parcel.delivered_at, "delivered_at")
        arrived = replace(reported, delivered_at=parcel.delivered_at)
        await shipments.save(tx, caller.merchant_id, order_id, arrived)
        delivered = _delivered(order, reported, parcel.delivered_at)
        await orders.save(tx, caller.merchant_id, order, delivered, now)
        await _publish_delivery(tx, caller, delivered, arrived, now)
        await carry_on_exchanges(tx, caller.merchant_id, delivered, now)
    return await read(tx, caller, order_id)


async def pay(
    tx: Tx, caller: Caller, order_id: str, payment: Payment, captured_at: datetime, now: datetime
) -> OrderView:  # fmt: skip
    """Record captured money. A repeated report changes nothing. Raises ConflictError for another amount or method."""
    refuse_future(now, captured_at=captured_at)
    stored = await locked(tx, caller, order_id)
    order = stored.order
    recorded = next((p for p in order.payments if p.payment_id == payment.payment_id), None)
    if recorded is None:
        paid = replace(order, payments=(*order.payments, payment), paid_at=order.paid_at or captured_at)
        paid = await pin_version_at_payment(tx, caller, order, paid, now)
        await ship_dates.save(tx, caller.merchant_id, stored, paid, now)
    elif (recorded.captured, recorded.method) != (payment.captured, payment.method):
        raise ConflictError("payment_differs", payment_id=payment.payment_id, field="amount")
    return await read(tx, caller, order_id)


async def _save_restated(tx: Tx, caller: Caller, stored: StoredOrder, after: Order, now: datetime) -> None:
    removed = sorted({line.line_id for line in stored.order.lines} - {line.line_id for line in after.lines})
    try:
        await ship_dates.save(tx, caller.merchant_id, stored, after, now)
    except IntegrityError:
        if not removed:
            raise
        raise ConflictError("line_has_claims", why="line_removed", line_ids=tuple(removed), field="lines") from None


async def locked(tx: Tx, caller: Caller, order_id: str) -> StoredOrder:
    """Load the order and lock it until the transaction ends. Raises NotFoundError."""
    if not await orders.lock(tx, caller.merchant_id, order_id):
        raise NotFoundError("order", order_id)
    return await _load(tx, caller, order_id)


async def _load(tx: Tx, caller: Caller, order_id: str) -> StoredOrder:
    stored = await orders.load(tx, caller.merchant_id, order_id)
    if stored is None:
        raise NotFoundError("order", order_id)
    return stored


def refuse_future(now: datetime, **instants: datetime | None) -> None:
    """Raises InvalidError for an instant in the future. Clocks may differ by a few minutes."""
    for name, instant in instants.items():
        if instant is not None and instant > now + _SKEW:
            raise InvalidError("in_future", name=name, field=name)


def _refuse_arrival_before_departure(shipped_at: datetime | None, delivered_at: datetime, field: str) -> None:
    if shipped_at is not None and delivered_at < shipped_at:
        raise InvalidError("delivered_before_shipped", field=field)


async def _publish_parcel(tx: Tx, caller: Caller, order: Order, parcel: Shipment, now: datetime) -> None:
    """Publish the shipment. Publish the delivery too, if it was reported before."""
    await publish(
        tx, caller.merchant_id, order, "order.shipped", now, **_parcel_data(parcel), shipped_at=parcel.shipped_at
    )
    if parcel.delivered_at is not None:
        await _publish_delivery(tx, caller, order, parcel, now)


async def _publish_delivery(tx: Tx, caller: Caller, order: Order, parcel: Shipment, now: datetime) -> None:
    data = {**_parcel_data(parcel), "delivered_at": parcel.delivered_at}
    await publish(tx, caller.merchant_id, order, "order.delivered", now, **data)


def _parcel_data(parcel: Shipment) -> dict[str, Any]:
    lines = rows_that_fit({"line_id": line_id, "quantity": quantity} for line_id, quantity in parcel.lines)
    identity = {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number}
    return {**identity, "lines": lines, "lines_left_out": len(parcel.lines) - len(lines)}


def _all_unshipped(order: Order) -> tuple[tuple[str, int], ...]:
    unshipped = tuple((line.line_id, line.unshipped) for line in order.lines if line.unshipped > 0)
    if not unshipped:
        raise ConflictError("nothing_to_ship")
    return unshipped


def _shipped(order: Order, parcel: Shipment) -> Order:
    def ship_units(line: OrderLine, quantity: int) -> OrderLine:
        if quantity > line.unshipped:
            raise ConflictError(
                "units_not_shippable",
                line_id=line.line_id,
                quantity=quantity,
                unshipped=line.unshipped,
                ordered=line.quantity,
                cancelled=line.units.cancelled,
                shipped=line.shipped,
                field="lines",
            )
        return replace(line, shipped=line.shipped + quantity, shipped_at=_later(line.shipped_at, parcel.shipped_at))

    return _with_units(order, parcel, ship_units)


def _delivered(order: Order, parcel: Shipment, at: datetime) -> Order:
    def deliver_units(line: OrderLine, quantity: int) -> OrderLine:
        delivered = min(
            line.shipped, line.delivered + quantity
        )  # the delivery of a replacement may already be confirmed
        return replace(line, delivered=delivered, delivered_at=_later(line.delivered_at, at))

    return _with_units(order, parcel, deliver_units)


def _with_units(order: Order, parcel: Shipment, change: Callable[[OrderLine, int], OrderLine]) -> Order:
    quantities = dict(parcel.lines)
    unknown = quantities.keys() - {line.line_id for line in order.lines}
    if unknown:
        raise InvalidError("unknown_line", line_ids=tuple(sorted(unknown)), field="lines")
    lines = tuple(
        change(line, quantities[line.line_id]) if line.line_id in quantities else line for line in order.lines
    )
    return replace(order, lines=lines)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    instants = [instant for instant in (one, other) if instant is not None]
    return max(instants) if instants else None


def _first_capture(order: Order, now: datetime) -> datetime | None:
    return now if order.payments else None
