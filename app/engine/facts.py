"""All that a decision may look at besides the claim and the command."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.calendar import BusinessCalendar
from app.engine.order import Order
from app.engine.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`now` is the instant of the decision; `refunds_outstanding` counts the claim's refunds that have not
    succeeded."""

    order: Order
    policy: Policy
    calendar: BusinessCalendar
    now: datetime
    refunds_outstanding: int = 0
