"""The only reader of the system clock.

All other code receives an instant or a `Clock` as an argument, so that a test sets the time.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present instant, aware and in UTC."""


def now() -> datetime:
    """The present instant in UTC, with microseconds: both databases store them."""
    return datetime.now(UTC)


Elapsed = Callable[[], float]
"""Returns seconds that only rise, whatever is done to the system clock. Durations inside a process are measured so."""

elapsed: Elapsed = time.monotonic
