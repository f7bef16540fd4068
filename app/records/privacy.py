"""Personal data of buyers: in which groups the data is kept, until when, and what stops its erasure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class DataGroup(StrEnum):
    """Data of an order that is kept for the same time."""

    UNNEEDED = "unneeded"
    """What no law wants kept: search words, the end of a phone number, bounces, the words of surveys."""
    DISPUTE = "dispute"
    """Records of complaints and disputes: contacts, files, and words about a claim."""
    CONTRACT = "contract"
    """Records of contracts, payments and supply: who bought, where the goods went, and what the buyer was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """How long a law wants a group of data kept. `basis` is `statute`, or `practice` where no law has a number."""

    group: DataGroup
    years: int
    basis: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptGroup:
    """`until_at` is the first instant at which the group can be erased: None while a claim of the order is open. A rule
    says why the group is kept. `erased_at` is when the group was erased."""

    group: DataGroup
    until_at: datetime | None
    rule: RetentionRule | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestFacts:
    """When the data of an order's buyer last grew, by what it is. None where the order has nothing of it."""

    buyer_at: datetime | None = None
    bounce_at: datetime | None = None
    survey_at: datetime | None = None
    claim_at: datetime | None = None
    option_change_at: datetime | None = None
    withdrawal_at: datetime | None = None
    refund_at: datetime | None = None
    message_at: datetime | None = None

    @property
    def count_from(self) -> tuple[datetime, ...]:
        """Facts that the records of a contract are kept for, beside the order's own and the ends of its claims."""
        return tuple(filter(None, (self.option_change_at, self.withdrawal_at, self.refund_at)))

    def last_of(self, group: DataGroup) -> datetime | None:
        """When the data of a group last grew."""
        instants = {
            DataGroup.UNNEEDED: (self.buyer_at, self.bounce_at, self.survey_at),
            DataGroup.DISPUTE: (self.claim_at, self.option_change_at),
            DataGroup.CONTRACT: (self.buyer_at, self.claim_at, self.withdrawal_at, self.message_at),
        }
        return max(filter(None, instants[group]), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """Nothing of the order is erased while the hold stands. Personal data may be in `reason`: not for logs."""

    order_id: str
    reason: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerErasure:
    """The erasure of the buyer of one order. `asked_by` is None where the time of keeping has ended without a request.
    `wakes_at` is when the next group can be erased, None after the last."""

    order_id: str
    asked_at: datetime
    asked_by: str | None
    wakes_at: datetime | None
    unneeded_erased_at: datetime | None = None
    dispute_erased_at: datetime | None = None
    contract_erased_at: datetime | None = None

    def with_erased(self, groups: Sequence[DataGroup], at: datetime) -> "BuyerErasure":
        return replace(
            self,
            unneeded_erased_at=at if DataGroup.UNNEEDED in groups else self.unneeded_erased_at,
            dispute_erased_at=at if DataGroup.DISPUTE in groups else self.dispute_erased_at,
            contract_erased_at=at if DataGroup.CONTRACT in groups else self.contract_erased_at,
        )

    @property
    def is_complete(self) -> bool:
        return None not in (self.unneeded_erased_at, self.dispute_erased_at, self.contract_erased_at)

    def erased_at(self, group: DataGroup) -> datetime | None:
        erased_at: datetime | None = getattr(self, f"{group}_erased_at")
        return erased_at


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldData:
    """What the service holds about the buyer of an order, and until when."""

    order_id: str
    groups: tuple[KeptGroup, ...]
    hold: LegalHold | None = None
    erasure: BuyerErasure | None = None
