"""The rules of a policy about money as data: fees, shipping, deductions, discounts and late interest."""

from dataclasses import dataclass
from enum import StrEnum

from app.engine.model.vocabulary import Deduction, Fault, Nature, Reason, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """The seller's disclosed fees in minor units; `free_shipping_from` is the order value that ships free,
    `restocking_percent` what is kept of goods that come back at the buyer's fault. `tax_rate`, in hundredths of a
    percent, is the tax in the fees, or on top of them where an order's prices come without."""

    outbound: int = 0
    return_shipping: int = 0
    exchange_round_trip: int = 0
    free_shipping_from: int | None = None
    restocking_percent: int = 0
    tax_rate: int = 0
    citation: str = ""

    @property
    def are_money(self) -> bool:
        """False where there is nothing that a currency would change."""
        return any((self.outbound, self.return_shipping, self.exchange_round_trip, self.free_shipping_from))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingRule:
    """Who bears shipping when goods come back, and at whose fault the outbound charge is given back too."""

    return_shipping_payer: Fault
    outbound_refunded_at: frozenset[Fault]
    citation: str


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


class LostDiscount(StrEnum):
    """What becomes of the order's discount on goods that stay, when they alone are not worth what it was given
    for."""

    KEEP = "keep"
    RECALCULATE = "recalculate"
