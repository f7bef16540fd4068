"""A watch on the system clock. A clock that jumps ahead for some seconds must not end what people have days for."""

import logging
from datetime import datetime, timedelta

from app.clock import Clock, Elapsed
from app.telemetry import CLOCK_JUMP

logger = logging.getLogger(__name__)

JUMP_MAX = timedelta(minutes=10)
"""How far the clock may get ahead of the time that has passed, between two looks at it."""
BELIEVED_AFTER = 15 * 60.0
"""Seconds. A clock that stays ahead for so long is right: the machine was suspended, or its clock has been set."""


class ClockJumpedError(Exception):
    """The system clock has jumped ahead, and is not believed yet."""


class ClockWatch:
    """Compares the system clock with the time that has passed in the process. The first look is believed."""

    def __init__(self, clock: Clock, elapsed: Elapsed) -> None:
        self._clock = clock
        self._elapsed = elapsed
        self._believed = clock(), elapsed()
        self._ahead_since: float | None = None

    def present(self) -> datetime:
        """The present instant. Raises ClockJumpedError for BELIEVED_AFTER seconds after the clock has jumped ahead. A
        clock that is set back is believed at once: what is due comes later then, and nothing is lost."""
        now, passed = self._clock(), self._elapsed()
        ahead = now - self._believed[0] - timedelta(seconds=passed - self._believed[1])
        if ahead > JUMP_MAX:
            self._wait(ahead, passed)
        self._believed, self._ahead_since = (now, passed), None
        CLOCK_JUMP.set(0)
        return now

    def _wait(self, ahead: timedelta, passed: float) -> None:
        if self._ahead_since is None:
            self._ahead_since = passed
        if passed < self._ahead_since + BELIEVED_AFTER:
            CLOCK_JUMP.set(ahead.total_seconds())
            raise ClockJumpedError(f"the system clock has jumped ahead by {ahead}")
        logger.warning("the system clock has stayed ahead by %s and is believed now", ahead)
