"""When the next attempt is due: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h after the one before,
each up to a tenth sooner or later, so that what failed together does not come back together."""

from datetime import datetime, timedelta

DELAYS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before the second attempt, the third, and so on."""

MOST_ATTEMPTS = len(DELAYS) + 1
LONGEST_RETRY_AFTER = 86_400.0
"""Seconds that a consumer may ask us to wait; whoever asks for more is asked again after this."""

_JITTER = 0.1


def next_attempt(attempts: int, *, now: datetime, retry_after: float | None, spread: float) -> datetime | None:
    """When to try again after `attempts` of them, 1 or more, have failed, the last one at `now`; None for never.

    `retry_after` is what the consumer asked for, in seconds: it can put the attempt off, never bring it forward.
    `spread` is a random number from 0 up to and without 1.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    usual = DELAYS[attempts - 1] * (1 - _JITTER + 2 * _JITTER * spread)
    asked = min(retry_after or 0.0, LONGEST_RETRY_AFTER) * (1 + _JITTER * spread)
    return now + timedelta(seconds=max(usual, asked))
