"""Is one rule shorter, later or wider than another?

Found for periods by counting both, over a year and more of days, since days, business days and months cannot be
compared otherwise.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product

from app.engine.model.vocabulary import Fault
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.periods import last_day
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, DeadlineRule, ExceptionRule, Period, WindowEnd, WindowRule


def meet(law: WindowRule, window: WindowRule) -> bool:
    same_reasons = law.reasons is None or window.reasons is None or law.reasons & window.reasons
    return bool(law.kinds & window.kinds and law.faults & window.faults and same_reasons)


def is_about(law: DeadlineRule, promise: DeadlineRule) -> bool:
    """A rule of the law for particular reasons or natures goes before a promise for all of them."""
    if law.natures:
        return False
    same_reasons = law.reasons is None or bool(promise.reasons and law.reasons & promise.reasons)
    return bool(law.kinds & promise.kinds) and same_reasons


def is_replaced(rule: WindowRule, windows: tuple[WindowRule, ...]) -> bool:
    """Only by one that says something of all that the rule is about."""
    return any(
        rule.kinds <= window.kinds
        and rule.faults <= window.faults
        and (window.reasons is None or (rule.reasons is not None and rule.reasons <= window.reasons))
        for window in windows
    )


def is_cut_short(law: WindowRule, window: WindowRule, calendar: BusinessCalendar) -> bool:
    if not law.periods or not window.periods:
        return bool(window.periods)
    return any(
        _end(window.periods, window.ends, events, calendar) < _end(law.periods, law.ends, events, calendar)
        for events in _DAYS_OF_EVENTS
    )


def is_later(promise: DeadlineRule, law: DeadlineRule, calendar: BusinessCalendar) -> bool:
    return any(
        _end(promise.periods, WindowEnd.LAST, events, calendar) > _end(law.periods, WindowEnd.LAST, events, calendar)
        for events in _DAYS_OF_EVENTS
    )


def is_earlier(said: Period, law: Period, calendar: BusinessCalendar) -> bool:
    return any(
        last_day(said, events[said.anchor], calendar) < last_day(law, events[law.anchor], calendar)
        for events in _DAYS_OF_EVENTS
    )


def takes_away(exception: ExceptionRule, window: WindowRule) -> bool:
    """A fault that is undecided may turn out to be anybody's."""
    faults = window.faults | {Fault.UNDECIDED}
    return bool(exception.kinds & window.kinds and exception.faults & faults)


def is_the_laws(exception: ExceptionRule, base: Policy) -> bool:
    """Does an exception of the law reach as far, asking for no more?"""
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


Events = dict[Anchor, datetime]


def _end(periods: tuple[Period, ...], ends: WindowEnd, events: Events, calendar: BusinessCalendar) -> date:
    days = [last_day(period, events[period.anchor], calendar) for period in periods]
    return min(days) if ends is WindowEnd.FIRST else max(days)


def _events(
    day: int, *, shipped: int = 0, arrived: int = 0, found: int = 0, approved: int = 0, back: int = 0
) -> Events:
    """An order that was paid on a day, and so many days between that and what happened to it, one after the other:
    it was asked for when it was found. It came in one parcel, and went back in no time."""
    paid_at = _FIRST_DAY + timedelta(days=day)
    shipped_at = paid_at + timedelta(days=shipped)
    arrived_at = shipped_at + timedelta(days=arrived)
    found_at = arrived_at + timedelta(days=found)
    approved_at = found_at + timedelta(days=approved)
    return {
        Anchor.PAID: paid_at,
        Anchor.SHIPPED: shipped_at,
        Anchor.DELIVERED: arrived_at,
        Anchor.ORDER_DELIVERED: arrived_at,
        Anchor.DISCOVERED: found_at,
        Anchor.REQUESTED: found_at,
        Anchor.APPROVED: approved_at,
        **dict.fromkeys((Anchor.SENT_BACK, Anchor.GOODS_BACK), approved_at + timedelta(days=back)),
    }


_FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
_SLOW: tuple[Mapping[str, int], ...] = (
    {"shipped": 5},
    {"arrived": 5},
    {"shipped": 40, "arrived": 40},
    {"found": 400},
    {"approved": 5},
    {"approved": 40},
    {"back": 5},
    {"back": 40},
    {"found": 400, "approved": 40, "back": 40},
)
"""What may take its time; a rule that counts from something earlier shows then."""
_DAYS_OF_EVENTS = (
    *(_events(day, found=found) for found, day in product((0, 20, 70), range(400))),
    *(_events(day, **slow) for slow, day in product(_SLOW, range(28))),
)
