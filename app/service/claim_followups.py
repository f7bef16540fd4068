"""Claims that the system continues after a change of their order."""

from datetime import datetime

from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, State
from app.service.decisions import carry_on
from app.store import claims
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


async def _carry_on_each(tx: Tx, merchant_id: str, claim_ids: list[str], now: datetime) -> None:
    for claim_id in claim_ids:
        stored = await claims.load(tx, merchant_id, claim_id)
        if stored is not None:
            await carry_on(tx, merchant_id, stored, now)
