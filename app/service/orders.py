"""Orders of the storefront. A push or a report may be late, repeated or out of order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.engine.model.clocks import CLOCKS_DIFFER
from app.engine.model.order import Order, Payment
from app.records.buyer import Buyer
from app.records.option_change import OvertakenReason
from app.records.order import StoredOrder
from app.records.shipment import Shipment
from app.records.sorting import PageQuery, SortedPage
from app.service import buyers, order_consents, ship_dates
from app.service.callers import Caller
from app.service.claim_followups import owe_late_money
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.order_amendments import restated, sound
from app.service.order_consents import Consents, ShownConsent
from app.service.order_tags import refuse_other_tag
from app.service.overtaken_options import end_overtaken
from app.service.payments import refuse_less_than_promised
from app.service.policies import in_force, in_its_country, policy_of
from app.service.policy_pinning import names_pinned_policy, pin_version_at_payment, refuse_other_currency
from app.store import metadata as kept_metadata
from app.store import orders, policies, shipments
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    order: Order
    shipments: tuple[Shipment, ...]
    created_at: datetime
    updated_at: datetime
    version: int
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPush:
    """What the merchant states: the order, and beside it the buyer, the metadata and the consents, if they are
    given."""

    order: Order
    buyer: Buyer | None = None
    metadata: Mapping[str, str] | None = None
    consents: Sequence[ShownConsent] = ()


async def put(
    tx: Tx,
    caller: Caller,
    push: OrderPush,
    now: datetime,
    *,
    if_match: str | None = None,
) -> tuple[OrderView, bool]:
    """Store an order that the merchant pushes. True for a new order.

    Shipments, claims and refunds stay. Raises StaleVersionError for another tag than `if_match`, and ConflictError if
    the push removes data that a claim, a shipment or a refund depends on.
    """
    stated = push.order
    refuse_future(now, paid_at=stated.paid_at, confirmed_at=stated.confirmed_at)
    for shown in push.consents:
        refuse_future(now, consents=shown.consent.agreed_at)
    is_there = await orders.lock(tx, caller.merchant_id, stated.order_id)
    stored = await orders.load(tx, caller.merchant_id, stated.order_id) if is_there else None
    refuse_other_tag(stored, stated.order_id, if_match)
    stated = replace(stated, paid_at=stated.paid_at or _first_capture(stated, now), version_named="@" in stated.policy)
    before = stored.order if stored else None
    agreed = await order_consents.of_push(tx, caller, before, stated, push.consents, now)
    stated = agreed.on_record(stated)
    if stored is None:
        return await _add(tx, caller, replace(push, order=stated), agreed, now), True
    await _restate(tx, caller, stored, stated, now)
    await order_consents.add(tx, caller, agreed)
    if push.buyer is not None:
        await buyers.put(tx, caller, stated.order_id, push.buyer, now)
    if push.metadata is not None and push.metadata != stored.metadata:
        await kept_metadata.replace_of_order(tx, caller.merchant_id, stated.order_id, push.metadata)
    return await read(tx, caller, stated.order_id), False


async def _restate(tx: Tx, caller: Caller, stored: StoredOrder, stated: Order, now: datetime) -> None:
    policy = await policy_of(tx, caller.merchant_id, stored.order.policy)
    if await names_pinned_policy(tx, caller, stored, stated.policy):
        stated = replace(stated, policy=stored.order.policy)
    after = restated(stored.order, in_its_country(stated, policy))
    refuse_other_currency(policy, after)
    after = ship_dates.with_dates(stored.order, after, stated)
    after = await pin_version_at_payment(tx, caller, stored.order, after, now)
    await refuse_less_than_promised(tx, caller, stored.order, after)
    await _save_restated(tx, caller, stored, after, now)
    await end_overtaken(tx, caller.merchant_id, stored.order, after, OvertakenReason.PUSH, now)
    await owe_late_money(tx, caller.merchant_id, after, now)
    await ship_dates.publish_dates(tx, caller.merchant_id, stored.order, after, now)


async def _add(tx: Tx, caller: Caller, push: OrderPush, agreed: Consents, now: datetime) -> OrderView:
    stated, metadata = push.order, push.metadata or {}
    policy_name = stated.policy or await policies.default(tx, caller.merchant_id)
    policy = await in_force(tx, caller, policy_name, stated.paid_at or now, now)
    order = in_its_country(sound(replace(stated, policy=policy.key, delay_reason=None)), policy)
    refuse_other_currency(policy, order)
    ship_dates.refuse_arrival_before_shipping(order)
    await ship_dates.add(tx, caller.merchant_id, order, push.buyer, now)
    await order_consents.add(tx, caller, agreed)
    if metadata:
        await kept_metadata.replace_of_order(tx, caller.merchant_id, order.order_id, metadata)
    if order.expected_ship_on or order.expected_arrival_on:  # their events count as versions of the order
        return _view(await _load(tx, caller, order.order_id), ())
    return _view(StoredOrder(order=order, created_at=now, updated_at=now, metadata=metadata), ())


async def read(tx: Tx, caller: Caller, order_id: str) -> OrderView:
    stored = await _load(tx, caller, order_id)
    return _view(stored, await shipments.of_order(tx, caller.merchant_id, order_id))


def _view(stored: StoredOrder, parcels: Sequence[Shipment]) -> OrderView:
    return OrderView(
        order=stored.order,
        shipments=tuple(parcels),
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        version=stored.version,
        metadata=stored.metadata,
    )


async def page(tx: Tx, caller: Caller, query: PageQuery, **where: Any) -> SortedPage[StoredOrder]:
    return await orders.page(tx, caller.merchant_id, query, **where)


async def confirm(tx: Tx, caller: Caller, order_id: str, confirmed_at: datetime, now: datetime) -> OrderView:
    """Record that the seller has confirmed the order. The first confirmation counts."""
    refuse_future(now, confirmed_at=confirmed_at)
    order = (await locked(tx, caller, order_id)).order
    if order.confirmed_at is None:
        await orders.save(tx, caller.merchant_id, order, replace(order, confirmed_at=confirmed_at), now)
    return await read(tx, caller, order_id)


async def pay(
    tx: Tx, caller: Caller, order_id: str, payment: Payment, captured_at: datetime, now: datetime
) -> OrderView:  # fmt: skip
    """Record captured money. Claims that wait for it owe it now. A repeated report changes nothing.

    Raises ConflictError for another amount or method.
    """
    refuse_future(now, captured_at=captured_at)
    stored = await locked(tx, caller, order_id)
    order = stored.order
    recorded = next((p for p in order.payments if p.payment_id == payment.payment_id), None)
    if recorded is None:
        paid = replace(order, payments=(*order.payments, payment), paid_at=order.paid_at or captured_at)
        paid = await pin_version_at_payment(tx, caller, order, paid, now)
        await ship_dates.save(tx, caller.merchant_id, stored, paid, now)
        await owe_late_money(tx, caller.merchant_id, paid, now)
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
    if stored is None or not caller.reaches(order_id):
        raise NotFoundError("order", order_id)
    return stored


def refuse_future(now: datetime, **instants: datetime | None) -> None:
    """Raises InvalidError for an instant in the future. Clocks may differ by a few minutes."""
    for name, instant in instants.items():
        if instant is not None and instant > now + CLOCKS_DIFFER:
            raise InvalidError("in_future", name=name, field=name)


def _first_capture(order: Order, now: datetime) -> datetime | None:
    return now if order.payments else None
