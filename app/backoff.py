"""When a failed attempt is repeated: a schedule of delays, and the end of the schedule."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """`delays` are the seconds before the second attempt, the third attempt, and so on. `jitter` is the share of a
    delay by which the delay may be shorter or longer, so that attempts that failed together are not repeated together.
    `retry_after_max` is the maximum delay that a receiver may request, in seconds."""

    delays: tuple[int, ...]
    jitter: float = 0.0
    retry_after_max: float = 0.0

    @property
    def attempts_max(self) -> int:
        return len(self.delays) + 1

    def next_attempt(
        self, attempts: int, *, now: datetime, retry_after: float | None = None, spread: float = 0.5
    ) -> datetime | None:
        """When to try again after `attempts` failed attempts (1 or more), the last one at `now`. None: never.

        `retry_after` is the delay that the receiver requested, in seconds. It can postpone the attempt and never
        makes the attempt earlier. `spread` is a random number, at least 0 and less than 1.
        """
        if attempts >= self.attempts_max:
            return None
        scheduled = self.delays[attempts - 1] * (1 - self.jitter + 2 * self.jitter * spread)
        requested = min(retry_after or 0.0, self.retry_after_max) * (1 + self.jitter * spread)
        return now + timedelta(seconds=max(scheduled, requested))
