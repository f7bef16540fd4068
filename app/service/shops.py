"""The shop profile of a merchant: the name and address that messages show."""

from dataclasses import replace
from datetime import datetime

from app.records.shop import Shop
from app.service.callers import Caller
from app.store import shops
from app.store.database import Tx


async def read(tx: Tx, caller: Caller) -> Shop:
    return await shops.load(tx, caller.merchant_id)


async def put(tx: Tx, caller: Caller, shop: Shop, now: datetime) -> Shop:
    """Replace the profile. The same address keeps its bounce."""
    before = await shops.load(tx, caller.merchant_id)
    same_address = shop.contact_email == before.contact_email
    after = replace(shop, bounce=before.bounce, bounced_at=before.bounced_at) if same_address else shop
    await shops.put(tx, caller.merchant_id, after, now)
    return after
