"""The buyer of an order: the recipient of its messages."""

from dataclasses import replace
from datetime import datetime

from app.records.buyer import Buyer
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.store import buyer_erasures, buyers, orders
from app.store.database import Tx


async def read(tx: Tx, caller: Caller, order_id: str) -> Buyer:
    """The buyer, empty if the order has none. Raises NotFoundError for an unknown order."""
    buyer = await buyers.load(tx, caller.merchant_id, order_id)
    if buyer is None and await orders.load(tx, caller.merchant_id, order_id) is None:
        raise NotFoundError("order", order_id)
    return buyer or Buyer()


async def put(tx: Tx, caller: Caller, order_id: str, buyer: Buyer, now: datetime) -> None:
    """Replace the buyer. The same address keeps its bounce. The caller holds the order's lock. If the buyer has asked
    for erasure, the worker looks again at what no law wants kept."""
    stored = await buyers.load(tx, caller.merchant_id, order_id)
    before = stored or Buyer()
    same_address = buyer.email == before.email
    after = replace(buyer, bounce=before.bounce, bounced_at=before.bounced_at) if same_address else buyer
    if after != before:
        await buyers.replace(tx, caller.merchant_id, order_id, stored, after, now)
        await buyer_erasures.wake(tx, caller.merchant_id, order_id, now)
