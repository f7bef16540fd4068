"""A refund, with the metadata that the merchant keeps with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.engine.model.refund import Refund


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRefund:
    refund: Refund
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedCounts:
    """How many refunds are left to pay: all of them, by the end of the day, late, failed, and with an outcome that
    nobody knows. A count stops at a bound."""

    all: int
    today: int
    late: int
    failed: int
    uncertain: int
