"""The most mails of one merchant in an hour, so that one merchant cannot spoil the name of everybody's sender address.

Each worker counts for itself, in memory. Each merchant has a bucket of permits, which refills evenly.
"""

from dataclasses import dataclass, field
from datetime import datetime

_BUCKETS_MAX = 10_000
_HOUR = 3_600


@dataclass(slots=True)
class MailRate:
    """`per_hour` is also the size of a bucket."""

    per_hour: int
    _buckets: dict[str, tuple[float, datetime]] = field(default_factory=dict)

    def take(self, merchant_id: str, now: datetime) -> bool:
        """Whether the merchant may send one more mail now."""
        permits = self._permits(merchant_id, now)
        if permits < 1:
            return False
        if len(self._buckets) >= _BUCKETS_MAX:
            self._forget_full_buckets(now)
        self._buckets[merchant_id] = (permits - 1, now)
        return True

    def _permits(self, merchant_id: str, now: datetime) -> float:
        if merchant_id not in self._buckets:
            return self.per_hour
        permits, at = self._buckets[merchant_id]
        refilled = max(0, (now - at).total_seconds()) * self.per_hour / _HOUR
        return min(self.per_hour, permits + refilled)

    def _forget_full_buckets(self, now: datetime) -> None:
        full = [merchant_id for merchant_id in self._buckets if self._permits(merchant_id, now) >= self.per_hour]
        for merchant_id in full:
            del self._buckets[merchant_id]
