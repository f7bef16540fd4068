"""A breaker of refunds of the examples: closed, open, and after somebody has reset it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.records.refund_breaker import BreakerLimits, BreakerMeasure, BreakerOpening, BreakerWindow, RefundBreaker
from app.service.resources.refund_breaker import refund_breaker_body
from tests.examples import staff
from tests.examples.resources import NOW, claim_view

_HOUR = NOW.replace(minute=0, second=0, microsecond=0)
_BREAKER = RefundBreaker(
    merchant_id=staff.PERSON.merchant_id,
    currency="KRW",
    limits=BreakerLimits(decisions_per_hour=100, amount_per_day=10_000_000),
    created_at=NOW,
    updated_at=NOW,
)
OPENING = BreakerOpening(
    merchant_id=staff.PERSON.merchant_id,
    opening_id="0198c3c4-1b22-7c11-8d01-223344556677",
    currency="KRW",
    per=BreakerWindow.HOUR,
    measure=BreakerMeasure.DECISIONS,
    allowed=100,
    opened_at=NOW,
    until_at=_HOUR + timedelta(hours=1),
)
_OPEN = refund_breaker_body(_BREAKER, OPENING, (1, [claim_view.claim.claim_id]))

ANSWERS: Mapping[str, Any] = {
    "refund_breaker": refund_breaker_body(_BREAKER, None, (0, [])),
    "refund_breakers": {"data": [_OPEN]},
    "reset_refund_breaker": refund_breaker_body(replace(_BREAKER, reset_at=NOW), None, (0, [])),
}
