"""The rules of a policy about money as data: fees, shipping, deductions, discounts and late interest."""

from dataclasses import dataclass

from app.engine.model.vocabulary import Deduction, Fault, Nature, Reason, Record, Word


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
    """Who pays the return shipping, and for which faults the outbound shipping is refunded."""

    return_shipping_payer: Fault
    outbound_refunded_at: frozenset[Fault]
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateInterest:
    """The interest on a late refund: percent a year, from the day after the due day."""

    percent: int
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestockingRule:
    """Whether the seller may keep a part of the price for taking goods back."""

    allowed: bool
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductionRule:
    """What may be deducted from the price of returned goods, at whose fault, and with which records (as for an
    exception). It does not apply to claims with one of `except_reasons`. Without a rule nothing may be deducted."""

    reason: Deduction
    faults: frozenset[Fault]
    citation: str
    natures: frozenset[Nature] = frozenset()
    records: frozenset[Record] = frozenset()
    except_reasons: frozenset[Reason] = frozenset()


class LostDiscount(Word):
    """What happens to the order's discount on goods that stay, if their value is below the minimum of the discount."""

    KEEP = "keep"
    RECALCULATE = "recalculate"
