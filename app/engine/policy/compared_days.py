"""The orders for comparing two periods: one with a contract on each day of a year, some with slow later steps."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import product

from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.periods import last_day_from
from app.engine.policy.rules import Anchor, Period, WindowEnd

LastDays = tuple[date, ...]
"""The last local day of a period or a window for each of the orders."""
_Events = Mapping[Anchor, datetime]


class ComparedDays:
    """Two periods are compared by counting both in the same orders: days, business days and months cannot be compared
    otherwise. Each period is counted once, and from each local day once."""

    def __init__(self, calendar: BusinessCalendar, year: int) -> None:
        self.calendar = calendar
        self.year = year
        self._first_days = _first_days(calendar, year)
        self._counted: dict[Period, LastDays] = {}

    def ends(self, periods: tuple[Period, ...], ends: WindowEnd) -> LastDays:
        """The last local day of a window with these periods, in each order."""
        counted = [self.last_days(period) for period in periods]
        if len(counted) == 1:
            return counted[0]
        return tuple(map(min if ends is WindowEnd.FIRST else max, *counted))

    def last_days(self, period: Period) -> LastDays:
        """The last local day of a period, in each order."""
        if period not in self._counted:
            first_days = self._first_days[period.anchor]
            last = {day: last_day_from(period, day, self.calendar) for day in dict.fromkeys(first_days)}
            self._counted[period] = tuple([last[day] for day in first_days])
        return self._counted[period]


_SLOW_STEPS: tuple[Mapping[str, int], ...] = (
    {"paid": 5},
    {"rest": 5},
    {"shipped": 5},
    {"arrived": 5},
    {"shipped": 40, "arrived": 40},
    {"discovered": 400},
    {"approved": 5},
    {"approved": 40},
    {"back": 5},
    {"back": 40},
    {"discovered": 400, "approved": 40, "back": 40},
)
"""Steps that take many days. They reveal a rule that counts from an earlier step."""


@lru_cache(maxsize=64)
def _first_days(calendar: BusinessCalendar, year: int) -> Mapping[Anchor, tuple[date, ...]]:
    """The local day of each event, in each order."""
    orders = _orders_of(year)
    days = {instant: calendar.local_day(instant) for events in orders for instant in events.values()}
    return {anchor: tuple([days[events[anchor]] for events in orders]) for anchor in Anchor}


@lru_cache(maxsize=16)
def _orders_of(year: int) -> tuple[_Events, ...]:
    first = datetime(year, 1, 1, 12, tzinfo=UTC)
    return (
        *(
            _events(first + timedelta(days=day), {"discovered": discovered})
            for discovered, day in product((0, 20, 70), range(400))
        ),
        *(_events(first + timedelta(days=day), slow) for slow, day in product(_SLOW_STEPS, range(28))),
    )


def _events(contract: datetime, slow: Mapping[str, int]) -> _Events:
    """An order with a contract at an instant, and the days that steps take after that.

    The buyer is informed with the contract, and makes the claim on the day of the discovery. The return takes no time.
    """

    def after(instant: datetime, step: str) -> datetime:
        return instant + timedelta(days=slow.get(step, 0))

    paid_at = after(contract, "paid")
    shipped_at = after(paid_at, "shipped")
    first_arrived_at = after(shipped_at, "arrived")
    arrived_at = after(first_arrived_at, "rest")
    discovered_at = after(arrived_at, "discovered")
    approved_at = after(discovered_at, "approved")
    return {
        Anchor.CONTRACT: contract,
        Anchor.INFORMED: contract,
        Anchor.UNOBSTRUCTED: contract,
        Anchor.PAID: paid_at,
        Anchor.SHIPPED: shipped_at,
        Anchor.FIRST_DELIVERED: first_arrived_at,
        Anchor.DELIVERED: arrived_at,
        Anchor.ORDER_DELIVERED: arrived_at,
        Anchor.REPAIRED: arrived_at,
        Anchor.DISCOVERED: discovered_at,
        Anchor.REQUESTED: discovered_at,
        Anchor.APPROVED: approved_at,
        **dict.fromkeys((Anchor.SENT_BACK, Anchor.GOODS_BACK), after(approved_at, "back")),
    }
