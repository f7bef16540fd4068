"""The only reader of the system clock.

Everything else is handed an instant, or a `Clock` to ask for one, so that a test can say what time it is.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers the present instant, aware and in UTC."""


def now() -> datetime:
    """The present instant in UTC; microseconds are kept, since both databases keep them."""
    return datetime.now(UTC)
