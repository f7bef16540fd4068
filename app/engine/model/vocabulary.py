"""One word per thing: the closed lists of the engine, spelled as the API and the database spell them."""

from enum import StrEnum


class Word(StrEnum):
    """A word of a closed list. Its hash is that of its text: `Enum` would call a function for it in Python."""

    __hash__ = str.__hash__


class Kind(Word):
    """What the buyer requests. `cancel` stops goods that were not shipped. `return` sends goods back. `exchange`
    replaces them. `refund` pays money for goods that stay with the buyer. `repair` mends them and sends them to the
    buyer again."""

    CANCEL = "cancel"
    RETURN = "return"
    EXCHANGE = "exchange"
    REFUND = "refund"
    REPAIR = "repair"


class State(Word):
    """The state of a claim. `approved` waits for the goods, or for the money if nothing comes back. `collecting`: goods
    are on their way back. `received` waits for the inspection, `accepted` for the money, the replacement or the repair.
    `repaired` goods wait to be sent. `reshipping` waits for the replacement or the repaired goods to arrive. The last
    six are final: `sent_back` are repaired goods that are with the buyer again. An `expired` claim goes on when the
    goods come late, unless the policy says that the return lapses."""

    REQUESTED = "requested"
    APPROVED = "approved"
    COLLECTING = "collecting"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REPAIRED = "repaired"
    RESHIPPING = "reshipping"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    RETRACTED = "retracted"
    EXPIRED = "expired"


FINAL = frozenset({State.REFUNDED, State.EXCHANGED, State.SENT_BACK, State.REJECTED, State.RETRACTED, State.EXPIRED})


class Fault(Word):
    """Who is at fault. The fault decides what the buyer may do and who pays for it."""

    BUYER = "buyer"
    SELLER = "seller"
    UNDECIDED = "undecided"


class Reason(Word):
    """Why the buyer requests the claim. The first five are the buyer's fault, the others the seller's."""

    CHANGE_OF_MIND = "change_of_mind"
    SIZE_OR_COLOR = "size_or_color"
    ORDERED_BY_MISTAKE = "ordered_by_mistake"
    NOT_SATISFIED = "not_satisfied"
    DELAYED_BY_BUYER = "delayed_by_buyer"
    NOT_AS_DESCRIBED = "not_as_described"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    DELAYED_DELIVERY = "delayed_delivery"
    LOST_IN_DELIVERY = "lost_in_delivery"
    OUT_OF_STOCK = "out_of_stock"
    GOODWILL = "goodwill"
    OTHER = "other"


_BUYERS_REASONS = (
    *(Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.ORDERED_BY_MISTAKE),
    *(Reason.NOT_SATISFIED, Reason.DELAYED_BY_BUYER),
)
_FAULTS = {
    **dict.fromkeys(Reason, Fault.SELLER),
    **dict.fromkeys(_BUYERS_REASONS, Fault.BUYER),
    Reason.OTHER: Fault.UNDECIDED,
}


def fault_of(reason: Reason) -> Fault:
    """The reason decides the fault; `other` stays undecided until the seller classifies it."""
    return _FAULTS[reason]


class Declared(Word):
    """What the buyer states about the goods in the request."""

    OPENED = "opened"
    USED = "used"
    DAMAGED = "damaged"
    SEAL_BROKEN = "seal_broken"
    BEGUN = "begun"
    PERFORMED = "performed"
    """The service has been fully performed."""


class Condition(Word):
    """The condition of a unit that the warehouse finds."""

    AS_SOLD = "as_sold"
    OPENED = "opened"
    USED = "used"
    DAMAGED_IN_TRANSIT = "damaged_in_transit"
    DAMAGED_BY_BUYER = "damaged_by_buyer"
    INCOMPLETE = "incomplete"
    WRONG_ITEM = "wrong_item"


class Deduction(Word):
    """Why the refund of returned goods is less than their price."""

    USED_PART = "used_part"
    USED_VALUE = "used_value"
    MISSING_PARTS = "missing_parts"
    DAMAGE = "damage"


class Disposition(Word):
    """What happens with a returned unit."""

    RESTOCK = "restock"
    DISCARD = "discard"
    SEND_BACK = "send_back"
    KEEP = "keep"
    REFURBISH = "refurbish"
    DONATE = "donate"
    MISSING = "missing"
    LATER = "later"


class Ground(Word):
    """Why a claim is ineligible, or may be rejected."""

    ALREADY_SHIPPED = "already_shipped"
    CUSTOM_MADE = "custom_made"
    WINDOW_CLOSED = "window_closed"
    DAMAGED_BY_BUYER = "damaged_by_buyer"
    USED_OR_CONSUMED = "used_or_consumed"
    VALUE_LOST_BY_TIME = "value_lost_by_time"
    SEAL_BROKEN = "seal_broken"
    HYGIENE_UNSEALED = "hygiene_unsealed"
    DIGITAL_BEGUN = "digital_begun"
    SERVICE_BEGUN = "service_begun"
    INSEPARABLE = "inseparable"
    PUBLICATION = "publication"
    MARKET_PRICED = "market_priced"
    AUCTION = "auction"
    DATED_SERVICE = "dated_service"
    URGENT_REPAIR = "urgent_repair"
    NO_RETURNS_AGREED = "no_returns_agreed"
    NOTHING_WRONG_FOUND = "nothing_wrong_found"
    NOT_RETURNED = "not_returned"
    DUPLICATE = "duplicate"
    NOT_OUR_SALE = "not_our_sale"
    BUYER_AGREED = "buyer_agreed"


