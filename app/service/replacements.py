"""Replacements whose arrival was reported before their sending: the reports end in the same state in either order."""

from dataclasses import replace
from datetime import datetime

from app.engine.model.commands import Reship
from app.engine.model.order import Order
from app.records.shipment import Shipment
from app.service.callers import Caller
from app.service.claim_followups import carry_on_exchanges
from app.service.shipments import delivered_with, publish_delivery, refuse_arrival_before_departure
from app.store import orders, shipments
from app.store.database import Tx


async def arrived_parcel(tx: Tx, merchant_id: str, order_id: str, sent: Reship) -> Shipment | None:
    """The parcel of the replacement, if its arrival was reported already."""
    carrier, number = sent.tracking.carrier, sent.tracking.number
    parcel = await shipments.load(tx, merchant_id, order_id, carrier, number)
    return None if parcel is None or parcel.delivered_at is None else parcel


def sent_before_arrival(sent: Reship, parcel: Shipment) -> Reship:
    """Without a stated instant, the parcel left at the latest when it arrived. Raises InvalidError for a later one."""
    if sent.reshipped_at is None:
        return replace(sent, reshipped_at=parcel.shipped_at or parcel.delivered_at)
    if parcel.delivered_at is not None:
        refuse_arrival_before_departure(sent.reshipped_at, parcel.delivered_at, "reshipped_at")
    return sent


async def deliver_replacement(
    tx: Tx, caller: Caller, before: Order, after: Order, parcel: Shipment, now: datetime
) -> None:  # fmt: skip
    """The lines that the order got with the replacement have arrived with the parcel. Its exchange goes on."""
    known = {line.line_id for line in before.lines}
    lines = tuple((line.line_id, line.quantity) for line in after.lines if line.line_id not in known)
    if not lines or parcel.delivered_at is None:
        return
    replacement = replace(parcel, lines=lines)
    delivered = delivered_with(after, replacement, parcel.delivered_at)
    await orders.save(tx, caller.merchant_id, after, delivered, now)
    await publish_delivery(tx, caller, delivered, replacement, now)
    await carry_on_exchanges(tx, caller.merchant_id, delivered, now)
