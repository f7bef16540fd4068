"""What the pages of an order show beside its claims: the shop, the order, and the calendar of its local days."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.records.shop import Shop
from app.service.callers import Caller
from app.service.decisions import facts_of
from app.service.shops import shop_of_order
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`calendar` counts the local days of the order. `law_of` is the country of the order's policy."""

    shop: Shop
    order: Order
    calendar: BusinessCalendar
    law_of: str

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone


async def surroundings(tx: Tx, caller: Caller, order_id: str, now: datetime) -> Surroundings:
    """Raises NotFoundError for an order that the caller does not reach."""
    shop, order = await shop_of_order(tx, caller, order_id)
    facts = await facts_of(tx, caller.merchant_id, order, now)
    return Surroundings(shop=shop, order=order, calendar=facts.calendar, law_of=facts.policy.country)
