"""The bodies that push an order and report its parcels and payments."""

from typing import Annotated, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)

from app.api.schemas.buyers import BuyerInput
from app.api.schemas.common import (
    LARGEST_AMOUNT,
    MOST_LINES,
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
from app.api.schemas.consents import OrderConsentInput
from app.api.schemas.metadata import Metadata
from app.api.schemas.sorting import CountedPage
from app.engine.amounts.taxes import with_taxes
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import DelayReason, Nature, Record, RefundTo, refund_to_of
from app.service.resources.order import OrderBody

Records = Annotated[list[Record], Field(max_length=20)]


def _is_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return name


Zone = Annotated[str, AfterValidator(_is_time_zone)]
TaxRate = Annotated[StrictInt, Field(ge=0, le=10_000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Subdivision = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,3}$")]


class OrderLineInput(Input):
    """A line of the order. Amounts are for the whole line, except `unit_price`."""

    line_id: Name = Field(description="Your id of the line.")
    quantity: Quantity = Field(description="Units ordered.")
    unit_price: Amount
    sku: Name | None = Field(default=None, description="Your name of the product.")
    title: Name | None = Field(default=None, description="The buyer's name of the product.")
    discount: Amount = 0
    discountable: StrictBool = Field(default=True, description="Whether the line has a share of the order's discount.")
    tax: Amount | None = Field(
        default=None,
        description="The tax on the line after its discounts. The default comes from `tax_rate`, rounded half up.",
    )
    tax_rate: TaxRate | None = Field(
        default=None, description="In hundredths of a percent: 1000 is 10 %. 0: the line is tax-free."
    )
    parts: Annotated[StrictInt, Field(ge=1, le=10_000)] = Field(
        default=1, description="How many equal parts a unit has, such as the lessons of a course."
    )
    nature: Nature = Field(default=Nature.STANDARD, description="The kind of the product in consumer law.")
    consumable_cost: Amount | None = Field(
        default=None, description="The cost of the parts of one unit that use makes worthless."
    )
    records: Records = Field(
        default=[], description="What you can prove, such as a notice to the buyer or a consent of the buyer."
    )

    @model_validator(mode="after")
    def _is_an_amount(self) -> Self:
        if self.quantity * self.unit_price > LARGEST_AMOUNT:
            raise ValueError(f"a line may cost at most {LARGEST_AMOUNT}")
        return self


class PaymentInput(Input):
    """Money captured for the order."""

    payment_id: Name = Field(description="Your id of the payment.")
    method: Word = Field(description="The payment method, such as `card`.")
    amount: Amount = Field(description="The captured amount in minor units.")
    instalments: Annotated[StrictInt, Field(ge=1, le=120)] = Field(
        default=1, description="The number of monthly instalments that the buyer pays by."
    )
    payable_step: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = Field(
        default=1,
        description="The smallest amount that your provider refunds by this method, in minor units: 100 for whole"
        " dollars. Refunds are rounded to whole steps, and sum to what is owed.",
    )
    refund_to: RefundTo | None = Field(
        default=None,
        description="`account`: your provider cannot send the money back to where it came from, so the buyer names an"
        " account. The default is `account` for `virtual_account`, `bank_transfer`, `konbini` and `cash_on_delivery`.",
    )

    def payment(self) -> Payment:
        return Payment(
            payment_id=self.payment_id,
            method=self.method,
            captured=self.amount,
            instalments=self.instalments,
            payable_step=self.payable_step,
            refund_to=self.refund_to or refund_to_of(self.method),
        )


class PutOrderRequest(Input):
    """The data of an order. Push the order again when it changes."""

    currency: Currency = Field(description="The code of ISO 4217, such as `KRW`.")
    lines: Annotated[list[OrderLineInput], Field(min_length=1, max_length=MOST_LINES), named_once("line_id")] = Field(
        description="The products of the order."
    )
    policy: Name | None = Field(
        default=None,
        description="The policy that judges the order's claims: a preset or your own policy. A version can be given"
        " (`house@2`). The default is the version in force at the payment. The first push pins the version.",
    )
    paid_at: Instant | None = Field(default=None, description="When the first money was captured.")
    contracted_at: Instant | None = Field(
        default=None, description="When the contract was made, if not with the payment. Services count from it."
    )
    informed_at: Instant | None = Field(
        default=None,
        description="When the buyer got the information on withdrawal or the contract document, if it came late.",
    )
    unobstructed_at: Instant | None = Field(
        default=None, description="When an obstruction of the withdrawal (record `obstructed`) ended."
    )
    confirmed_at: Instant | None = Field(default=None, description="When you confirmed the order.")
    expected_ship_on: Day | None = Field(default=None, description="The local day on which you expect to ship.")
    expected_arrival_on: Day | None = Field(
        default=None,
        description="The local day on which you expect the whole order to be with the buyer. If you omit the field, a"
        " new `expected_ship_on` removes the stored day.",
    )
    wanted_on: Day | None = Field(
        default=None, description="The local day by which the buyer wants the order. You are warned if it is missed."
    )
    gift: StrictBool = Field(default=False, description="Whether the order is a gift.")
    delay_reason: DelayReason | None = Field(
        default=None, description="Why `expected_ship_on` is later than before. The default is `other`."
    )
    country: Country | None = Field(
        default=None, description="The country where the goods go. The default is the policy's country."
    )
    subdivision: Subdivision | None = Field(
        default=None,
        description="The second part of the ISO 3166-2 code of the buyer's state, such as `BY`, for its holidays.",
    )
    time_zone: Zone | None = Field(
        default=None,
        description="The IANA name of the buyer's time zone, for a country with several zones. Used if the policy"
        " counts days in the order's own country.",
    )
    buyer_id: Name | None = Field(default=None, description="Your id of the buyer.")
    buyer: BuyerInput | None = Field(
        default=None,
        description="The recipient of messages about the order. In no event. A new value replaces the stored"
        " buyer. If you omit the field, the stored buyer does not change.",
    )
    prices_include_tax: StrictBool = Field(default=True, description="Whether prices include their tax.")
    tax_exempt: StrictBool = Field(
        default=False,
        description="Whether the buyer pays no tax. Then rates of tax are not used, and fees have no tax.",
    )
    discount: Amount = Field(
        default=0, description="The discount of the whole order, split over the discountable lines."
    )
    discount_minimum: Amount | None = Field(
        default=None, description="The minimum value of goods for the discount, before the discount is deducted."
    )
    shipping_charged: Amount = 0
    standard_shipping: Amount | None = Field(
        default=None,
        description="The cost of your cheapest standard delivery, if the buyer chose a dearer one. Some laws refund no"
        " more.",
    )
    shipping_tax: Amount | None = Field(default=None, description="The tax on the shipping, in minor units.")
    shipping_tax_rate: TaxRate | None = Field(
        default=None,
        description="The tax rate of the shipping, in hundredths of a percent. 0: the shipping is tax-free.",
    )
    records: Records = Field(default=[], description="What you can prove for the whole order.")
    consents: Annotated[list[OrderConsentInput], Field(max_length=20)] = Field(
        default=[],
        description="What the buyer was shown and agreed to at the checkout. Consents are kept for good: a later push"
        " adds new ones, and takes none away.",
    )
    payments: Annotated[list[PaymentInput], Field(max_length=20), named_once("payment_id")] = Field(
        default=[], description="Money captured for the order."
    )
    metadata: Metadata | None = Field(
        default=None,
        description="Your own keys and values. They replace the stored metadata. Null: no change.",
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
        """The order. Where only a tax rate is given, the tax is computed."""
        order = Order(
            order_id=order_id,
            policy=self.policy or "",
            lines=tuple(_line(line) for line in self.lines),
            payments=tuple(payment.payment() for payment in self.payments),
            records=frozenset(self.records),
            country=self.country or "",
            shipping_tax=self.shipping_tax or 0,
            **{name: getattr(self, name) for name in _SAME},
        )
        untaxed = frozenset(line.line_id for line in self.lines if line.tax is None)
        return with_taxes(order, untaxed, self.shipping_tax_rate if self.shipping_tax is None else None)


_SAME = (
    "currency",
    "paid_at",
    "confirmed_at",
    "expected_ship_on",
    "expected_arrival_on",
    "wanted_on",
    "gift",
    "delay_reason",
    "time_zone",
    "buyer_id",
    "prices_include_tax",
    "discount",
    "discount_minimum",
    "shipping_charged",
    "subdivision",
    "contracted_at",
    "informed_at",
    "unobstructed_at",
    "standard_shipping",
    "tax_exempt",
    "shipping_tax_rate",
)


def _line(line: OrderLineInput) -> OrderLine:
    values = {name: getattr(line, name) for name in OrderLineInput.model_fields if name not in ("records", "tax")}
    return OrderLine(**values, records=frozenset(line.records), tax=line.tax or 0)


class ConfirmOrderRequest(Input):
    """The seller has seen the order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"confirmed_at": "2026-06-05T15:00:00+09:00"}]})

    confirmed_at: Instant | None = Field(default=None, description="When you confirmed the order. The default is now.")


class ReportPaymentRequest(PaymentInput):
    """Money captured for the order after it was first pushed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"payment_id": "pay-2", "method": "points", "amount": 1000}]}
    )

    captured_at: Instant | None = Field(default=None, description="When the money was captured. The default is now.")


class OrderPage(CountedPage):
    """A page of a list of orders, without their shipments."""

    data: list[OrderBody] = Field(description="In the order of `sort`.")
