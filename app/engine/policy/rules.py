"""The rules of a policy as data: windows, exceptions, deadlines, offers, rejections and automation.

This module makes no decisions. Each rule has a citation, and the engine returns the citation with every answer that
uses the rule. A rule fits a line if the line has one of its `natures` (empty: any), if all its `records` are on record
for the line or the order, and if not all of its `without_records` are.
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


class Basis(Word):
    """What a rule rests on. No contract changes a `statute` to the buyer's disadvantage. A contract may change
    `default_law`."""

    STATUTE = "statute"
    DEFAULT_LAW = "default_law"
    MARKETPLACE = "marketplace"
    PRACTICE = "practice"


class Opening(Word):
    """What opens a further remedy: the line was exchanged or repaired before, or it is on record that the seller
    refused a repair or replacement or took too long, or that the defect is serious."""

    EXCHANGED = "exchanged"
    REPAIRED = "repaired"
    REFUSED = "refused"
    LATE = "late"
    SERIOUS = "serious"


class Anchor(Word):
    """The event that starts a period. `contract` is the contract, or else the payment. `informed` is when the buyer got
    information that was missing, `unobstructed` when an obstruction of the withdrawal ended. `delivered` is the last
    delivery of a line, and `order_delivered` the last delivery of the whole order. `discovered` is when the buyer knew
    of the defect or could have known. `repaired` is when the line came back from its last repair. `sent_back` is the
    earlier of two instants: the goods were proven to be on their way back, or the goods were back."""

    PAID = "paid"
    CONTRACT = "contract"
    INFORMED = "informed"
    UNOBSTRUCTED = "unobstructed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    FIRST_DELIVERED = "first_delivered"
    ORDER_DELIVERED = "order_delivered"
    DISCOVERED = "discovered"
    REPAIRED = "repaired"
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
    so. The period goes on for `then_months` to the date after its last day."""

    length: int
    unit: Unit
    anchor: Anchor
    first_day_counts: bool = False
    roll: RestDayRule = RestDayRule.NONE
    then_months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """Until when a claim may be made. No periods: as long as the goods are not shipped.

    With several periods the window ends with the first or the last of them. It begins with the first period, and ends
    with the `first` of those that have begun. `reasons` None means any. Each rule that fits is a right of its own: of
    several windows the buyer has the one that closes last. A seller cannot shorten a window of a `statute`. Any other
    window is a default: the seller's own window replaces it. A window that `opens_after` something is for lines that
    show at least one of these. With `stops_during_cure`, the days that the buyer waited for a repair or a replacement
    do not count, and a replacement goes on with the time of the line that it replaces. A window with
    `discovered_within` goes on after that period: it is for later claims about a defect that was discovered within the
    period. There the days of a cure lengthen that period, and not the time to act after it. Without `periods` the law
    leaves that time to others, so such a claim is for review. A `withdrawal` needs no reason. The buyer has it from the
    contract on, so goods on their way can be returned. When it is over, it says nothing about the seller's fault.
    """

    code: str
    kinds: frozenset[Kind]
    faults: frozenset[Fault]
    periods: tuple[Period, ...]
    citation: str
    reasons: frozenset[Reason] | None = None
    ends: WindowEnd = WindowEnd.FIRST
    basis: Basis = Basis.STATUTE
    natures: frozenset[Nature] = frozenset()
    records: frozenset[Record] = frozenset()
    without_records: frozenset[Record] = frozenset()
    opens_after: frozenset[Opening] = frozenset()
    stops_during_cure: bool = False
    withdrawal: bool = False
    discovered_within: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRule:
    """A ground that removes the right. All conditions must hold, and empty sets require nothing.

    Without its `records` the exception does not bind the buyer. An `indivisible` exception keeps the right to the parts
    that were not used, for goods that come in parts. If the seller `needs_proof`, the declaration of the buyer does not
    show the ground: a person must look.
    """

    ground: Ground
    kinds: frozenset[Kind]
    faults: frozenset[Fault]
    citation: str
    natures: frozenset[Nature] = frozenset()
    conditions: frozenset[Declared] = frozenset()
    records: frozenset[Record] = frozenset()
    without_records: frozenset[Record] = frozenset()
    indivisible: bool = False
    needs_proof: bool = False
    basis: Basis = Basis.STATUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """When a refund is due, by the first rule of the law that fits every claimed line, and by every matching promise.
    `reasons` None means any reason.

    With several periods the refund is due with the last one. `basis` is the same as for windows.
    """

    kinds: frozenset[Kind]
    periods: tuple[Period, ...]
    citation: str
    reasons: frozenset[Reason] | None = None
    natures: frozenset[Nature] = frozenset()
    records: frozenset[Record] = frozenset()
    without_records: frozenset[Record] = frozenset()
    basis: Basis = Basis.STATUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRule:
    """How many alternatives a seller may offer: `rounds`, and `rounds_if_wanted` if the buyer agreed to further offers.
    Terms cannot raise `rounds` if the rule is a `statute`."""

    rounds: int = 1
    rounds_if_wanted: int = 5
    citation: str = "our practice; no law sets a number"
    basis: Basis = Basis.PRACTICE


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
    """On this condition the policy approves an eligible claim of these kinds automatically, if the rule fits every
    line."""

    kinds: frozenset[Kind]
    when: AutomaticWhen
    citation: str
    natures: frozenset[Nature] = frozenset()
    records: frozenset[Record] = frozenset()
    without_records: frozenset[Record] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractLimit:
    """What a contract cannot do where it departs from default law, for claims of these kinds and faults. `says` is a
    sentence. A window in place of one of default law is void if it closes before `at_least`."""

    says: str
    kinds: frozenset[Kind]
    faults: frozenset[Fault]
    citation: str
    at_least: Period | None = None


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
