"""The shop profile of a merchant: the name and address that messages show."""

from dataclasses import replace
from datetime import datetime

from app.engine.model.order import Order
from app.records.shop import Shop
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.store import orders, shops
from app.store.database import Database, Tx


async def read(tx: Tx, caller: Caller) -> Shop:
    return await shops.load(tx, caller.merchant_id)


async def put(tx: Tx, caller: Caller, shop: Shop, now: datetime) -> Shop:
    """Replace the profile. The same address keeps its bounce."""
    before = await shops.load(tx, caller.merchant_id)
    same_address = shop.contact_email == before.contact_email
    after = replace(shop, bounce=before.bounce, bounced_at=before.bounced_at) if same_address else shop
    await shops.put(tx, caller.merchant_id, after, now)
    return after


async def shop_of_order(tx: Tx, caller: Caller, order_id: str) -> tuple[Shop, Order]:
    """The shop as the buyer of an order reads it, with the order. Raises NotFoundError."""
    stored = await orders.load(tx, caller.merchant_id, order_id)
    if stored is None or not caller.reaches(order_id):
        raise NotFoundError("order", order_id)
    return await shops.load(tx, caller.merchant_id), stored.order


async def lists_origin(database: Database, merchant_id: str, origin: str) -> bool:
    """Whether the pages of an origin may call the buyer's API of a merchant. False for an unknown merchant."""
    async with database.read() as tx:
        try:
            shop = await shops.load(tx, merchant_id)
        except LookupError:
            return False
    return origin in shop.profile.origins
