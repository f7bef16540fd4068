"""Ids that sort by the time they were made: UUIDv7 (RFC 9562, section 5.7)."""

import os
from datetime import datetime

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_A = (1 << 12) - 1
_RANDOM_B = (1 << 62) - 1


def new_id(now: datetime) -> str:
    """48 bits of milliseconds, then 74 random bits."""
    random = int.from_bytes(os.urandom(10))
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | _VERSION | (random >> 62 & _RANDOM_A) << 64 | _VARIANT | random & _RANDOM_B
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
