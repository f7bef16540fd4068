"""The facts of a decision, besides the claim and the command."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.index import PolicyIndex
from app.engine.policy.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`rules` are the policy of the order, indexed for its calendar. `now` is the instant of the decision.
    `refunds_outstanding` counts the claim's refunds that have not succeeded."""

    order: Order
    rules: PolicyIndex
    now: datetime
    refunds_outstanding: int = 0

    @property
    def policy(self) -> Policy:
        return self.rules.policy

    @property
    def calendar(self) -> BusinessCalendar:
        return self.rules.calendar
