"""What a merchant says of itself to those who are written to."""

from dataclasses import replace
from datetime import datetime

from app.records.shop import Shop
from app.service.callers import Caller
from app.store import shops
from app.store.database import Tx


async def read(tx: Tx, caller: Caller) -> Shop:
    return await shops.load(tx, caller.merchant_id)


async def put(tx: Tx, caller: Caller, said: Shop, now: datetime) -> Shop:
    """In place of what was said before. What is known of an address stays with it."""
    known = await shops.load(tx, caller.merchant_id)
    same = said.contact_email == known.contact_email
    after = replace(said, bounce=known.bounce, bounced_at=known.bounced_at) if same else said
    await shops.put(tx, caller.merchant_id, after, now)
    return after
