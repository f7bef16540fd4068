"""The rules of a policy about money as data: fees, shipping, deductions and discounts."""

from dataclasses import dataclass

from app.engine.model.late_interest import LateInterest
from app.engine.model.vocabulary import Condition, Deduction, Fault, Kind, Nature, Reason, Record, Word
from app.engine.policy.rules import Basis, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """The seller's disclosed fees in minor units. `free_shipping_from` is the order value that ships free.
    `restocking_percent` is the share of the price that the seller keeps for a return at the buyer's fault. `tax_rate`,
    in hundredths of a percent, is the tax in the fees, or on top of the fees if an order's prices exclude tax."""

    outbound: int = 0
    return_shipping: int = 0
    exchange_round_trip: int = 0
    free_shipping_from: int | None = None
    restocking_percent: int = 0
    tax_rate: int = 0
    citation: str = ""

    @property
    def are_money(self) -> bool:
        """True if some amount depends on a currency."""
        return any((self.outbound, self.return_shipping, self.exchange_round_trip, self.free_shipping_from))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingRule:
    """Who pays the return shipping, and for which faults the outbound shipping is refunded.

    The buyer pays the return only if `buyer_pays_records` are on record. The seller pays the return of an order that is
    paid in at least `instalments_from_months` instalments and costs at least `instalments_from_amount` (minor units).
    With `standard_delivery_only`, a refund at the buyer's fault has no more than the cheapest standard delivery.
    """

    return_shipping_payer: Fault
    outbound_refunded_at: frozenset[Fault]
    citation: str
    buyer_pays_records: frozenset[Record] = frozenset()
    standard_delivery_only: bool = False
    instalments_from_months: int | None = None
    instalments_from_amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRefundRule:
    """What is owed on late refunds of claims of these kinds and reasons, in place of the policy's own rule. `reasons`
    None means any."""

    kinds: frozenset[Kind]
    interest: LateInterest
    reasons: frozenset[Reason] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestockingRule:
    """Whether the seller may keep a part of the price for taking goods back."""

    allowed: bool
    citation: str
    basis: Basis = Basis.STATUTE


class DeductionLimit(Word):
    """At most the cost of the consumable part of the goods."""

    CONSUMABLE = "consumable"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductionRule:
    """What may be deducted from the price of returned goods, at whose fault, and with which records (as for an
    exception). It does not apply to claims with one of `except_reasons`. Without a rule nothing may be deducted.

    The warehouse must have found one of `conditions` (empty: any but `as_sold`), and name evidence if the rule
    `needs_evidence`. The deduction is at most `limit_percent` of the value, and at most the consumable part of the
    goods with `limit` `consumable`. It is allowed when the period `after` has ended.
    """

    reason: Deduction
    faults: frozenset[Fault]
    citation: str
    natures: frozenset[Nature] = frozenset()
    records: frozenset[Record] = frozenset()
    except_reasons: frozenset[Reason] = frozenset()
    without_records: frozenset[Record] = frozenset()
    conditions: frozenset[Condition] = frozenset()
    needs_evidence: bool = False
    limit_percent: int | None = None
    limit: DeductionLimit | None = None
    after: Period | None = None
    basis: Basis = Basis.STATUTE


class Deposit(Word):
    """What a captured part of the price is for, when the buyer gives goods back. `stands`: for the goods that stay, and
    a refund begins when these are paid. `goes_back`: the refund is paid, up to the captured amount."""

    STANDS = "stands"
    GOES_BACK = "goes_back"


class LostDiscount(Word):
    """What happens to the order's discount on goods that stay, if their value is below the minimum of the discount."""

    KEEP = "keep"
    RECALCULATE = "recalculate"
