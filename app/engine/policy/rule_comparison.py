"""Whether one rule is shorter, later or wider than another.

Two periods are compared by counting both from every day of a year: days, business days and months cannot be compared
otherwise.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import product

from app.engine.model.vocabulary import Fault
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.periods import last_day
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, DeadlineRule, ExceptionRule, Period, WindowEnd, WindowRule

Events = dict[Anchor, datetime]


class ComparedDays:
    """The orders for comparing two periods: paid on each day of a year, with slow later steps."""

    def __init__(self, calendar: BusinessCalendar, year: int) -> None:
        self.calendar = calendar
        self.events = _events_of(year)

    def end(self, periods: tuple[Period, ...], ends: WindowEnd, events: Events) -> date:
        """The last local day of a window with these periods."""
        days = [last_day(period, events[period.anchor], self.calendar) for period in periods]
        return min(days) if ends is WindowEnd.FIRST else max(days)


_SLOW_STEPS: tuple[Mapping[str, int], ...] = (
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


@lru_cache(maxsize=16)
def _events_of(year: int) -> tuple[Events, ...]:
    first = datetime(year, 1, 1, 12, tzinfo=UTC)
    return (
        *(
            _events(first + timedelta(days=day), discovered=discovered)
            for discovered, day in product((0, 20, 70), range(400))
        ),
        *(_events(first + timedelta(days=day), **slow) for slow, day in product(_SLOW_STEPS, range(28))),
    )


def _events(
    paid_at: datetime, *, shipped: int = 0, arrived: int = 0, discovered: int = 0, approved: int = 0, back: int = 0
) -> Events:
    """An order that was paid at an instant, and the days between the steps after that.

    The buyer makes the claim on the day of the discovery. The goods come in one parcel, and the return takes no time.
    """
    shipped_at = paid_at + timedelta(days=shipped)
    arrived_at = shipped_at + timedelta(days=arrived)
    discovered_at = arrived_at + timedelta(days=discovered)
    approved_at = discovered_at + timedelta(days=approved)
    return {
        Anchor.PAID: paid_at,
        Anchor.SHIPPED: shipped_at,
        Anchor.DELIVERED: arrived_at,
        Anchor.ORDER_DELIVERED: arrived_at,
        Anchor.DISCOVERED: discovered_at,
        Anchor.REQUESTED: discovered_at,
        Anchor.APPROVED: approved_at,
        **dict.fromkeys((Anchor.SENT_BACK, Anchor.GOODS_BACK), approved_at + timedelta(days=back)),
    }


def meet(law: WindowRule, window: WindowRule) -> bool:
    same_reasons = law.reasons is None or window.reasons is None or law.reasons & window.reasons
    return bool(law.kinds & window.kinds and law.faults & window.faults and same_reasons)


def is_about(law: DeadlineRule, promise: DeadlineRule) -> bool:
    """A rule of the law for particular reasons or natures precedes a general promise."""
    if law.natures:
        return False
    same_reasons = law.reasons is None or bool(promise.reasons and law.reasons & promise.reasons)
    return bool(law.kinds & promise.kinds) and same_reasons


def is_replaced(rule: WindowRule, windows: tuple[WindowRule, ...]) -> bool:
    """True if a rule covers everything that the other rule is about."""
    return any(
        rule.kinds <= window.kinds
        and rule.faults <= window.faults
        and (window.reasons is None or (rule.reasons is not None and rule.reasons <= window.reasons))
        for window in windows
    )


def is_cut_short(law: WindowRule, window: WindowRule, days: ComparedDays) -> bool:
    if not law.periods or not window.periods:
        return bool(window.periods)
    return any(
        days.end(window.periods, window.ends, events) < days.end(law.periods, law.ends, events)
        for events in days.events
    )


def is_later(promise: DeadlineRule, law: DeadlineRule, days: ComparedDays) -> bool:
    return any(
        days.end(promise.periods, WindowEnd.LAST, events) > days.end(law.periods, WindowEnd.LAST, events)
        for events in days.events
    )


def is_earlier(period: Period, law: Period, days: ComparedDays) -> bool:
    return any(
        last_day(period, events[period.anchor], days.calendar) < last_day(law, events[law.anchor], days.calendar)
        for events in days.events
    )


def takes_away(exception: ExceptionRule, window: WindowRule) -> bool:
    """An undecided fault may become any fault."""
    faults = window.faults | {Fault.UNDECIDED}
    return bool(exception.kinds & window.kinds and exception.faults & faults)


def is_the_laws(exception: ExceptionRule, base: Policy) -> bool:
    """True if an exception of the law reaches at least as far and requires no more."""
    return any(
        law.ground is exception.ground
        and exception.kinds <= law.kinds
        and exception.faults <= law.faults
        and (not law.natures or (exception.natures and exception.natures <= law.natures))
        and law.conditions <= exception.conditions
        and law.records <= exception.records
        and (exception.indivisible or not law.indivisible)
        for law in base.exceptions
    )
