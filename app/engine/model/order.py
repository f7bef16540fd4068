"""The order snapshot that judges a claim, with its ledger of units."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from app.engine.model.copies import replace
from app.engine.model.line_index import FEW, indexed_line
from app.engine.model.money import allocate
from app.engine.model.vocabulary import NOT_GOODS, DelayReason, Nature, Record, RefundTo


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The units of a line by status: ordered = untouched + the sum of these.

    Units in open claims have one count for cancellations, which hold only units that were not shipped, and one for all
    other kinds, which hold only shipped units. `changed` are units that became units of another option before they were
    shipped.
    """

    open_cancel: int = 0
    open_other: int = 0
    cancelled: int = 0
    returned: int = 0
    exchanged: int = 0
    refunded: int = 0
    changed: int = 0

    @property
    def open(self) -> int:
        return self.open_cancel + self.open_other

    @property
    def taken(self) -> int:
        """Units that are not untouched."""
        held = self.open_cancel + self.open_other  # without `settled`, since every decision reads this
        return held + self.cancelled + self.returned + self.exchanged + self.refunded + self.changed

    @property
    def settled(self) -> int:
        """Units whose value was given back, or moved to a replacement."""
        return self.cancelled + self.returned + self.exchanged + self.refunded + self.changed


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line as it was bought. Amounts are for the whole line, except `unit_price`.

    `tax` is the tax on the line after its discounts. It is part of the price if the order's prices include tax.
    `tax_rate` is in hundredths of a percent. `parts` is how many equal parts a unit has: lessons of a course, capsules
    of a box. `replaces` is the line that this line replaces after an exchange, or after a change of option: then
    `option_change` is that change. `changing` counts the units that an open change of option asks for: they are in no
    claim. `credited` is the money already refunded for units that stay with the buyer. `recharged` is the part of the
    order's discount that was charged again for these units. `deliver_on` is the local day that the buyer chose.
    `consumable_cost` is the cost of the parts of one unit that use makes worthless. `repairs` counts the repairs of the
    line, and `repaired_at` is when the last one came back to the buyer. `cure_days` are the days that the buyer has
    waited for repairs and replacements.
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
    first_delivered_at: datetime | None = None
    consumable_cost: int | None = None
    repairs: int = 0
    repaired_at: datetime | None = None
    cure_days: int = 0
    option_change: str | None = None
    changing: int = 0

    @property
    def gross(self) -> int:
        return self.quantity * self.unit_price

    @property
    def comes_back(self) -> bool:
        """False for digital content and services: nothing of these can be sent back."""
        return self.nature not in NOT_GOODS

    @property
    def untouched(self) -> int:
        return self.quantity - self.units.taken

    @property
    def to_deliver(self) -> int:
        """Units that were neither cancelled nor changed to another option."""
        return self.quantity - self.units.cancelled - self.units.changed

    @property
    def unshipped(self) -> int:
        """Units that were not shipped, whether or not an open cancellation holds them."""
        return self.to_deliver - self.shipped

    @property
    def changeable(self) -> int:
        """Units that can still become units of another option: not shipped, and in no claim."""
        return max(0, self.unshipped - self.units.open_cancel)

    @property
    def sent_in_exchange(self) -> bool:
        return self.replaces is not None and self.option_change is None

    @property
    def in_buyers_hands(self) -> int:
        """Shipped units that the buyer has: neither returned, nor refunded, nor in an open claim."""
        units = self.units
        return self.shipped - units.returned - units.exchanged - units.refunded - units.open_other


