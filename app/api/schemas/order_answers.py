"""Orders as they are answered."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.engine.vocabulary import DelayReason, Nature, Record


class UnitsOut(BaseModel):
    """Where a line's units are; with `untouched` they sum to its quantity."""

    untouched: int
    open_cancel: int
    open_other: int
    cancelled: int
    returned: int
    exchanged: int
    refunded: int


class OrderLineOut(BaseModel):
    line_id: str
    sku: str | None
    title: str | None
    quantity: int
    unit_price: int
    discount: int
    discountable: bool
    tax: int
    tax_rate: int | None
    parts: int
    nature: Nature
    records: list[Record]
    replaces: str | None = Field(description="The line that this one was sent in exchange for.")
    shipped: int
    delivered: int
    shipped_at: datetime | None
    delivered_at: datetime | None
    credited: int = Field(description="Paid back on units that stayed with the buyer.")
    recharged: int = Field(description="Taken back of the order's discount on units that stayed with the buyer.")
    deliver_on: date | None = Field(description="The local day that the buyer has chosen.")
    units: UnitsOut


class PaymentOut(BaseModel):
    """`refunded` is what refunds have claimed of it, paid out or not; `settles` the claim whose debt the buyer has
    paid with it."""

    payment_id: str
    method: str
    captured: int
    refunded: int
    settles: str | None


class ParcelLineOut(BaseModel):
    line_id: str
    quantity: int


class ShipmentOut(BaseModel):
    carrier: str
    tracking_number: str
    lines: list[ParcelLineOut]
    shipped_at: datetime | None
    delivered_at: datetime | None


class OrderOut(BaseModel):
    order_id: str
    policy: str = Field(description="The policy version that judges the order's claims.")
    currency: str
    currency_exponent: int = Field(description="Digits behind the decimal point (ISO 4217): 0 for KRW and JPY.")
    country: str
    time_zone: str | None
    buyer_id: str | None
    paid_at: datetime | None
    confirmed_at: datetime | None
    expected_ship_on: date | None
    prices_include_tax: bool
    discount: int
    discount_minimum: int | None
    shipping_charged: int
    shipping_tax: int
    shipping_refunded: int
    outbound_charged: int
    records: list[Record]
    lines: list[OrderLineOut]
    payments: list[PaymentOut]
    shipments: list[ShipmentOut]
    ready_to_ship_at: datetime | None
    delay_reason: DelayReason | None = Field(description="Why it was last said to leave later.")
    version_named: bool = Field(description="Whether you named the policy's version yourself: then it stays.")
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="Grows with every event of the order.")


class OrderSummary(BaseModel):
    """An order in a list: without its shipments."""

    order_id: str
    policy: str
    currency: str
    buyer_id: str | None
    paid_at: datetime | None
    confirmed_at: datetime | None
    lines: list[OrderLineOut]
    payments: list[PaymentOut]
    created_at: datetime
    updated_at: datetime


class OrderPage(BaseModel):
    data: list[OrderSummary]
    next_cursor: str | None
