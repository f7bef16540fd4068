"""The rules of a policy as data: windows, exceptions, deadlines, offers, rejections and automation.

This module makes no decisions. Each rule has a citation, and the engine returns the citation with every answer that
uses the rule.
"""

from dataclasses import dataclass

from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Nature, Reason, Record, Word


class Unit(Word):
    """The unit of a period. `months` end before the day that corresponds to the first day. `months_to_the_date`
    end on the date of the event."""

    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    MONTHS = "months"
    """From the day after the event to the day before the one that corresponds to it (KR Civil Act 160, JP 143)."""
    MONTHS_TO_THE_DATE = "months_to_the_date"
    """To the date of the event in the last month, or that month's last day (EU Regulation 1182/71, 3(2)(c))."""


class Anchor(Word):
    """The event that starts a period. `delivered` is the last delivery of the claimed lines. `order_delivered` is the
    last delivery of the whole order. `sent_back` is the earlier of two instants: the goods were proven to be on their
    way back, or the goods were back."""

    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    ORDER_DELIVERED = "order_delivered"
    DISCOVERED = "discovered"
    REQUESTED = "requested"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    GOODS_BACK = "goods_back"


class RestDayRule(Word):
    """What happens if the last day is a day of rest."""

    NONE = "none"
    FORWARD = "forward"


class WindowEnd(Word):
    """Which of several periods a window ends with."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A number of days, business days or months after an event. The day of the event counts only if the period says
    so."""

    length: int
    unit: Unit
    anchor: Anchor
    first_day_counts: bool = False
    roll: RestDayRule = RestDayRule.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """Until when a claim may be made. No periods: as long as the goods are not shipped.

    With several periods the window ends with the first or the last of them. `reasons` None means any. Each rule that
    fits is a right of its own: of several windows the buyer has the one that closes last. A seller cannot shorten a
    `statutory` window. A window that is not statutory is a default: the seller's own window replaces it. An
    `after_exchange` window is for goods that were sent in exchange.
    """

    code: str
    kinds: frozenset[Kind]
    faults: frozenset[Fault]
    periods: tuple[Period, ...]
    citation: str
    reasons: frozenset[Reason] | None = None
    ends: WindowEnd = WindowEnd.FIRST
    statutory: bool = True
    after_exchange: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRule:
    """A ground that removes the right. All conditions must hold, and empty sets require nothing.

    `records` must all be on the line or on the order: without them the exception does not bind the buyer. An
    `indivisible` exception keeps the right to the parts that were not used, for goods that come in parts.
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
class DeadlineRule:
    """When a refund is due, by the first rule of the law whose kinds, reasons and natures match, and by every matching
    promise. `reasons` None means any reason. `natures` must hold for all claimed lines. Empty means any nature.

    With several periods the refund is due with the last one. `statutory` is the same as for windows.
    """

    kinds: frozenset[Kind]
    periods: tuple[Period, ...]
    citation: str
    reasons: frozenset[Reason] | None = None
    natures: frozenset[Nature] = frozenset()
    statutory: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRule:
    """How many alternatives a seller may offer: `rounds`, and `rounds_if_wanted` if the buyer agreed to further offers.
    Terms cannot raise `rounds` if the rule is `statutory`."""

    rounds: int = 1
    rounds_if_wanted: int = 5
    citation: str = "our practice; no law sets a number"
    statutory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionRule:
    """What a rejection needs besides a ground. `proof_citation` names the rule of proof: a seller who
    denies a fault must prove it."""

    message_required: bool
    alternative_required: bool
    citation: str
    proof_citation: str = "our practice: who changes a fault says what shows it"


class AutomaticWhen(Word):
    """When the policy approves an eligible claim automatically: while the order is not confirmed, while the order has
    no expected ship date, after that date, or always."""

    NOT_CONFIRMED = "not_confirmed"
    NO_SHIP_DATE = "no_ship_date"
    SHIP_DATE_PASSED = "ship_date_passed"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationRule:
    """On this condition the policy approves an eligible claim of these kinds automatically."""

    kinds: frozenset[Kind]
    when: AutomaticWhen
    citation: str


class Overtaken(Word):
    """What happens to a cancellation whose order ships while the cancellation is open."""

    RETURN_AT_SELLERS_COST = "return_at_sellers_cost"
    RETURN_BY_FAULT = "return_by_fault"
    REFUSE = "refuse"


class Unanswered(Word):
    """What happens to a request without an answer in time."""

    ESCALATE = "escalate"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number of days or business days, from the day after the start."""

    length: int
    unit: Unit
    citation: str
