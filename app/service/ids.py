"""Ids that sort by their creation time: UUIDv7 (RFC 9562, section 5.7). Ids of one process in the same millisecond
sort in their order (section 6.2, method 2). Python 3.14 has `uuid.uuid7`, which replaces this module."""

import os
from datetime import datetime

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_A = (1 << 12) - 1
_RANDOM_B = (1 << 62) - 1


class _Last:
    """The last id of this process, so that the next id of the same millisecond comes after it."""

    milliseconds = -1
    random = 0


def new_id(now: datetime) -> str:
    """48 bits of milliseconds, then 74 random bits. In the same millisecond, a random step above the last id."""
    milliseconds = int(now.timestamp() * 1000)
    if milliseconds == _Last.milliseconds:
        random = _Last.random + 1 + int.from_bytes(os.urandom(4))
    else:
        random = int.from_bytes(os.urandom(10)) >> 7  # the highest bit is reserved for the steps
    _Last.milliseconds, _Last.random = milliseconds, random
    return _text(milliseconds, random)


def first_id(at: datetime) -> str:
    """The lowest id of this millisecond, to search ids by time."""
    return _text(int(at.timestamp() * 1000), 0)


def _text(milliseconds: int, random: int) -> str:
    value = milliseconds << 80 | _VERSION | (random >> 62 & _RANDOM_A) << 64 | _VARIANT | random & _RANDOM_B
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