def without_overtaken(line: OrderLine) -> OrderLine:
    """The line without an open change of option whose units have been shipped, or are in a claim."""
    return replace(line, changing=0) if line.changing and line.changing > line.changeable else line


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money captured for the order by one method, and how much of it refunds have claimed. `settles` names the claim or
    the change of option whose debt the payment settles. It is None for a payment of the order itself. `reversed` is
    what the bank or the provider has taken and paid back to the buyer, such as a chargeback. `instalments` is the
    number of monthly instalments that the buyer pays by. `payable_step` is the smallest amount that can be refunded to
    the payment, in minor units: 1 for most, 100 for whole dollars. `refund_to` is where its refunds go."""

    payment_id: str
    method: str
    captured: int
    refunded: int = 0
    settles: str | None = None
    reversed: int = 0
    instalments: int = 1
    payable_step: int = 1
    refund_to: RefundTo = RefundTo.SOURCE

    @property
    def left(self) -> int:
        return max(0, self.captured - self.refunded - self.reversed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An immutable picture of an order, in the merchant's own words and minor units.

    `discount` is the discount of the whole order, split over the discountable lines. `discount_minimum` is the minimum
    value of goods for the discount. `outbound_charged` is the outbound shipping that earlier claims charged after free
    shipping was lost. `time_zone` is an IANA name, for a country with several zones. `delay_reason` is the reason of
    the last delay. `version_named`: the storefront gave the version of the policy, so the version does not change at
    the payment. `subdivision` is the second part of an ISO 3166-2 code, for the holidays of a state. `contracted_at` is
    the contract if it was not made with the payment. `informed_at` is when the buyer got information or a contract
    document that was missing, and `unobstructed_at` when an obstruction of the withdrawal ended. `standard_shipping` is
    the cheapest standard delivery, if the buyer chose a dearer one. `rounded` is what the refunds of the order pay
    beyond the exact amounts, because payments are refunded in whole steps. Below zero, they pay less.
    `not_captured` is what claims would have refunded, if it had been captured. `surplus_refunded` is what was captured
    above the price and was refunded.
    `expected_arrival_on` is the local day on which the whole order is expected to be with the buyer.
    `wanted_on` is the local day by which the buyer wants the order, and `gift` says that the order is a gift.
    `fees_charged` are the fees that claims have charged and not given back, without outbound shipping. `tax_exempt`:
    the buyer pays no tax, in prices or in fees. `shipping_tax_rate` is in hundredths of a percent, or None if the order
    has the tax alone. `tax_free_refunded` is the part of all refunds on which no tax was charged.
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
    subdivision: str | None = None
    contracted_at: datetime | None = None
    informed_at: datetime | None = None
    unobstructed_at: datetime | None = None
    standard_shipping: int | None = None
    rounded: int = 0
    not_captured: int = 0
    surplus_refunded: int = 0
    fees_charged: int = 0
    tax_exempt: bool = False
    shipping_tax_rate: int | None = None
    tax_free_refunded: int = 0
    expected_arrival_on: date | None = None
    wanted_on: date | None = None
    gift: bool = False

    def line(self, line_id: str) -> OrderLine | None:
        if len(self.lines) > FEW:
            return indexed_line(self.lines, line_id)
        for line in self.lines:  # `next` over a generator would take three times as long, several times a decision
            if line.line_id == line_id:
                return line
        return None

    def original_of(self, line: OrderLine) -> OrderLine:
        """The line that was bought first, before all exchanges and changes of option."""
        while line.replaces is not None and (before := self.line(line.replaces)) is not None:
            line = before
        return line

    def first_sent(self, line: OrderLine) -> OrderLine:
        """The line that was sent first, before all exchanges."""
        while line.option_change is None and line.replaces and (before := self.line(line.replaces)) is not None:
            line = before
        return line

    def payment(self, payment_id: str) -> Payment | None:
        return next((payment for payment in self.payments if payment.payment_id == payment_id), None)

    @property
    def is_awaited(self) -> bool:
        """Units that were not cancelled are not delivered yet."""
        return any(line.delivered < line.to_deliver for line in self.lines)

    @property
    def captured_left(self) -> int:
        return sum([payment.left for payment in self.payments])

    @property
    def price(self) -> int:
        """The price of the order as it was bought."""
        price, is_given = self.shipping_charged, False  # in one loop: every quote reads the price
        for line in self.lines:
            if line.replaces is None:
                own = line.unit_price * line.quantity - line.discount
                price += own
                is_given = is_given or (own > 0 and line.discountable)
        if not self.prices_include_tax:
            price += self.shipping_tax + sum([line.tax for line in self.lines if line.replaces is None])
        return price - self.discount if is_given else price

    @property
    def unpaid(self) -> int:
        """The part of the price that no payment of the order itself has captured. Below zero: captured above the
        price."""
        unpaid = self.price
        for payment in self.payments:
            if payment.settles is None:
                unpaid -= payment.captured
        return unpaid

    @property
    def shipping_paid(self) -> int:
        return self.shipping_charged + (0 if self.prices_include_tax else self.shipping_tax)

    def discount_shares(self) -> dict[str, int]:
        """Each line's share of the order's discount, in proportion to its price after its own discount."""
        weights = tuple(
            [line.gross - line.discount if line.discountable and line.replaces is None else 0 for line in self.lines]
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
