"""The public shape of an order: the same in answers and in events. Only the answer for one order has `shipments`."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.money import exponent
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import DelayReason, Nature, Record, RefundTo


class LineUnits(BaseModel):
    """The units of a line by their state. The sum is the quantity of the line."""

    untouched: int = Field(description="Units in no claim.")
    open_cancel: int = Field(description="Units in open cancellations.")
    open_other: int = Field(description="Units in open claims of all other kinds.")
    cancelled: int = Field(description="Units that were cancelled.")
    returned: int = Field(description="Units that were returned for money.")
    exchanged: int = Field(description="Units that were returned for other goods.")
    refunded: int = Field(description="Units that were refunded and that the buyer kept.")
    changed: int = Field(default=0, description="Units that became units of another option before they were shipped.")


class OrderLineBody(BaseModel):
    """One product of an order. Amounts are for the whole line, except `unit_price`."""

    line_id: str = Field(
        description="Your id of the line. For a line that replaces another one, the service makes the id."
    )
    sku: str | None = Field(description="Your name of the product.")
    title: str | None = Field(description="The buyer's name of the product.")
    quantity: int = Field(description="Units ordered.")
    unit_price: int = Field(description="The price of one unit in minor units.")
    discount: int = Field(description="The discount of the whole line.")
    discountable: bool = Field(description="Whether the line has a share of the order's discount.")
    tax: int = Field(description="The tax on the line after its discounts.")
    tax_rate: int | None = Field(description="The tax rate in hundredths of a percent.")
    parts: int = Field(description="How many equal parts a unit has.")
    nature: Nature = Field(description="The kind of the product in consumer law.")
    records: list[Record] = Field(
        description="What you can prove, such as a notice to the buyer or a consent of the buyer."
    )
    replaces: str | None = Field(description="The line that this line replaces, after an exchange or an option change.")
    shipped: int = Field(description="Units that were shipped.")
    delivered: int = Field(description="Units that were delivered.")
    shipped_at: datetime | None = Field(description="When the last unit was shipped.")
    delivered_at: datetime | None = Field(description="When the last unit was delivered.")
    credited: int = Field(description="The amount refunded for units that stayed with the buyer.")
    recharged: int = Field(
        description="The part of the order's discount that was charged again, for units that stayed with the buyer."
    )
    deliver_on: date | None = Field(description="The local day that the buyer chose.")
    first_delivered_at: datetime | None = Field(description="When the first unit was delivered.")
    consumable_cost: int | None = Field(description="The cost of the parts of one unit that use makes worthless.")
    repairs: int = Field(description="How often the line was repaired.")
    repaired_at: datetime | None = Field(description="When the line came back to the buyer from its last repair.")
    cure_days: int = Field(description="The days that the buyer has waited for repairs and replacements.")
    option_change: str | None = Field(default=None, description="The option change that made the line.")
    changing: int = Field(default=0, description="Units that an open option change asks for. They are in no claim.")
    units: LineUnits = Field(description="The units of the line by their state.")


class PaymentBody(BaseModel):
    """A payment of the order."""

    payment_id: str = Field(description="Your id of the payment.")
    method: str = Field(description="The payment method, such as `card`.")
    captured: int = Field(description="The captured amount in minor units.")
    refunded: int = Field(description="The sum of the refunds to this payment, paid out or not.")
    reversed: int = Field(description="What the bank or the provider has taken and paid back to the buyer.")
    settles: str | None = Field(
        description="The claim or the option change whose debt the buyer paid with this payment."
    )
    instalments: int = Field(description="The number of monthly instalments that the buyer pays by.")
    payable_step: int = Field(description="The smallest amount that can be refunded to this payment, in minor units.")
    refund_to: RefundTo = Field(description="Where refunds go. `account`: to an account that the buyer names.")


class ParcelLine(BaseModel):
    """Units of one order line in a parcel."""

    line_id: str = Field(description="A line of the order.")
    quantity: int = Field(description="Units in the parcel.")


class ShipmentBody(BaseModel):
    """A parcel that the seller sent."""

    carrier: str = Field(description="The carrier.")
    tracking_number: str = Field(description="The tracking number.")
    tracking_url: str | None = Field(description="The carrier's page of the parcel. Null for a carrier without one.")
    lines: list[ParcelLine] = Field(description="The content of the parcel.")
    shipped_at: datetime | None = Field(description="When the parcel was shipped. Null until it is reported.")
    delivered_at: datetime | None = Field(description="When the parcel was delivered.")
    carrier_silent_at: datetime | None = Field(description="When you were told to ask the carrier. Null: not yet.")
    transit_delayed_at: datetime | None = Field(
        description="When the buyer was told that the parcel is late. Null: not yet."
    )


class OrderBody(BaseModel):
    """An order. In an event: the order as it stood after the event."""

    order_id: str = Field(description="Your id of the order.")
    policy: str = Field(description="The policy version that judges the order's claims.")
    currency: str = Field(description="The code of ISO 4217, such as `KRW`.")
    currency_exponent: int = Field(description="The digits after the decimal point (ISO 4217): 0 for KRW and JPY.")
    country: str = Field(description="The country where the goods go.")
    subdivision: str | None = Field(description="The second part of the ISO 3166-2 code of the buyer's state.")
    time_zone: str | None = Field(description="The buyer's time zone, for a country with several zones.")
    buyer_id: str | None = Field(description="Your id of the buyer.")
    paid_at: datetime | None = Field(description="When the first money was captured.")
    contracted_at: datetime | None = Field(description="When the contract was made. Null: with the payment.")
    informed_at: datetime | None = Field(
        description="When the buyer got information or a contract document that was missing."
    )
    unobstructed_at: datetime | None = Field(description="When an obstruction of the withdrawal ended.")
    confirmed_at: datetime | None = Field(description="When you confirmed the order.")
    expected_ship_on: date | None = Field(description="The local day on which you expect to ship.")
    expected_arrival_on: date | None = Field(
        description="The local day on which you expect the whole order to be with the buyer."
    )
    wanted_on: date | None = Field(description="The local day by which the buyer wants the order.")
    gift: bool = Field(description="Whether the order is a gift.")
    prices_include_tax: bool = Field(description="Whether prices include their tax.")
    tax_exempt: bool = Field(description="Whether the buyer pays no tax, in prices or in fees.")
    discount: int = Field(description="The discount of the whole order, split over the discountable lines.")
    discount_minimum: int | None = Field(description="The minimum value of goods for the discount.")
    shipping_charged: int = Field(description="The outbound shipping that the buyer paid with the order.")
    shipping_tax: int = Field(description="The tax on `shipping_charged`.")
    shipping_tax_rate: int | None = Field(description="The tax rate of the shipping in hundredths of a percent.")
    standard_shipping: int | None = Field(
        description="The cost of the cheapest standard delivery, if the buyer chose a dearer one."
    )
    shipping_refunded: int = Field(description="The refunded part of `shipping_charged`.")
    outbound_charged: int = Field(description="The outbound shipping that claims charged later.")
    rounded: int = Field(
        description="What the refunds pay beyond the exact amounts, because payments have a `payable_step`."
        " Below zero: they pay less. The next refund evens it out."
    )
    not_captured: int = Field(
        description="What claims would have refunded, if it had been captured. It is refunded when it is captured."
    )
    fees_charged: int = Field(
        description="The fees that claims have charged and not given back, without outbound shipping."
    )
    surplus_refunded: int = Field(description="The refunded part of what was captured above the price.")
    tax_free_refunded: int = Field(
        description="The part of all refunds on which no tax was charged. Refunds of 0.2 and before do not count."
    )
    unpaid: int = Field(
        description="The price of the order minus the captured amount. Below zero: captured above the price. Payments"
        " that settle debts of claims do not count."
    )
    records: list[Record] = Field(description="What you can prove for the whole order.")
    lines: list[OrderLineBody] = Field(description="The products of the order, and the products sent in exchange.")
    payments: list[PaymentBody] = Field(description="Money captured for the order.")
    ready_to_ship_at: datetime | None = Field(description="When the parcel was ready for its carrier.")
    delay_reason: DelayReason | None = Field(description="The reason of the last delay.")
    version_named: bool = Field(description="Whether you gave the policy's version. Then the version does not change.")
    metadata: dict[str, str] = Field(description="Your own keys and values. No decision uses them.")
    created_at: datetime = Field(description="When the order was first pushed.")
    updated_at: datetime = Field(description="When the order last changed. In an event: the instant of the event.")
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
        "unpaid": order.unpaid,
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
