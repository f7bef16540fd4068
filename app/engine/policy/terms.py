"""A seller's terms, as data. They extend a law or a marketplace. A missing term has the value of the base."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.engine.model.vocabulary import Fault, FeeCollection
from app.engine.policy.money_rules import Deposit, LostDiscount
from app.engine.policy.rules import (
    AutomationRule,
    DeadlineRule,
    ExceptionRule,
    Limit,
    Overtaken,
    Period,
    Unanswered,
    WindowRule,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """None: the base's value applies. An empty tuple: there are no such rules.

    `fees` have the names of `Fees`. A threshold of None: nothing ships free. If `currency` differs from the base's
    currency, the base's fees do not apply. `windows` and `promises` are added to the law's. `exceptions` are the
    seller's own grounds. Interest is for a year. `offer_rounds` is for every buyer, `offer_rounds_if_wanted` for a
    buyer who agreed to further offers.
    """

    title: str | None = None
    language: str | None = None
    currency: str | None = None
    fees: Mapping[str, int | None] = field(default_factory=dict)
    windows: tuple[WindowRule, ...] = ()
    exceptions: tuple[ExceptionRule, ...] = ()
    promises: tuple[DeadlineRule, ...] = ()
    return_shipping_payer: Fault | None = None
    late_interest_percent: int | None = None
    respond_within: Period | None = None
    collect_within: Period | None = None
    alternative_required: bool | None = None
    automation: tuple[AutomationRule, ...] | None = None
    refund_order: tuple[str, ...] | None = None
    overtaken: Overtaken | None = None
    advance_exchange: bool | None = None
    closing_days: frozenset[date] = frozenset()
    fee_collection: FeeCollection | None = None
    lost_discount: LostDiscount | None = None
    deposit: Deposit | None = None
    offer_rounds: int | None = None
    offer_rounds_if_wanted: int | None = None
    hold_within: Limit | None = None
    offer_within: Limit | None = None
    unanswered: Unanswered | None = None
    ship_date_within: Limit | None = None
    ask_carrier_after: Limit | None = None
    tell_buyer_after: Limit | None = None
