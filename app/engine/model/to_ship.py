"""What an order still has to ship, and by which day the buyer wants the goods."""

from datetime import date

from app.engine.model.order import Order


def is_to_ship(order: Order) -> bool:
    """The order is paid and has units that were neither shipped nor cancelled."""
    return order.paid_at is not None and any(line.unshipped > 0 for line in order.lines)


def wanted_day(order: Order) -> date | None:
    """The first local day by which the buyer wants goods that have not arrived: the day of the order, or the chosen day
    of a line."""
    awaited = [line for line in order.lines if line.delivered < line.to_deliver]
    days = (order.wanted_on, *(line.deliver_on for line in awaited))
    return min((day for day in days if day is not None), default=None) if awaited else None
