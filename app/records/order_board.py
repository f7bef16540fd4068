"""The board of orders: its tabs, the place of an order in a tab, and how many orders each tab has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class BoardTab(StrEnum):
    """Why an order needs the seller. An order can be in several tabs."""

    NO_SHIP_DATE = "no_ship_date"
    SHIP_SOON = "ship_soon"
    SHIP_LATE = "ship_late"
    SILENT_IN_TRANSIT = "silent_in_transit"
    WANTED = "wanted"
    OPEN_CHANGE = "open_change"
    OPEN_CANCELLATION = "open_cancellation"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPlace:
    """Where an order stands in a tab: by a local day, if the tab goes by one, then by an instant. `subject_id` is the
    id of the order, or of the change for which it is in the tab."""

    order_id: str
    stands_on: date | None
    stands_at: datetime
    subject_id: str

    @property
    def position(self) -> tuple[date | None, datetime, str]:
        return self.stands_on, self.stands_at, self.subject_id


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """`today` is the local day of the shop. `q` is what somebody looks for."""

    tab: BoardTab
    today: date
    q: str | None = None


BoardCounts = Mapping[BoardTab, int]
"""How many orders each tab has. A count stops at a bound."""
