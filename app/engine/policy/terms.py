"""A seller's terms on top of a law or a marketplace, as data. A missing term is as in the base."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.engine.model.vocabulary import Fault, FeeCollection
from app.engine.policy.money_rules import LostDiscount
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
    """None leaves the matter as the base has it; an empty tuple says that there is nothing of the kind.

    `fees` go by their names in `Fees`; a threshold of None says that nothing ships free. Where another `currency`
    than the base's is named, the base's fees do not hold. `windows` and `promises` come beside those of the law,
    `exceptions` are grounds of the seller's own; interest is a year's.
    `offer_rounds` are for every buyer, `offer_rounds_if_wanted` for those who asked for more.
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
    offer_rounds: int | None = None
    offer_rounds_if_wanted: int | None = None
    hold_within: Limit | None = None
    offer_within: Limit | None = None
    unanswered: Unanswered | None = None
    ship_date_within: Limit | None = None
