"""Breakers of refunds as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.refund_breaker import BreakerMeasure, BreakerOpening, BreakerWindow, RefundBreaker


class BreakerOpeningBody(BaseModel):
    """A time in which nothing is paid back."""

    opening_id: str = Field(description="The id of the opening.")
    currency: str = Field(description="The currency in which nothing is paid back.")
    per: BreakerWindow = Field(
        description="The limit that was reached. `hour`: since the last full hour. `day`: in the last 24 of such hours."
    )
    measure: BreakerMeasure = Field(description="Whether it limits the number of decisions or their sum.")
    allowed: int = Field(description="The limit. A sum is in minor units.")
    opened_at: datetime = Field(description="When a decision would have been above the limit.")
    until_at: datetime = Field(description="When the breaker closes by itself.")


class RefundBreakerBody(BaseModel):
    """How much a shop may decide to pay back in a currency before it stops."""

    currency: str = Field(description="The currency of the orders.")
    decisions_per_hour: int | None = Field(description="The most decisions that pay back, in an hour.")
    decisions_per_day: int | None = Field(description="The same in 24 hours.")
    amount_per_hour: int | None = Field(description="The most that is paid back in an hour, in minor units.")
    amount_per_day: int | None = Field(description="The same in 24 hours.")
    opening: BreakerOpeningBody | None = Field(description="Set while nothing is paid back.")
    waiting_claims: int = Field(description="How many claims wait that the system would decide.")
    waiting_claim_ids: list[str] = Field(description="Those that have waited the longest, at most 100.")
    reset_at: datetime | None = Field(description="When somebody has reset the breaker last.")
    created_at: datetime = Field(description="When the breaker was made.")
    updated_at: datetime = Field(description="When its limits changed last.")


def opening_values(opening: BreakerOpening) -> dict[str, Any]:
    return {name: getattr(opening, name) for name in BreakerOpeningBody.model_fields}


def refund_breaker_body(
    breaker: RefundBreaker, opening: BreakerOpening | None, waiting: tuple[int, Sequence[str]]
) -> dict[str, Any]:
    limits = breaker.limits
    return {
        "currency": breaker.currency,
        **{name: getattr(limits, name) for name in limits.__dataclass_fields__},
        "opening": opening and opening_values(opening),
        "waiting_claims": waiting[0],
        "waiting_claim_ids": waiting[1],
        **{name: getattr(breaker, name) for name in ("reset_at", "created_at", "updated_at")},
    }
