"""Where the goods of an order are, in one word: as far as the storefront has reported."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.engine.model.order import Order, OrderLine
from app.engine.option_change import making_has_begun


class ShippingState(StrEnum):
    """`unpacked`: nothing was reported. `in_production`: custom-made goods of a confirmed order. `ready`: packed, and
    waits for its carrier. `partly_shipped`: some units have left."""

    UNPACKED = "unpacked"
    IN_PRODUCTION = "in_production"
    READY = "ready"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipping:
    """`since_at` is when the last goods were shipped or delivered, or when the parcel was ready. None otherwise."""

    state: ShippingState
    since_at: datetime | None = None


def shipping_of(order: Order, line_ids: Collection[str]) -> Shipping:
    """The state of these lines, or of all lines without ids."""
    lines = [line for line in order.lines if line.line_id in line_ids] or list(order.lines)
    goods = [line for line in lines if line.to_deliver] or lines
    if all(line.delivered >= line.to_deliver > 0 for line in goods):
        return Shipping(state=ShippingState.DELIVERED, since_at=_last(line.delivered_at for line in goods))
    if any(line.shipped for line in goods):
        is_whole = all(line.shipped >= line.to_deliver for line in goods)
        state = ShippingState.SHIPPED if is_whole else ShippingState.PARTLY_SHIPPED
        return Shipping(state=state, since_at=_last(line.shipped_at for line in goods))
    if order.ready_to_ship_at is not None:
        return Shipping(state=ShippingState.READY, since_at=order.ready_to_ship_at)
    return Shipping(state=_before_packing(order, goods))


def _before_packing(order: Order, goods: list[OrderLine]) -> ShippingState:
    in_production = any(making_has_begun(line, order) for line in goods)
    return ShippingState.IN_PRODUCTION if in_production else ShippingState.UNPACKED


def _last(instants: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)
