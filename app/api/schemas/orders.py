"""Orders as they are pushed, and their parcels and payments."""

from typing import Annotated, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)

from app.api.schemas.common import (
    LARGEST_AMOUNT,
    Amount,
    Currency,
    Day,
    Input,
    Instant,
    Name,
    Quantity,
    Word,
    named_once,
)
from app.api.schemas.metadata import Metadata
from app.api.schemas.shop_and_buyer import BuyerInput
from app.engine.amounts.taxes import with_taxes
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import Nature, Record
from app.records.shipment import Shipment
from app.service.resources.order import OrderBody

Records = Annotated[list[Record], Field(max_length=20)]


def _is_known(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return name


Zone = Annotated[str, AfterValidator(_is_known)]
TaxRate = Annotated[StrictInt, Field(ge=0, le=10_000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class OrderLineInput(Input):
    """One line as it was bought. Amounts are for the whole line, except `unit_price`."""

    line_id: Name = Field(description="Yours.")
    quantity: Quantity = Field(description="Units ordered.")
    unit_price: Amount
    sku: Name | None = Field(default=None, description="What you call the thing.")
    title: Name | None = Field(default=None, description="What the buyer calls it.")
    discount: Amount = 0
    discountable: StrictBool = Field(default=True, description="Whether it has a share of the order's discount.")
    tax: Amount | None = Field(
        default=None,
        description="Tax charged on the line after its discounts; left out: by `tax_rate`, rounded half up.",
    )
    tax_rate: TaxRate | None = Field(default=None, description="In hundredths of a percent: 1000 is 10 %.")
    parts: Annotated[StrictInt, Field(ge=1, le=10_000)] = Field(
        default=1, description="How many equal parts a unit is used up in: lessons of a course, pieces of a set."
    )
    nature: Nature = Field(default=Nature.STANDARD, description="What kind of thing it is to the law.")
    records: Records = Field(default=[], description="What you can show: a notice given, a consent taken.")

    @model_validator(mode="after")
    def _is_an_amount(self) -> Self:
        if self.quantity * self.unit_price > LARGEST_AMOUNT:
            raise ValueError(f"a line may cost at most {LARGEST_AMOUNT}")
        return self


class PaymentInput(Input):
    """Money captured for the order."""

    payment_id: Name = Field(description="Yours.")
    method: Word = Field(description="By what the buyer paid.")
    amount: Amount = Field(description="Captured, in minor units.")


class PutOrderRequest(Input):
    """Your picture of an order. Push it again whenever it changes."""

    currency: Currency = Field(description="ISO 4217.")
    lines: Annotated[list[OrderLineInput], Field(min_length=1, max_length=200), named_once("line_id")] = Field(
        description="What was bought."
    )
    policy: Name | None = Field(
        default=None,
        description="What judges the order's claims: a preset or a policy of yours, in the version in force at the"
        " payment, or in the one that you name (`house@2`). Pinned by the first push.",
    )
    paid_at: Instant | None = Field(default=None, description="When the first money was captured.")
    confirmed_at: Instant | None = Field(default=None, description="When you confirmed it.")
    expected_ship_on: Day | None = Field(default=None, description="The local day that it is to leave on.")
    country: Country | None = Field(
        default=None, description="Where the goods go: the policy's country unless you say otherwise."
    )
    time_zone: Zone | None = Field(
        default=None,
        description="IANA name of the buyer's time zone, for a country that has several; used where the policy"
        " counts days in the order's own country.",
    )
    buyer_id: Name | None = Field(default=None, description="Your name for the buyer.")
    buyer: BuyerInput | None = Field(
        default=None,
        description="Whom to write to about the order: kept apart from it, and in no event. What is said replaces"
        " what was; left out, it stays.",
    )
    prices_include_tax: StrictBool = Field(default=True, description="Whether prices come with their tax.")
    discount: Amount = Field(default=0, description="Order-level discount, shared out over discountable lines.")
    discount_minimum: Amount | None = Field(
        default=None, description="The value of goods that the discount was given for, before it is taken off."
    )
    shipping_charged: Amount = 0
    shipping_tax: Amount | None = Field(default=None, description="Tax on the shipping, in minor units.")
    shipping_tax_rate: TaxRate | None = Field(default=None, description="Instead of `shipping_tax`.")
    records: Records = Field(default=[], description="What you can prove of the whole order.")
    payments: Annotated[list[PaymentInput], Field(max_length=20), named_once("payment_id")] = Field(
        default=[], description="Money captured for the order."
    )
    metadata: Metadata | None = Field(
        default=None, description="Your own words. They replace what was kept. Left out, they stay."
    )

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "currency": "KRW",
                    "buyer_id": "buyer-7",
                    "buyer": {"email": "minji@example.com", "language": "ko", "name": "김민지"},
                    "paid_at": "2026-06-05T10:00:00+09:00",
                    "shipping_charged": 3000,
                    "lines": [
                        {"line_id": "1", "sku": "MUG-WHITE", "title": "머그컵", "quantity": 2, "unit_price": 12000}
                    ],
                    "payments": [{"payment_id": "pay-1", "method": "card", "amount": 27000}],
                }
            ]
        }
    )

    def order(self, order_id: str) -> Order:
        """The order, with its taxes worked out where only their rates are said."""
        order = Order(
            order_id=order_id,
            policy=self.policy or "",
            lines=tuple(_line(line) for line in self.lines),
            payments=tuple(
                Payment(payment_id=payment.payment_id, method=payment.method, captured=payment.amount)
                for payment in self.payments
            ),
            records=frozenset(self.records),
            country=self.country or "",
            shipping_tax=self.shipping_tax or 0,
            **{name: getattr(self, name) for name in _SAME},
        )
        unsaid = frozenset(line.line_id for line in self.lines if line.tax is None)
        return with_taxes(order, unsaid, self.shipping_tax_rate if self.shipping_tax is None else None)


