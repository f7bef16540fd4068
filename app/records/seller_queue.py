"""The seller's queue: what waits for a person of the shop, and the filter of the list."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.engine.model.parties import Party
from app.engine.model.vocabulary import Kind, State


class QueueSubject(StrEnum):
    """What waits: an open claim, a request for another address or another option, or a withdrawal without an order."""

    CLAIM = "claim"
    ADDRESS_CHANGE = "address_change"
    OPTION_CHANGE = "option_change"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """Where something stands in the queue: at its deadline, or where it has none, at the instant when it came. Of those
    that stand at one instant the claim with the largest value comes first: `lightness` is its value below zero."""

    subject: QueueSubject
    stands_at: datetime
    lightness: int
    subject_id: str
    order_id: str | None

    @property
    def position(self) -> tuple[datetime, int, str]:
        return self.stands_at, self.lightness, self.subject_id


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Conditions for the queue. None is no condition. `overdue` is tested at `now`. `q` is what somebody looks for.
    `answered`: the last word of the conversation is the buyer's answer. Without `snoozed` claims that sleep are left
    out, and with it only they are in."""

    now: datetime
    turn: Party = Party.SELLER
    subject: QueueSubject | None = None
    kind: Kind | None = None
    state: State | None = None
    due_before: datetime | None = None
    overdue: bool | None = None
    answered: bool | None = None
    assignee: str | None = None
    tag: str | None = None
    snoozed: bool = False
    q: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRefunds:
    """Refunds in one currency that nobody has paid: how many, and their sum in minor units."""

    currency: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSummary:
    """How much waits for the seller. A count stops at a bound."""

    waiting: int
    to_answer: int
    overdue: int
    answered: int
    to_inspect: int
    address_changes: int
    option_changes: int
    withdrawals: int
    refunds_failed: int
    refunds_to_pay: tuple[OwedRefunds, ...] = ()
