"""The board of orders: what has no ship day, is near or late, is silent in transit, is wanted by a day, or has an open
change or an open cancellation. A read writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.engine.model.order import Order
from app.engine.model.to_ship import wanted_day
from app.records.address_change import AddressChange
from app.records.option_change import OptionChange
from app.records.order_board import BoardCounts, BoardFilter, BoardPlace, BoardTab
from app.service.callers import Caller
from app.service.policies import in_force
from app.service.shipping_states import Shipping, shipping_of
from app.store import address_changes, buyers, option_changes, order_board, orders, policies
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardEntry:
    """An order of a tab. `cancelling` counts the units that an open cancellation asks for: they must not be sent."""

    place: BoardPlace
    order: Order
    buyer_name: str | None
    shipping: Shipping
    address_change: AddressChange | None
    option_changes: Sequence[OptionChange]

    @property
    def to_ship(self) -> int:
        return sum(max(0, line.unshipped) for line in self.order.lines)

    @property
    def cancelling(self) -> int:
        return sum(line.units.open_cancel for line in self.order.lines)

    @property
    def wanted_on(self) -> date | None:
        return wanted_day(self.order)


async def local_day(tx: Tx, caller: Caller, now: datetime) -> date:
    """Today in the time zone of the shop's default policy."""
    policy = await in_force(tx, caller, await policies.default(tx, caller.merchant_id), now, now)
    return now.astimezone(ZoneInfo(policy.time_zone)).date()


async def page(
    tx: Tx,
    caller: Caller,
    tab: BoardTab,
    now: datetime,
    *,
    limit: int,
    after: tuple[date | None, datetime, str] | None,
    q: str | None = None,
) -> list[BoardEntry]:
    """The orders of a tab after a position."""
    where = BoardFilter(tab=tab, today=await local_day(tx, caller, now), q=q)
    places = await order_board.places(tx, caller.merchant_id, where, limit=limit, after=after)
    return await _entries(tx, caller.merchant_id, places)


async def counts(tx: Tx, caller: Caller, now: datetime) -> tuple[date, BoardCounts]:
    """The local day of the shop, and how many orders each tab has on it."""
    today = await local_day(tx, caller, now)
    return today, await order_board.counts(tx, caller.merchant_id, today)


async def _entries(tx: Tx, merchant_id: str, places: Sequence[BoardPlace]) -> list[BoardEntry]:
    """A statement for each kind of thing on the page, however many orders there are."""
    if not places:
        return []
    order_ids = [place.order_id for place in places]
    stored = await orders.load_many(tx, merchant_id, order_ids)
    names = await buyers.names(tx, merchant_id, order_ids)
    addresses = await address_changes.open_of_many(tx, merchant_id, order_ids)
    options = await option_changes.open_of_many(tx, merchant_id, order_ids)
    return [
        BoardEntry(
            place=place,
            order=stored[place.order_id].order,
            buyer_name=names.get(place.order_id),
            shipping=shipping_of(stored[place.order_id].order, ()),
            address_change=addresses.get(place.order_id),
            option_changes=options.get(place.order_id, ()),
        )
        for place in places
    ]
