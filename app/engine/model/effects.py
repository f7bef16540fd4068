"""What must happen outside of the claim, as data. The service carries the effects out in the same transaction, and the
event repeats them for the systems that do the rest (labels, parcels, coupons)."""

from datetime import datetime

from app.engine.model.breakdown import PaymentShare
from app.engine.model.claim import Replacement, Tracking
from app.engine.model.values import value
from app.engine.model.vocabulary import Alternative, Record, Word


class UnitStatus(Word):
    """The status that a unit is counted under."""

    UNTOUCHED = "untouched"
    OPEN_CANCEL = "open_cancel"
    OPEN_OTHER = "open_other"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    EXCHANGED = "exchanged"
    REFUNDED = "refunded"


@value
class MoveUnits:
    line_id: str
    quantity: int
    source: UnitStatus
    target: UnitStatus


@value
class CreateRefund:
    """Money is owed. `share` is the amount for one payment."""

    share: PaymentShare


@value
class CreditLine:
    """Change the credit of a line by `amount`: the refunds for units that stay with the buyer."""

    line_id: str
    amount: int


@value
class RechargeLine:
    """Change the recharge of a line by `amount`: the discount charged again for units that stay with the buyer."""

    line_id: str
    amount: int


@value
class TakePayment:
    """The buyer has paid the debt of the claim `settles`: money captured for the order. The order may have the payment
    already."""

    payment_id: str
    method: str
    amount: int
    settles: str


@value
class ChargeOrder:
    """Shipping given back to the buyer, and outbound shipping charged by this claim. Below zero if a charge is given
    back or waived. `rounded` is what the refunds pay beyond the exact amount, or below zero what they pay less."""

    shipping_refunded: int = 0
    outbound_charged: int = 0
    rounded: int = 0
    fees_charged: int = 0


@value
class DeferRefund:
    """The refund is less by `amount`, because the money was not captured. It is owed when the money is captured. Below
    zero if the money is owed now."""

    amount: int


@value
class VoidRefund:
    """A refund ends before it is paid, because the bank or the provider has paid the money back."""

    share: PaymentShare


@value
class RefundSurplus:
    """Money that was captured above the price of the order is refunded. Below zero if it is not refunded after all."""

    amount: int


@value
class StopFulfilment:
    line_id: str
    quantity: int


@value
class CollectGoods:
    line_id: str
    quantity: int
    paid_by_seller: bool


@value
class SendBack:
    line_id: str
    quantity: int


@value
class SendReplacement:
    """A new line of the order with the value `carried` (minor units, with tax) and its `tax`."""

    line_id: str
    replaces: str
    quantity: int
    replacement: Replacement
    carried: int
    tax: int
    tracking: Tracking
    shipped_at: datetime | None = None


@value
class DeliverReplacement:
    """The replacement has arrived. The buyer waited `cure_days` local days for it, without the goods."""

    line_id: str
    cure_days: int = 0
    delivered_at: datetime | None = None


@value
class CountRepair:
    """Units of a line were repaired. The buyer waited `cure_days` local days for them. `repaired_at` is when they came
    back to the buyer, and None for a repair that failed."""

    line_id: str
    cure_days: int = 0
    repaired_at: datetime | None = None


@value
class AddRecord:
    """Something is on record about a line from now on."""

    line_id: str
    record: Record


@value
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
    | DeferRefund
    | VoidRefund
    | RefundSurplus
    | StopFulfilment
    | CollectGoods
    | SendBack
    | SendReplacement
    | DeliverReplacement
    | CountRepair
    | AddRecord
    | GrantAlternative
)
