"""The clock of a test merchant, which is ahead of the system clock and runs with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantClock:
    """While a worker moves the clock, the merchant's time stands at `position_at` and goes to `target_at`. Otherwise
    both are None."""

    merchant_id: str
    ahead: timedelta = timedelta()
    position_at: datetime | None = None
    target_at: datetime | None = None

    @property
    def is_advancing(self) -> bool:
        return self.target_at is not None

    def at(self, now: datetime) -> datetime:
        """The merchant's time when the system clock shows `now`."""
        return self.position_at or now + self.ahead
