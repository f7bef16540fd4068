"""What a claim or an order adds to the sums of reports, and the sums as a report reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Measure(StrEnum):
    """What is counted. The dimensions of a measure that it does not have are empty. A figure with many values has a
    measure for each way to read it, so that no report adds up dimensions that it does not show."""

    CLAIMS = "claims"
    PRODUCTS = "products"
    PRODUCT_REASONS = "product_reasons"
    ORDERS = "orders"
    SOLD = "sold"
    TIMES = "times"
    TIMES_OF_KINDS = "times_of_kinds"
    TIMES_OF_POLICIES = "times_of_policies"
    ANSWERS = "answers"
    PAYMENTS = "payments"
    COSTS = "costs"
    OFFERS = "offers"
    KEPT = "kept"
    REPEATS = "repeats"


class Step(StrEnum):
    """A step of a claim whose time is measured."""

    FIRST_ANSWER = "first_answer"
    DECISION = "decision"
    GOODS = "goods"
    INSPECTION = "inspection"
    MONEY = "money"


class Cost(StrEnum):
    """A part of what claims cost. `fees` are what buyers paid towards the cost."""

    REFUNDED = "refunded"
    SHIPPING = "shipping"
    FEES = "fees"
    INTEREST = "interest"
    CREDIT = "credit"


class Subject(StrEnum):
    CLAIM = "claim"
    ORDER = "order"


class Cell(NamedTuple):
    """The key of a sum, without its merchant and its span. A tuple, because every claim has a dozen."""

    measure: str
    on: date
    kind: str = ""
    reason: str = ""
    fault: str = ""
    sku: str = ""
    policy: str = ""
    label: str = ""
    value: int = 0


class Added(NamedTuple):
    """How many, and how much: units, or money in minor units."""

    number: int
    amount: int = 0


Entry = Mapping[Cell, Added]
"""Everything that one claim or order adds to the sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHead:
    """How far the reports of a merchant are counted. While `recounting` is set, everything is counted again."""

    merchant_id: str
    time_zone: str
    recounting: Subject | None = None
    recounted_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    change_id: str
    changed_at: datetime
    subject: Subject
    subject_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyersClaim:
    claim_id: str
    buyer_id: str
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Local days from the first to the last, both included."""

    from_on: date
    to_on: date

    @property
    def count(self) -> int:
        return (self.to_on - self.from_on).days + 1

    @property
    def before(self) -> "Days":
        """As many days, which end on the day before."""
        last = self.from_on - timedelta(days=1)
        return Days(from_on=last - timedelta(days=self.count - 1), to_on=last)


class SumRow(NamedTuple):
    """A sum over days, by some of the dimensions. The others are empty."""

    number: int
    amount: int
    kind: str = ""
    reason: str = ""
    fault: str = ""
    sku: str = ""
    policy: str = ""
    label: str = ""
    value: int = 0