class Alternative(Word):
    """What the seller can offer instead of the request. Alternatives that are worth money name an amount."""

    EXCHANGE = "exchange"
    STORE_CREDIT = "store_credit"
    DISCOUNT_COUPON = "discount_coupon"
    PARTIAL_REFUND = "partial_refund"
    FREE_RETURN_SHIPPING = "free_return_shipping"
    EXTRA_COMPENSATION = "extra_compensation"


class HoldReason(Word):
    """Why a claim waits. The three that end in `unpaid` are set by the service when the buyer owes something."""

    RETURN_FEE_UNPAID = "return_fee_unpaid"
    EXTRA_FEE_UNPAID = "extra_fee_unpaid"
    GOODS_NOT_ARRIVED = "goods_not_arrived"
    EXCHANGE_FEE_UNPAID = "exchange_fee_unpaid"
    EXCHANGE_GOODS_NOT_READY = "exchange_goods_not_ready"
    SELLER_CHECK = "seller_check"
    BUYER_QUESTION = "buyer_question"
    OTHER = "other"


class Role(Word):
    """Who acts. `system` is the service itself, for a policy or a deadline."""

    BUYER = "buyer"
    SELLER = "seller"
    SYSTEM = "system"


class OfferStatus(Word):
    """`lapsed`: nobody answered in time. `superseded`: the buyer chose another offer, or a rejection replaced it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


class RefundTo(Word):
    """Where the money of a payment goes back to. `account`: the buyer names an account."""

    SOURCE = "source"
    ACCOUNT = "account"


_PAID_INTO_AN_ACCOUNT = frozenset({"virtual_account", "bank_transfer", "konbini", "cash_on_delivery"})


def refund_to_of(method: str) -> RefundTo:
    """The default of a method. A provider can send the money of a bank transfer back, so each payment may differ."""
    return RefundTo.ACCOUNT if method in _PAID_INTO_AN_ACCOUNT else RefundTo.SOURCE


class DelayReason(Word):
    """Why an order ships later than expected."""

    PREPARING = "preparing"
    CUSTOMER_REQUEST = "customer_request"
    CUSTOM_MADE = "custom_made"
    RESERVED_DISPATCH = "reserved_dispatch"
    OVERSEAS = "overseas"
    OTHER = "other"


class Nature(Word):
    """What kind of goods or services a line sells, for the law of withdrawal and of defects. `publication` is a
    newspaper or a magazine, `inseparable` is mixed with other things after delivery, `subscription` is delivered
    regularly, `market_priced` has a price that follows a market. `dated_service` is for a date: tickets, catering."""

    STANDARD = "standard"
    CUSTOM_MADE = "custom_made"
    PERISHABLE = "perishable"
    SEALED_MEDIA = "sealed_media"
    HYGIENE = "hygiene"
    PUBLICATION = "publication"
    INSEPARABLE = "inseparable"
    SUBSCRIPTION = "subscription"
    SECOND_HAND = "second_hand"
    VEHICLE = "vehicle"
    MARKET_PRICED = "market_priced"
    AUCTION = "auction"
    DIGITAL = "digital"
    SERVICE = "service"
    DATED_SERVICE = "dated_service"
    URGENT_REPAIR = "urgent_repair"


NOT_GOODS = frozenset({Nature.DIGITAL, Nature.SERVICE, Nature.DATED_SERVICE, Nature.URGENT_REPAIR})
"""Natures of which nothing can be sent back."""


class Record(Word):
    """What is on record about an order or a line: a notice to the buyer, a consent of the buyer, a duty that the seller
    did not fulfil. `confirmation` was given on a durable medium. `return_cost_notice`: the buyer knew before the order
    who pays the return. `cure_refused` and `cure_late`: the seller refused a repair or replacement, or took too long.
    """

    NOTICE = "notice"
    CONSENT = "consent"
    PREVIEW = "preview"
    SEAL_NOTICE = "seal_notice"
    ACKNOWLEDGEMENT = "acknowledgement"
    NO_RETURNS_IN_AD = "no_returns_in_ad"
    NO_RETURNS_ON_FINAL_SCREEN = "no_returns_on_final_screen"
    CONFIRMATION = "confirmation"
    INFORMATION_MISSING = "information_missing"
    OBSTRUCTED = "obstructed"
    RETURN_COST_NOTICE = "return_cost_notice"
    COLLECTION_OFFERED = "collection_offered"
    CURE_REFUSED = "cure_refused"
    CURE_LATE = "cure_late"
    SERIOUS_DEFECT = "serious_defect"
    SELLER_KNEW = "seller_knew"
    PREORDER = "preorder"


class CureFailure(Word):
    """Why a repair or an exchange did not put a defect right. `late`: it took too long."""

    FAILED = "failed"
    REFUSED = "refused"
    LATE = "late"


class FeeCollection(Word):
    """How the buyer pays the fees of a claim. `deduct`: the refund is reduced. `extra_payment`: the buyer pays in the
    shop. `remit`: the buyer sends the money, or puts it into the parcel. In the last two cases the buyer pays first,
    and the refund is not reduced."""

    DEDUCT = "deduct"
    EXTRA_PAYMENT = "extra_payment"
    REMIT = "remit"
