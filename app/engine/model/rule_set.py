"""A seller's rules: what happens by itself when a buyer opens a claim. Rules are data, in an order."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.vocabulary import Alternative, Word


class RuleField(Word):
    """What a condition reads. `value` is what the buyer paid for the claimed units, in minor units of the rule's
    currency. `sku` and `nature` are those of every claimed line. `buyer_claims` counts the earlier claims of the buyer
    in so many days. `stage` is how far the claimed units are, from the first to the last of `OrderStage`."""

    VALUE = "value"
    KIND = "kind"
    REASON = "reason"
    FAULT = "fault"
    SKU = "sku"
    NATURE = "nature"
    COUNTRY = "country"
    BUYER_CLAIMS = "buyer_claims"
    DAYS_SINCE_PAYMENT = "days_since_payment"
    DAYS_SINCE_DELIVERY = "days_since_delivery"
    STAGE = "stage"


NUMBERS = frozenset(
    {RuleField.VALUE, RuleField.BUYER_CLAIMS, RuleField.DAYS_SINCE_PAYMENT, RuleField.DAYS_SINCE_DELIVERY}
)
"""The fields that a condition compares with `at_least` and `at_most`. The others are compared with words."""


class OrderStage(Word):
    """How far the claimed line is that is furthest."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"


class RuleAction(Word):
    """What a rule does. `route` gives the claim to a person or a tag, and later rules still count. Of all others the
    first that fits decides. `review` leaves the claim to a person. No rule rejects: the check refuses `reject`."""

    APPROVE = "approve"
    APPROVE_KEEP_GOODS = "approve_keep_goods"
    WAIVE_FEE = "waive_fee"
    OFFER = "offer"
    ASK = "ask"
    ROUTE = "route"
    REVIEW = "review"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCondition:
    """A comparison that holds or not. A field without a value, such as the delivery of goods on their way, holds
    nothing. With several values, such as the SKUs of several lines, all of them must be `one_of`, or none of them
    `none_of`. `in_days` is for `buyer_claims`."""

    field: RuleField
    at_least: int | None = None
    at_most: int | None = None
    one_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    in_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """All conditions must hold. `currency` is of `value` conditions and of `amount`. An offer is worth `amount`, or
    `percent` of the claimed value, and stays open for `open_days`. `text` is the message of an offer or the question.
    `assignee` and `tag` are where `route` leads."""

    rule_id: str
    name: str
    action: RuleAction
    conditions: tuple[RuleCondition, ...] = ()
    currency: str | None = None
    alternative: Alternative | None = None
    amount: int | None = None
    percent: int | None = None
    open_days: int | None = None
    text: str | None = None
    assignee: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of a seller in one version, which never changes."""

    version: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerRecord:
    """When the buyer opened other claims before this one."""

    requested_at: tuple[datetime, ...] = ()
