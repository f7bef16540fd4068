"""Deliveries: one event on its way to one endpoint, and every attempt."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryStatus(StrEnum):
    """`exhausted`: all attempts failed; the merchant may resend the delivery. `cancelled`: the endpoint was deleted."""

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
    """`status` is the HTTP status, None without an answer. `answer` is the beginning of the body of the answer."""

    number: int
    at: datetime
    status: int | None
    latency_ms: int
    error: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery to be added to the queue."""

    merchant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    position: int
    created_at: datetime
    traceparent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedDelivery:
    """A delivery that a worker has leased to send. `body` is sent byte for byte. `lease` is the id of the lease."""

    merchant_id: str
    delivery_id: str
    endpoint_id: str
    event_id: str
    position: int
    attempts: int
    tries: int
    lease: str
    body: str
    traceparent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptedDelivery:
    """The result of an attempt, and the next status of the delivery. `next_at` is set for a pending delivery only."""

    leased: LeasedDelivery
    attempt: Attempt
    status: DeliveryStatus
    next_at: datetime | None
