"""The data of the event that tells of an erasure. Nothing of the buyer is in it."""

from datetime import datetime

from pydantic import Field

from app.records.privacy import DataGroup
from app.service.events.schemas import OrderEventData


class BuyerErasedEventData(OrderEventData):
    """Data of the buyer was erased, on request or at the end of its time."""

    erased: list[DataGroup] = Field(description="The groups of data that are erased now.")
    erases_next_at: datetime | None = Field(description="When the next group can be erased. Null after the last.")
