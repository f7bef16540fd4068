"""Orders and claims as plain values. The text of a case can be pasted into a test."""

from dataclasses import dataclass
from datetime import datetime

NOTHING_TO_SEND_BACK = frozenset({"digital", "service", "dated_service", "urgent_repair"})
GOODS = frozenset(
    {
        *("standard", "custom_made", "perishable", "sealed_media", "hygiene", "publication", "inseparable"),
        *("subscription", "second_hand", "vehicle", "market_priced", "auction"),
    }
)
BUYERS_REASONS = frozenset(
    {"change_of_mind", "size_or_color", "ordered_by_mistake", "not_satisfied", "delayed_by_buyer"}
)
SELLERS_REASONS = frozenset(
    {
        *("not_as_described", "defective", "wrong_item", "missing_item"),
        *("delayed_delivery", "lost_in_delivery", "out_of_stock"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`replaces` is the line that this line was sent for. `cure_days` are the days of waiting for cures."""

    line_id: str
    nature: str = "standard"
    quantity: int = 1
    parts: int = 1
    records: frozenset[str] = frozenset()
    shipped: int = 0
    delivered: int = 0
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    first_delivered_at: datetime | None = None
    replaces: str | None = None
    repairs: int = 0
    repaired_at: datetime | None = None
    cure_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """An order under one law. `paid` is in minor units."""

    law: str
    country: str
    zone: str
    subdivision: str | None
    paid_at: datetime
    contracted_at: datetime | None
    lines: tuple[Line, ...]
    records: frozenset[str] = frozenset()
    informed_at: datetime | None = None
    unobstructed_at: datetime | None = None
    instalments: int = 1
    paid: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Units of a line that a claim is about, and how many of their parts the buyer has used."""

    line_id: str
    quantity: int = 1
    used_parts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A claim: what the buyer asked for, and what happened after that."""

    kind: str
    reason: str
    units: tuple[Units, ...]
    asked_at: datetime
    discovered_at: datetime | None = None
    knowable_at: datetime | None = None
    declared: frozenset[str] = frozenset()
    approved_at: datetime | None = None
    sent_at: datetime | None = None
    back_at: datetime | None = None
    days_late: int = 0


def fault_of(reason: str) -> str:
    """Who answers for the reason."""
    if reason in BUYERS_REASONS:
        return "buyer"
    return "seller" if reason in SELLERS_REASONS else "undecided"
