"""A claim with its order, and the filter of a list of claims."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, State


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim with the order it is judged against. `events` and `head` are where its history has got to."""

    claim: Claim
    order: Order
    created_at: datetime
    updated_at: datetime
    events: int
    head: str
    refunds_outstanding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTimes:
    """`due_at` is when somebody becomes late with the claim. `wakes_at` is when the worker must look at the claim."""

    due_at: datetime | None
    wakes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilter:
    """What a list of claims may be narrowed by; None does not narrow. `overdue` is judged at `now`."""

    state: State | None = None
    kind: Kind | None = None
    reason: str | None = None
    order_id: str | None = None
    sku: str | None = None
    held: bool | None = None
    overdue: bool | None = None
    now: datetime | None = None
    requested_from: datetime | None = None
    requested_before: datetime | None = None
