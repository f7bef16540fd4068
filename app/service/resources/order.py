"""The public shape of an order: the same in answers and in events. Only the answer for one order has `shipments`."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.money import exponent
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import DelayReason, Nature, Record


class LineUnits(BaseModel):
    """Where a line's units are; with `untouched` they sum to its quantity."""

    untouched: int = Field(description="In no claim.")
    open_cancel: int = Field(description="In open cancellations.")
    open_other: int = Field(description="In open claims of all other kinds.")
    cancelled: int = Field(description="Cancelled for good.")
    returned: int = Field(description="Given back for money.")
    exchanged: int = Field(description="Given back for other goods.")
    refunded: int = Field(description="Paid back and kept by the buyer.")


class OrderLineBody(BaseModel):
    """One product of an order. Amounts are for the whole line, except `unit_price`."""

    line_id: str = Field(description="Yours; of what was sent in exchange, ours.")
    sku: str | None = Field(description="What you call the thing.")
    title: str | None = Field(description="What the buyer calls it.")
    quantity: int = Field(description="Units ordered.")
    unit_price: int = Field(description="Of one unit, in minor units.")
    discount: int = Field(description="Of the whole line.")
    discountable: bool = Field(description="Whether it has a share of the order's discount.")
    tax: int = Field(description="Charged on the line after its discounts.")
    tax_rate: int | None = Field(description="In hundredths of a percent.")
    parts: int = Field(description="Equal parts that a unit is used up in.")
    nature: Nature = Field(description="What kind of thing it is to the law.")
    records: list[Record] = Field(description="What you can show: a notice given, a consent taken.")
    replaces: str | None = Field(description="The line that this one was sent in exchange for.")
    shipped: int = Field(description="Units that have left.")
    delivered: int = Field(description="Units that have arrived.")
    shipped_at: datetime | None = Field(description="When the last of them left.")
    delivered_at: datetime | None = Field(description="When the last of them arrived.")
    credited: int = Field(description="Paid back on units that stayed with the buyer.")
    recharged: int = Field(description="Taken back of the order's discount on units that stayed with the buyer.")
    deliver_on: date | None = Field(description="The local day that the buyer has chosen.")
    units: LineUnits = Field(description="Where its units are.")


class PaymentBody(BaseModel):
    """`refunded` is what refunds have claimed of it, paid out or not; `settles` the claim whose debt the buyer has
    paid with it."""

    payment_id: str = Field(description="Yours.")
    method: str = Field(description="By what the buyer paid.")
    captured: int = Field(description="In minor units.")
    refunded: int = Field(description="What refunds have claimed of it, paid out or not.")
    settles: str | None = Field(description="The claim whose debt the buyer has paid with it.")


class ParcelLine(BaseModel):
    """Units of one order line in a parcel."""

    line_id: str = Field(description="A line of the order.")
    quantity: int = Field(description="Units in the parcel.")


class ShipmentBody(BaseModel):
    """A parcel that the seller sent."""

    carrier: str = Field(description="Who carries it.")
    tracking_number: str = Field(description="Under which number.")
    lines: list[ParcelLine] = Field(description="What is in it.")
    shipped_at: datetime | None = Field(description="When it left, once that is known.")
    delivered_at: datetime | None = Field(description="When it arrived.")


class OrderBody(BaseModel):
    """An order. In an event: the order as it stood after the event."""

    order_id: str = Field(description="Yours.")
    policy: str = Field(description="The policy version that judges the order's claims.")
    currency: str = Field(description="ISO 4217.")
    currency_exponent: int = Field(description="Digits behind the decimal point (ISO 4217): 0 for KRW and JPY.")
    country: str = Field(description="Where the goods go.")
    time_zone: str | None = Field(description="The buyer's, for a country that has several.")
    buyer_id: str | None = Field(description="Your name for the buyer.")
    paid_at: datetime | None = Field(description="When the first money was captured.")
    confirmed_at: datetime | None = Field(description="When you confirmed it.")
    expected_ship_on: date | None = Field(description="The local day that it is to leave on.")
    prices_include_tax: bool = Field(description="Whether prices come with their tax.")
    discount: int = Field(description="Shared out over the discountable lines.")
    discount_minimum: int | None = Field(description="The value of goods that it was given for.")
    shipping_charged: int = Field(description="For the way out, when it was bought.")
    shipping_tax: int = Field(description="On that.")
    shipping_refunded: int = Field(description="Given back of it.")
    outbound_charged: int = Field(description="For the way out, charged by a claim after all.")
    records: list[Record] = Field(description="What you can show of the whole order.")
    lines: list[OrderLineBody] = Field(description="What was bought, and what was sent in exchange.")
    payments: list[PaymentBody] = Field(description="Money captured for it.")
    ready_to_ship_at: datetime | None = Field(description="When it began to wait for its carrier.")
    delay_reason: DelayReason | None = Field(description="Why it was last said to leave later.")
    version_named: bool = Field(description="Whether you named the policy's version yourself: then it stays.")
    metadata: dict[str, str] = Field(description="Your own words, kept and returned. Not part of any decision.")
    created_at: datetime = Field(description="When it was first pushed.")
    updated_at: datetime = Field(description="When anything last changed.")
    version: int = Field(description="Grows with every event of the order.")
    shipments: list[ShipmentBody] = Field(
        default_factory=list,
        description="The parcels of the order. Only in the answer for one order: a list and an event have none.",
    )


def order_body(order: Order, *, created_at: datetime, updated_at: datetime, version: int) -> dict[str, Any]:
    """An order without its shipments and its metadata: a stored event has neither."""
    return {
        **{name: getattr(order, name) for name in order.__slots__},
        "currency_exponent": exponent(order.currency),
        "lines": [_line_body(line) for line in order.lines],
        "created_at": created_at,
        "updated_at": updated_at,
        "version": version,
    }


def _line_body(line: OrderLine) -> dict[str, Any]:
    units = line.units
    counts = {name: getattr(units, name) for name in units.__slots__}
    values = {name: getattr(line, name) for name in line.__slots__}
    return {**values, "units": {"untouched": line.untouched, **counts}}
