"""A policy: all rules that judge the claims of one order."""

from dataclasses import dataclass
from datetime import date

from app.engine.model.late_interest import LateInterest
from app.engine.model.vocabulary import FeeCollection
from app.engine.policy.money_rules import (
    DeductionRule,
    Deposit,
    Fees,
    LateRefundRule,
    LostDiscount,
    RestockingRule,
    ShippingRule,
)
from app.engine.policy.rules import (
    AutomationRule,
    DeadlineRule,
    ExceptionRule,
    Limit,
    OfferRule,
    Overtaken,
    Period,
    RejectionRule,
    Unanswered,
    Unit,
    WindowRule,
)

_DAYS_TO_NAME_A_SHIP_DATE = Limit(
    length=3, unit=Unit.BUSINESS_DAYS, citation="marketplace practice; no law sets a number"
)

_DAYS_TO_ASK_THE_CARRIER = Limit(length=7, unit=Unit.DAYS, citation="practice of carriers; no law sets a number")
_DAYS_TO_TELL_THE_BUYER = Limit(length=10, unit=Unit.DAYS, citation="practice of carriers; no law sets a number")

_OFFERS = OfferRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All rules that judge the claims of one order. `time_zone` is an IANA name. `currency` (ISO 4217) is the currency
    of the fees. If there are fees, the policy cannot judge an order in another currency.

    If `follows_order` is set, the holidays and local days are those of the order's own country and zone, if the order
    has them. `promises` are the seller's own deadlines for refunds: the earlier of the law's and the seller's deadline
    applies. `closing_days` are the seller's own days of rest. `respond_citation` and `collect_citation` are the
    citations of `respond_within` and `collect_within`. Terms cannot shorten a `collect_statutory` period. With
    `collect_lapses` a return ends for good if the goods do not come in time. Otherwise late goods are received.

    `late_interest` is owed on every late refund, if none of `late_refunds` is about its claim. `hold_within` is the
    maximum length of a hold, and `offer_within` the length of an offer without its own end. None means no limit. A paid
    order needs an expected ship date within `ship_date_within`. If the delivery of a parcel is not reported, the seller
    asks the carrier `ask_carrier_after` the shipping, and the buyer is told `tell_buyer_after` the shipping.
    `result_within` is the law's longest time from the request to the result, whatever the claim waits for. None if no
    law sets one.
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
    late_refunds: tuple[LateRefundRule, ...] = ()
    automation: tuple[AutomationRule, ...] = ()
    promises: tuple[DeadlineRule, ...] = ()
    closing_days: frozenset[date] = frozenset()
    advance_exchange: bool = False
    follows_order: bool = False
    deductions: tuple[DeductionRule, ...] = ()
    fee_collection: FeeCollection = FeeCollection.DEDUCT
    lost_discount: LostDiscount = LostDiscount.KEEP
    deposit: Deposit = Deposit.STANDS
    offers: OfferRule = _OFFERS
    respond_citation: str = ""
    collect_citation: str = ""
    collect_statutory: bool = False
    collect_lapses: bool = True
    hold_within: Limit | None = None
    offer_within: Limit | None = None
    unanswered: Unanswered = Unanswered.ESCALATE
    ship_date_within: Limit = _DAYS_TO_NAME_A_SHIP_DATE
    result_within: Limit | None = None
    ask_carrier_after: Limit = _DAYS_TO_ASK_THE_CARRIER
    tell_buyer_after: Limit = _DAYS_TO_TELL_THE_BUYER

    @property
    def key(self) -> str:
        """The key by which an order pins the policy: id and version."""
        return f"{self.policy_id}@{self.version}"
