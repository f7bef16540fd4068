"""Whom to write to about an order."""

from dataclasses import replace
from datetime import datetime

from app.records.buyer import Buyer
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.store import buyers, orders
from app.store.database import Tx


async def read(tx: Tx, caller: Caller, order_id: str) -> Buyer:
    """Raises NotFoundError for an order that is not there; of one that names nobody, nothing is known."""
    found = await buyers.load(tx, caller.merchant_id, order_id)
    if found is None and await orders.load(tx, caller.merchant_id, order_id) is None:
        raise NotFoundError(f"There is no order {order_id}.")
    return found or Buyer()


async def put(tx: Tx, caller: Caller, order_id: str, said: Buyer, now: datetime) -> None:
    """In place of whoever was named before; what is known of an address stays with it. The order is locked."""
    known = await buyers.load(tx, caller.merchant_id, order_id) or Buyer()
    same = said.email == known.email
    after = replace(said, bounce=known.bounce, bounced_at=known.bounced_at) if same else said
    if after != known:
        await buyers.put(tx, caller.merchant_id, order_id, after, now)
