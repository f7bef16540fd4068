"""Periods: the event that each starts with, and its last local day."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from operator import attrgetter

from app.engine.model.claim import Claim
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Nature
from app.engine.policy.calendar import BusinessCalendar, end_of_months, same_date
from app.engine.policy.rules import Anchor, Period, RestDayRule, Unit

Event = Callable[[Claim, Order], datetime | None]
"""When an event happened. None if it has not happened, or is unknown."""
End = tuple[date, datetime]
"""The last local day of a period, and the first instant after it."""


def last_day(period: Period, start: datetime, calendar: BusinessCalendar) -> date:
    """The last local day of a period that starts at an instant."""
    return _counted_from(period, calendar, calendar.local_day(start))


class CountedPeriod:
    """A period in one calendar. All instants in one quarter of an hour have the same end, which is computed once:
    offsets from UTC are whole quarters, so no local day begins inside one."""

    __slots__ = ("_end", "starts")

    def __init__(self, period: Period, calendar: BusinessCalendar) -> None:
        self.starts = event_of(period.anchor)
        from_day = lru_cache(maxsize=1024)(partial(_end, period, calendar))
        self._end = lru_cache(maxsize=1024)(lambda quarter: from_day(calendar.local_day(quarter * _QUARTER + _EPOCH)))

    def end(self, start: datetime) -> End:
        since = start - _EPOCH
        return self._end(since.days * _QUARTERS + since.seconds // 900)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTER = timedelta(minutes=15)
_QUARTERS = timedelta(days=1) // _QUARTER


def event_of(anchor: Anchor) -> Event:
    """The event that a period with this anchor starts with."""
    return _EVENTS[anchor]


def _last(event: Callable[[OrderLine], datetime | None], claim: Claim, order: Order) -> datetime | None:
    """The last instant at which the event happened to a claimed line, if it has happened to all of them."""
    latest = None
    for claimed in claim.lines:
        line = order.line(claimed.line_id)
        if line is not None:
            instant = event(line)
            if instant is None:
                return None
            if latest is None or instant > latest:
                latest = instant
    return latest


def _last_of_all(claim: Claim, order: Order) -> datetime | None:
    """When the last goods of the order were delivered. None if some are missing."""
    claimed = {line.line_id for line in claim.lines}
    latest = None
    for line in order.lines:
        together = line.replaces is None and line.nature not in _NOT_GOODS
        coming = line.quantity - line.units.cancelled
        if coming and (together or line.line_id in claimed):
            instant = line.delivered_at
            if instant is None or line.delivered < coming:
                return None
            if latest is None or instant > latest:
                latest = instant
    return latest


_NOT_GOODS = frozenset({Nature.DIGITAL, Nature.SERVICE})


_EVENTS: Mapping[Anchor, Event] = {
    Anchor.PAID: lambda _, order: order.paid_at,
    Anchor.SHIPPED: partial(_last, attrgetter("shipped_at")),
    Anchor.DELIVERED: partial(_last, attrgetter("delivered_at")),
    Anchor.ORDER_DELIVERED: _last_of_all,
    Anchor.DISCOVERED: lambda claim, _: claim.submission.discovered_at or claim.submission.requested_at,
    Anchor.REQUESTED: lambda claim, _: claim.submission.requested_at,
    Anchor.APPROVED: lambda claim, _: claim.approved_at,
    Anchor.SENT_BACK: lambda claim, _: claim.dispatched_at or claim.received_at,
    Anchor.GOODS_BACK: lambda claim, _: claim.received_at,
}


def _end(period: Period, calendar: BusinessCalendar, first: date) -> End:
    day = _counted_from(period, calendar, first)
    return day, calendar.end_of(day)


def _counted_from(period: Period, calendar: BusinessCalendar, first: date) -> date:
    if period.first_day_counts:
        first -= timedelta(days=1)
    day = _COUNTED[period.unit](first, period.length, calendar)
    return calendar.roll_forward(day) if period.roll is RestDayRule.FORWARD else day


_COUNTED: Mapping[Unit, Callable[[date, int, BusinessCalendar], date]] = {
    Unit.DAYS: lambda day, count, _: day + timedelta(days=count),
    Unit.BUSINESS_DAYS: lambda day, count, calendar: calendar.add_business_days(day, count),
    Unit.MONTHS: lambda day, count, _: end_of_months(day, count),
    Unit.MONTHS_TO_THE_DATE: lambda day, count, _: same_date(day, count),
}
