"""The facts of a decision, besides the claim and the command."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.claim import Tracking
from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.index import PolicyIndex
from app.engine.policy.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFee:
    """The claim that carries the fee for the way back of a parcel."""

    claim_id: str
    parcel: Tracking


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`rules` are the policy of the order, indexed for its calendar. `now` is the instant of the decision.
    `refunds_outstanding` counts the claim's refunds that have not succeeded, and `refunds_in_progress` those of them
    that are with the provider. `refunds_waiting` are those for which the buyer was asked for an account and has named
    none. `parcel_fees` are those of the order's other claims."""

    order: Order
    rules: PolicyIndex
    now: datetime
    refunds_outstanding: int = 0
    refunds_in_progress: int = 0
    refunds_waiting: int = 0
    parcel_fees: tuple[ParcelFee, ...] = ()

    @property
    def policy(self) -> Policy:
        return self.rules.policy

    @property
    def calendar(self) -> BusinessCalendar:
        return self.rules.calendar
