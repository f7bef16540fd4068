"""The query and the answer of figures."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.api.schemas.common import Input, Instant


class FigurePeriod(Input):
    """The period that a figure counts."""

    from_at: Instant | None = Field(
        default=None, description="The first instant. The default is 30 days before `to_at`."
    )
    to_at: Instant | None = Field(default=None, description="The end, which does not count. The default is now.")


class DelayFiguresBody(BaseModel):
    """The orders whose buyers were told of a delay (`order.delayed`) in the period, by what became of them until now.
    `kept`, `partly_cancelled` and `cancelled` sum to `orders`."""

    from_at: datetime = Field(description="The first instant of the period.")
    to_at: datetime = Field(description="The end of the period, which does not count.")
    orders: int = Field(description="Orders whose buyers were told of a delay. Each order counts once.")
    kept: int = Field(description="Orders without a cancelled unit.")
    partly_cancelled: int = Field(description="Orders of which some units were cancelled, and not all.")
    cancelled: int = Field(description="Orders of which all units were cancelled.")
