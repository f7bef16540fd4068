"""Windows, exceptions, fees, deadlines and automation: what the engine judges by, as data.

Nothing here decides. Each row carries the citation of the rule it states; the engine hands it on with
every answer that rests on it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.engine.vocabulary import Declared, Deduction, Fault, Ground, Kind, Nature, Reason, Record


class Unit(StrEnum):
    """What a period is counted in. `months` end before the day that corresponds to the first,
    `months_to_the_date` on the date of the event."""

    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    MONTHS = "months"
    """From the day after the event to the day before the one that corresponds to it (KR Civil Act 160, JP 143)."""
    MONTHS_TO_THE_DATE = "months_to_the_date"
    """To the date of the event in the last month, or that month's last day (EU Regulation 1182/71, 3(2)(c))."""


class Anchor(StrEnum):
    """The event that a period is counted from. `delivered` is the last delivery among the claimed lines,
    `order_delivered` that of the last of all goods that were ordered together; `sent_back` is when the goods were
    shown to be on their way back, or were back, whichever came first."""

    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    ORDER_DELIVERED = "order_delivered"
    DISCOVERED = "discovered"
    REQUESTED = "requested"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    GOODS_BACK = "goods_back"


class Roll(StrEnum):
    """What becomes of a last day that is a day of rest."""

    NONE = "none"
    FORWARD = "forward"


class Ends(StrEnum):
    """Which of several periods a window ends with."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """So many days, business days or months from an event; the day of the event counts only if it says so."""

    length: int
    unit: Unit
    anchor: Anchor
    first_day_counts: bool = False
    roll: Roll = Roll.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """Until when a claim may be made. No periods: for as long as the goods have not been shipped.

    With several periods the window ends with the first or the last of them. `reasons` None means any. Each
    rule that fits is a right of its own: of several windows the buyer has the one that closes last. A
    `statutory` one cannot be cut short; any other is there for want of a promise by the seller. One that is
    `after_exchange` is for goods that were themselves sent in exchange.
    """

    code: str
    kinds: frozenset[Kind]
    faults: frozenset[Fault]
    periods: tuple[Period, ...]
    citation: str
    reasons: frozenset[Reason] | None = None
    ends: Ends = Ends.FIRST
    statutory: bool = True
    after_exchange: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRule:
    """A ground that takes the right away: all of what it names must hold. Empty sets ask for nothing.

    `records` must all be on the line or on the order: without them the exception does not bind the buyer. An
    `indivisible` one leaves the right to the parts that have not been used, where the goods come in parts.
    """

    ground: Ground
    kinds: frozenset[Kind]
    faults: frozenset[Fault]
    citation: str
    natures: frozenset[Nature] = frozenset()
    conditions: frozenset[Declared] = frozenset()
    records: frozenset[Record] = frozenset()
    indivisible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """The seller's disclosed fees in minor units; `free_shipping_from` is the order value that ships free,
    `restocking_percent` what is kept of goods that come back at the buyer's fault. `tax_rate`, in hundredths of a
    percent, is the tax in the fees, or on top of them where an order's prices come without."""

    outbound: int = 0
    return_: int = 0
    exchange_round_trip: int = 0
    free_shipping_from: int | None = None
    restocking_percent: int = 0
    tax_rate: int = 0
    citation: str = ""

    @property
    def are_money(self) -> bool:
        """False where there is nothing that a currency would change."""
        return any((self.outbound, self.return_, self.exchange_round_trip, self.free_shipping_from))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingRule:
    """Who bears shipping when goods come back, and at whose fault the outbound charge is given back too."""

    return_paid_by: Fault
    outbound_refunded_at: frozenset[Fault]
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """By when the money is due, for the first rule of the law whose kinds, reasons and natures fit, and for every
    promise that does. `reasons` None means any; `natures` are those of all claimed lines, none mean any.

    With several periods it is due with the last of them. `statutory` as for windows.
    """

    kinds: frozenset[Kind]
    periods: tuple[Period, ...]
    citation: str
    reasons: frozenset[Reason] | None = None
    natures: frozenset[Nature] = frozenset()
    statutory: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LateInterest:
    """What money that is paid too late costs: so many percent a year from the day after it was due."""

    percent: int
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestockingRule:
    """May a seller keep a part of the price for taking goods back?"""

    allowed: bool
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductionRule:
    """What may be taken off the price of goods that come back, at whose fault, and with which records (as for an
    exception); not where the claim itself is that of `except_reasons`. Without a rule for it nothing is."""

    reason: Deduction
    faults: frozenset[Fault]
    citation: str
    natures: frozenset[Nature] = frozenset()
    records: frozenset[Record] = frozenset()
    except_reasons: frozenset[Reason] = frozenset()


