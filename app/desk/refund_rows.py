"""A refund as its payer reads it: the last day, the interest, and what was reported of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.desk.queue_rows import time_left
from app.engine.model.refund import ENDED, late_interest_at
from app.pages.texts import Writer
from app.records.refund import StoredRefund

_HURRY = 4 * 3600
"""Seconds. Less time than this is red."""


def row_of(
    stored: StoredRefund, names: Mapping[str, str], language: str, zone: ZoneInfo, now: datetime
) -> dict[str, Any]:  # fmt: skip
    """`names` are those of the buyers, by order."""
    refund = stored.refund
    seconds = int((refund.due_by - now).total_seconds()) if refund.due_by else None
    return {
        "refund": refund,
        "w": Writer(language=language, zone=zone, currency=refund.currency, now=now),
        "left": time_left(seconds, language),
        "hurries": seconds is not None and seconds < _HURRY,
        "bears_interest": refund.late_interest_rule is not None and refund.due_on is not None,
        "interest_from": refund.due_on + timedelta(days=1) if refund.due_on else None,
        "interest": late_interest_at(refund, now),
        "buyer": names.get(refund.order_id) or "",
        "is_open": refund.status not in ENDED,
    }
