"""What an event's `data` holds where it is about an order, by what has happened to it."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import DelayReason
from app.service.events.schemas import EventData


class LineTold(BaseModel):
    line_id: str
    sku: str | None
    title: str | None
    quantity: int
    shipped: int
    delivered: int
    deliver_on: date | None = Field(description="The local day that the buyer has chosen.")
    cancelled: int


class OrderTold(BaseModel):
    """The order in brief; the rest is at `GET /v1/orders/{order_id}`."""

    policy: str
    currency: str
    buyer_id: str | None
    paid_at: datetime | None
    confirmed_at: datetime | None
    expected_ship_on: date | None
    ready_to_ship_at: datetime | None
    delay_reason: DelayReason | None
    lines: list[LineTold]
    lines_left_out: int = Field(description="Lines that there was no room for.")


class OrderData(EventData):
    """Something of an order. Drop it when you have seen a higher `version` of this order."""

    order_id: str
    version: int = Field(description="Grows with every event of the order.")
    updated_at: datetime
    order: OrderTold


class ShipDateSetData(OrderData):
    expected_ship_on: date


class ShipDateChangedData(OrderData):
    previous_on: date | None
    expected_ship_on: date | None


class DelayData(OrderData):
    reason: DelayReason
    message: str | None = Field(description="Words for the buyer.")
    previous_on: date | None
    expected_ship_on: date | None


class ReadyData(OrderData):
    ready_to_ship_at: datetime


class UnitsTold(BaseModel):
    line_id: str
    quantity: int


class ShippedData(OrderData):
    carrier: str
    tracking_number: str
    lines: list[UnitsTold]
    lines_left_out: int
    shipped_at: datetime


class DeliveredData(OrderData):
    carrier: str
    tracking_number: str
    lines: list[UnitsTold]
    lines_left_out: int
    delivered_at: datetime


class ShipAlertData(OrderData):
    expected_ship_on: date | None
    due_at: datetime = Field(description="From when on this was so.")


class ShipDateMissingData(ShipAlertData):
    paid_at: datetime | None
    citation: str = Field(description="What says by when there should be a day.")


class AddressChangeData(OrderData):
    """Without the address: read it with `GET .../address-changes`."""

    change_id: str


class AddressRefusedData(AddressChangeData):
    reason: str = Field(description="Words for the buyer.")


class ChosenTold(BaseModel):
    line_id: str
    previous_on: date | None
    deliver_on: date | None


class DeliveryDateData(OrderData):
    lines: list[ChosenTold]
    lines_left_out: int
