"""Deliveries: one event on its way to one endpoint, and every attempt."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryStatus(StrEnum):
    """`exhausted` is kept, and sent again when somebody asks for it; what is to be sent to an endpoint that is
    deleted is `cancelled`."""

    PENDING = "pending"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    merchant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    position: int
    type: str
    status: DeliveryStatus
    attempts: int
    next_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`status` is the HTTP status, None where there was no answer; `answer` the beginning of its body."""

    number: int
    at: datetime
    status: int | None
    latency_ms: int
    error: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """What makes a delivery."""

    merchant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    position: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedDelivery:
    """One to be sent; `body` to the byte."""

    merchant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    position: int
    attempts: int
    tries: int
    lease: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptedDelivery:
    """How an attempt at a leased delivery went, and what follows. `next_at` only while it is pending."""

    leased: LeasedDelivery
    attempt: Attempt
    status: DeliveryStatus
    next_at: datetime | None
