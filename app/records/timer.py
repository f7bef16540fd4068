"""Timers: a claim, a refund, an order, its parcels, a withdrawal or an erasure that the worker looks at, and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimerSubject(StrEnum):
    CLAIM = "claim"
    REFUND = "refund"
    ORDER = "order"
    SHIPMENT = "shipment"
    WITHDRAWAL = "withdrawal"
    ERASURE = "erasure"
    HELD_BACK = "held_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """The claim, refund, order or withdrawal to look at, and the order to lock for that. Parcels have the id of their
    order. A withdrawal has no order yet: an empty id. `held_back` is a claim that waits for a breaker of refunds."""

    subject: TimerSubject
    merchant_id: str
    subject_id: str
    order_id: str
    wakes_at: datetime