class FeeCollection(StrEnum):
    """How the buyer pays the fees of a claim. `deduct`: less is paid back. `extra_payment`: they are paid in the
    shop; `remit`: the money is sent, or put into the parcel. Both come before the refund, which is then whole."""

    DEDUCT = "deduct"
    EXTRA_PAYMENT = "extra_payment"
    REMIT = "remit"


class LostDiscount(StrEnum):
    """What becomes of the order's discount on goods that stay, when they alone are not worth what it was given
    for."""

    KEEP = "keep"
    RECALCULATE = "recalculate"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRule:
    """How often an alternative may be put to a buyer who has not asked for more, and to one who has. Where it is
    `statutory`, terms cannot say more for the first."""

    rounds: int = 1
    rounds_if_wanted: int = 5
    citation: str = "our practice; no law sets a number"
    statutory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionRule:
    """What a rejection must bring besides a ground. `proof_citation` says whose it is to prove a fault: the seller
    who says that it is not theirs shows why."""

    message_required: bool
    alternative_required: bool
    citation: str
    proof_citation: str = "our practice: who changes a fault says what shows it"


class AutomaticWhen(StrEnum):
    """When an eligible claim approves itself: while the order is not confirmed, while it has no expected ship
    date, once that has passed, or always."""

    NOT_CONFIRMED = "not_confirmed"
    NO_SHIP_DATE = "no_ship_date"
    SHIP_DATE_PASSED = "ship_date_passed"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationRule:
    """An eligible claim of these kinds approves itself when the order stands so."""

    kinds: frozenset[Kind]
    when: AutomaticWhen
    citation: str


class Overtaken(StrEnum):
    """What becomes of a cancellation whose order ships while it is open."""

    RETURN_AT_SELLERS_COST = "return_at_sellers_cost"
    RETURN_BY_FAULT = "return_by_fault"
    REFUSE = "refuse"


class Unanswered(StrEnum):
    """What becomes of a request that nobody has answered in time."""

    ESCALATE = "escalate"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many days or business days, from the day after something began."""

    length: int
    unit: Unit
    citation: str


_DAYS_TO_NAME_A_SHIP_DATE = Limit(
    length=3, unit=Unit.BUSINESS_DAYS, citation="marketplace practice; no law sets a number"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything one order's claims are judged by. `time_zone` is an IANA name; `currency` (ISO 4217) is what the
    fees are in, and orders in another cannot be judged where there are any.

    Where `follows_order` is set the holidays and local days are those of the order's own country and zone,
    where it names them. `promises` are the seller's own deadlines for refunds: money is due by whichever comes
    first, the law's or the seller's. `closing_days` are the seller's own days of rest. `respond_citation` and
    `collect_citation` say what `respond_within` and `collect_within` rest on; where it is `collect_statutory` that
    cannot be cut short.

    A hold ends with `hold_within` at the latest, an offer that names no end with `offer_within`; None leaves them
    open. An order that is paid is to have an expected ship date within `ship_date_within`.
    """

    policy_id: str
    version: int
    title: str
    language: str
    country: str
    time_zone: str
    currency: str
    windows: tuple[WindowRule, ...]
    exceptions: tuple[ExceptionRule, ...]
    fees: Fees
    shipping: ShippingRule
    refund_deadlines: tuple[DeadlineRule, ...]
    respond_within: Period
    collect_within: Period
    rejection: RejectionRule
    refund_order: tuple[str, ...]
    overtaken: Overtaken
    restocking: RestockingRule
    late_interest: LateInterest | None = None
    automation: tuple[AutomationRule, ...] = ()
    promises: tuple[DeadlineRule, ...] = ()
    closing_days: frozenset[date] = frozenset()
    advance_exchange: bool = False
    follows_order: bool = False
    deductions: tuple[DeductionRule, ...] = ()
    fee_collection: FeeCollection = FeeCollection.DEDUCT
    lost_discount: LostDiscount = LostDiscount.KEEP
    offers: OfferRule = OfferRule()
    respond_citation: str = ""
    collect_citation: str = ""
    collect_statutory: bool = False
    hold_within: Limit | None = None
    offer_within: Limit | None = None
    unanswered: Unanswered = Unanswered.ESCALATE
    ship_date_within: Limit = _DAYS_TO_NAME_A_SHIP_DATE

    @property
    def key(self) -> str:
        """How an order pins it: id and version."""
        return f"{self.policy_id}@{self.version}"
