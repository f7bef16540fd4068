"""What must happen outside of the claim, as data. The service carries the effects out in the same transaction, and the
event repeats them for the systems that do the rest (labels, parcels, coupons)."""

from dataclasses import dataclass
from enum import StrEnum

from app.engine.model.breakdown import PaymentShare
from app.engine.model.claim import Replacement, Tracking
from app.engine.model.vocabulary import Alternative


class UnitStatus(StrEnum):
    """Where a line's units are counted."""

    UNTOUCHED = "untouched"
    OPEN_CANCEL = "open_cancel"
    OPEN_OTHER = "open_other"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    EXCHANGED = "exchanged"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUnits:
    line_id: str
    quantity: int
    source: UnitStatus
    target: UnitStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRefund:
    """Money is owed: `share` says how much to which payment."""

    share: PaymentShare


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """Change by `amount` what has been paid back on units of a line that stay with the buyer."""

    line_id: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RechargeLine:
    """Change by `amount` what of the order's discount has been taken back on units that stay with the buyer."""

    line_id: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePayment:
    """The buyer has paid what a claim, named by `settles`, left them owing: money captured for the order. It may
    have been reported to the order before."""

    payment_id: str
    method: str
    amount: int
    settles: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOrder:
    """Shipping given back to the buyer, and outbound shipping charged after all, by this claim; below zero where
    what was charged is given back, or never had to be paid."""

    shipping_refunded: int
    outbound_charged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopFulfilment:
    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectGoods:
    line_id: str
    quantity: int
    paid_by_seller: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack:
    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReplacement:
    """A new line of the order, holding the value `carried` (minor units, tax in) and its `tax` part."""

    line_id: str
    replaces: str
    quantity: int
    replacement: Replacement
    carried: int
    tax: int
    tracking: Tracking


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverReplacement:
    line_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAlternative:
    alternative: Alternative
    amount: int | None


Effect = (
    MoveUnits
    | CreateRefund
    | CreditLine
    | RechargeLine
    | TakePayment
    | ChargeOrder
    | StopFulfilment
    | CollectGoods
    | SendBack
    | SendReplacement
    | DeliverReplacement
    | GrantAlternative
)
