"""A claim with its order, and the filter of a list of claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, State


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim with its order. `events` counts the events of its history, and `head` is the hash of the last one.
    `refunds_in_progress` are the outstanding refunds that are with the provider, and `refunds_waiting` those for which
    the buyer was asked for an account and has named none. `answered_at` is when the buyer answered the last question of
    the shop, None if the shop has asked since."""

    claim: Claim
    order: Order
    created_at: datetime
    updated_at: datetime
    events: int
    head: str
    refunds_outstanding: int
    refunds_in_progress: int = 0
    refunds_waiting: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict)
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDues:
    """What lists and workers read of a claim without its document. `due_at` is when somebody becomes late with the
    claim. `wakes_at` is when the worker must look at the claim. `value` is what the claimed units of an open claim are
    worth, in minor units."""

    due_at: datetime | None
    wakes_at: datetime | None
    value: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilter:
    """Conditions for a list of claims. None is no condition. `overdue` is tested at `now`. `q` is what somebody
    looks for."""

    state: State | None = None
    kind: Kind | None = None
    reason: str | None = None
    turn: str | None = None
    order_id: str | None = None
    buyer_id: str | None = None
    sku: str | None = None
    held: bool | None = None
    overdue: bool | None = None
    now: datetime | None = None
    requested_from: datetime | None = None
    requested_before: datetime | None = None
    updated_since: datetime | None = None
    metadata_key: str | None = None
    metadata_value: str | None = None
    q: str | None = None
