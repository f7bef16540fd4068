"""The order snapshot that judges a claim, with its ledger of units."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from app.engine.model.money import allocate
from app.engine.model.vocabulary import DelayReason, Nature, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The units of a line by status: ordered = untouched + the sum of these.

    Units in open claims have one count for cancellations, which hold only units that were not shipped, and one for all
    other kinds, which hold only shipped units.
    """

    open_cancel: int = 0
    open_other: int = 0
    cancelled: int = 0
    returned: int = 0
    exchanged: int = 0
    refunded: int = 0

    @property
    def open(self) -> int:
        return self.open_cancel + self.open_other

    @property
    def taken(self) -> int:
        """Units that are not untouched."""
        return self.open_cancel + self.open_other + self.cancelled + self.returned + self.exchanged + self.refunded

    @property
    def settled(self) -> int:
        """Units whose value was given back, or moved to a replacement."""
        return self.cancelled + self.returned + self.exchanged + self.refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line as it was bought. Amounts are for the whole line, except `unit_price`.

    `tax` is the tax on the line after its discounts. It is part of the price if the order's prices include tax.
    `tax_rate` is in hundredths of a percent. `parts` is how many equal parts a unit has: lessons of a course, capsules
    of a box. `replaces` is the line that this line replaces after an exchange. `credited` is the money already refunded
    for units that stay with the buyer. `recharged` is the part of the order's discount that was charged again for these
    units. `deliver_on` is the local day that the buyer chose.
    """

    line_id: str
    quantity: int
    unit_price: int
    sku: str | None = None
    title: str | None = None
    discount: int = 0
    discountable: bool = True
    tax: int = 0
    tax_rate: int | None = None
    parts: int = 1
    nature: Nature = Nature.STANDARD
    records: frozenset[Record] = frozenset()
    replaces: str | None = None
    shipped: int = 0
    delivered: int = 0
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    credited: int = 0
    recharged: int = 0
    deliver_on: date | None = None
    units: Units = Units()

    @property
    def gross(self) -> int:
        return self.quantity * self.unit_price

    @property
    def untouched(self) -> int:
        return self.quantity - self.units.taken

    @property
    def unshipped(self) -> int:
        """Units that were not shipped, whether or not an open cancellation holds them."""
        return self.quantity - self.shipped - self.units.cancelled

    @property
    def in_buyers_hands(self) -> int:
        """Shipped units that the buyer has: neither returned, nor refunded, nor in an open claim."""
        units = self.units
        return self.shipped - units.returned - units.exchanged - units.refunded - units.open_other


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money captured for the order by one method, and how much of it refunds have claimed. `settles` names the claim
    whose debt the payment settles. It is None for a payment of the order itself."""

    payment_id: str
    method: str
    captured: int
    refunded: int = 0
    settles: str | None = None

    @property
    def left(self) -> int:
        return self.captured - self.refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An immutable picture of an order, in the merchant's own words and minor units.

    `discount` is the discount of the whole order, split over the discountable lines. `discount_minimum` is the minimum
    value of goods for the discount. `outbound_charged` is the outbound shipping that earlier claims charged after free
    shipping was lost. `time_zone` is an IANA name, for a country with several zones. `delay_reason` is the reason of
    the last delay. `version_named`: the storefront gave the version of the policy, so the version does not change at
    the payment.
    """

    order_id: str
    currency: str
    country: str
    lines: tuple[OrderLine, ...]
    policy: str
    paid_at: datetime | None = None
    confirmed_at: datetime | None = None
    expected_ship_on: date | None = None
    time_zone: str | None = None
    buyer_id: str | None = None
    prices_include_tax: bool = True
    discount: int = 0
    discount_minimum: int | None = None
    shipping_charged: int = 0
    shipping_tax: int = 0
    shipping_refunded: int = 0
    outbound_charged: int = 0
    records: frozenset[Record] = frozenset()
    payments: tuple[Payment, ...] = ()
    ready_to_ship_at: datetime | None = None
    delay_reason: DelayReason | None = None
    version_named: bool = False

    def line(self, line_id: str) -> OrderLine | None:
        for line in self.lines:  # `next` over a generator would take three times as long, several times a decision
            if line.line_id == line_id:
                return line
        return None

    def payment(self, payment_id: str) -> Payment | None:
        return next((payment for payment in self.payments if payment.payment_id == payment_id), None)

    @property
    def captured_left(self) -> int:
        return sum([payment.left for payment in self.payments])

    @property
    def price(self) -> int:
        """The price of the order as it was bought."""
        shares = self.discount_shares()
        bought = [self.paid_with(line, shares[line.line_id]) for line in self.lines if line.replaces is None]
        return sum(bought) + self.shipping_paid

    @property
    def shipping_paid(self) -> int:
        return self.shipping_charged + (0 if self.prices_include_tax else self.shipping_tax)

    def discount_shares(self) -> dict[str, int]:
        """Each line's share of the order's discount, in proportion to its price after its own discount."""
        weights = tuple(
            line.gross - line.discount if line.discountable and line.replaces is None else 0 for line in self.lines
        )
        shares = _shared(self.discount, weights)
        return {line.line_id: share for line, share in zip(self.lines, shares, strict=True)}

    def paid_for(self, line: OrderLine) -> int:
        """The amount paid for a whole line, after its share of the order's discount, with tax."""
        return self.paid_with(line, self.discount_shares()[line.line_id] if self.discount else 0)

    def paid_with(self, line: OrderLine, share: int) -> int:
        """The same, with a given share of the order's discount."""
        return line.gross - line.discount - share + (0 if self.prices_include_tax else line.tax)


_shared = lru_cache(maxsize=256)(allocate)
"""The key of an order line, for one line after the other."""
