"""Is one rule shorter, later or wider than another?

Found for periods by counting both, over a year and more of days, since days, business days and months cannot be
compared otherwise.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import product

from app.engine.calendar import BusinessCalendar
from app.engine.periods import last_day
from app.engine.policy import Anchor, DeadlineRule, Ends, ExceptionRule, Period, Policy, WindowRule
from app.engine.vocabulary import Fault


def meet(law: WindowRule, window: WindowRule) -> bool:
    same_reasons = law.reasons is None or window.reasons is None or law.reasons & window.reasons
    return bool(law.kinds & window.kinds and law.faults & window.faults and same_reasons)


def is_about(law: DeadlineRule, promise: DeadlineRule) -> bool:
    """A rule of the law for particular reasons goes before a promise for all of them."""
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
        _end(promise.periods, Ends.LAST, events, calendar) > _end(law.periods, Ends.LAST, events, calendar)
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
        for law in base.exceptions
    )


Events = dict[Anchor, datetime]


def _end(periods: tuple[Period, ...], ends: Ends, events: Events, calendar: BusinessCalendar) -> date:
    days = [last_day(period, events[period.anchor], calendar) for period in periods]
    return min(days) if ends is Ends.FIRST else max(days)


def _events(day: int, discovered: int) -> Events:
    """An order whose goods arrived on a day, whose fault came to light so many days later, and that was claimed
    and settled at once."""
    arrived = _FIRST_DAY + timedelta(days=day)
    found = arrived + timedelta(days=discovered)
    early = dict.fromkeys((Anchor.PAID, Anchor.SHIPPED, Anchor.DELIVERED), arrived)
    late = dict.fromkeys((Anchor.DISCOVERED, Anchor.REQUESTED, Anchor.APPROVED, Anchor.GOODS_BACK), found)
    return {**early, **late}


_FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
_DAYS_OF_EVENTS = tuple(_events(day, later) for later, day in product((0, 20, 70), range(400)))
