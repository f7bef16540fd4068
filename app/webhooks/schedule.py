"""The schedule of attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h after the one before."""

from app.backoff import Backoff

BACKOFF = Backoff(
    delays=(5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400), jitter=0.1, retry_after_max=86_400.0
)
"""If a consumer requests a longer wait, the service waits a day."""
