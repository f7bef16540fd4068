"""The bodies of breakers of refunds."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from app.api.schemas.common import LARGEST_AMOUNT, Input
from app.records.refund_breaker import BreakerLimits
from app.service.resources.refund_breaker import RefundBreakerBody

BreakerCount = Annotated[
    StrictInt | None, Field(ge=0, le=10**9, description="Decisions that pay back. Null is no limit.")
]
BreakerAmount = Annotated[
    StrictInt | None, Field(ge=0, le=LARGEST_AMOUNT, description="In minor units. Null is no limit.")
]


class PutRefundBreakerRequest(Input):
    """Limits in place of the present ones. Without any limit the breaker is off."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decisions_per_hour": 100, "amount_per_day": 10_000_000}]}
    )

    decisions_per_hour: BreakerCount = None
    decisions_per_day: BreakerCount = None
    amount_per_hour: BreakerAmount = None
    amount_per_day: BreakerAmount = None

    def limits(self) -> BreakerLimits:
        return BreakerLimits(**self.model_dump())


class RefundBreakerList(BaseModel):
    """The breakers of a shop."""

    data: list[RefundBreakerBody] = Field(description="By currency. Without a breaker there is no limit.")
