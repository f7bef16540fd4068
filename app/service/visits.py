"""What the pages of an order show beside its claims: the shop, the order, and the time zone of its local days."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.engine.model.order import Order
from app.records.shop import Shop
from app.service.callers import Caller
from app.service.decisions import facts_of
from app.service.shops import shop_of_order
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`zone` is where the local days of the order are. `law_of` is the country of the order's policy."""

    shop: Shop
    order: Order
    zone: ZoneInfo
    law_of: str


async def surroundings(tx: Tx, caller: Caller, order_id: str, now: datetime) -> Surroundings:
    """Raises NotFoundError for an order that the caller does not reach."""
    shop, order = await shop_of_order(tx, caller, order_id)
    facts = await facts_of(tx, caller.merchant_id, order, now)
    return Surroundings(shop=shop, order=order, zone=facts.calendar.zone, law_of=facts.policy.country)