_SAME = (
    "currency",
    "paid_at",
    "confirmed_at",
    "expected_ship_on",
    "time_zone",
    "buyer_id",
    "prices_include_tax",
    "discount",
    "discount_minimum",
    "shipping_charged",
)


def _line(line: OrderLineInput) -> OrderLine:
    values = {name: getattr(line, name) for name in OrderLineInput.model_fields if name not in ("records", "tax")}
    return OrderLine(**values, records=frozenset(line.records), tax=line.tax or 0)


class ConfirmOrderRequest(Input):
    """The seller has seen the order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"confirmed_at": "2026-06-05T15:00:00+09:00"}]})

    confirmed_at: Instant | None = Field(default=None, description="Now, unless you say otherwise.")


class ParcelLineInput(Input):
    """Units of an order line in a parcel."""

    line_id: Name = Field(description="A line of the order.")
    quantity: Quantity = Field(description="Units in the parcel.")


class ReportShipmentRequest(Input):
    """A parcel that has left. Without `lines` it holds all that had not been shipped or cancelled."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "carrier": "cj",
                    "tracking_number": "651234567890",
                    "shipped_at": "2026-06-06T09:00:00+09:00",
                    "lines": [{"line_id": "1", "quantity": 2}],
                }
            ]
        }
    )

    carrier: Word = Field(description="Who carries it.")
    tracking_number: Name = Field(description="Under which number.")
    shipped_at: Instant = Field(description="When it left.")
    lines: Annotated[list[ParcelLineInput], Field(max_length=200), named_once("line_id")] = Field(
        default=[], description="What is in the parcel. Left out: all that was not shipped or cancelled."
    )

    def shipment(self) -> Shipment:
        return Shipment(
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            lines=tuple((line.line_id, line.quantity) for line in self.lines),
            shipped_at=self.shipped_at,
            delivered_at=None,
        )


class ReportDeliveryRequest(Input):
    """A parcel that has arrived. It may be told before its shipment is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"carrier": "cj", "tracking_number": "651234567890", "delivered_at": "2026-06-08T15:00:00+09:00"}
            ]
        }
    )

    carrier: Word = Field(description="Who carried it.")
    tracking_number: Name = Field(description="Under which number.")
    delivered_at: Instant = Field(description="When it arrived.")

    def shipment(self) -> Shipment:
        return Shipment(
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            lines=(),
            shipped_at=None,
            delivered_at=self.delivered_at,
        )


class ReportPaymentRequest(PaymentInput):
    """Money captured for the order after it was first pushed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"payment_id": "pay-2", "method": "points", "amount": 1000}]}
    )

    captured_at: Instant | None = Field(default=None, description="Now, unless you say otherwise.")

    def payment(self) -> Payment:
        return Payment(payment_id=self.payment_id, method=self.method, captured=self.amount)


class OrderPage(BaseModel):
    """A page of a list of orders, without their shipments."""

    data: list[OrderBody] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="Null on the last page.")
