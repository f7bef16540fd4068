"""Periods: the event that each starts with, and its last local day."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial

from app.engine.model.claim import Claim
from app.engine.model.claim_lines import nothing_comes_back, pairs
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import NOT_GOODS, Reason
from app.engine.policy.calendar import BusinessCalendar, end_of_months, same_date
from app.engine.policy.rules import Anchor, Period, RestDayRule, Unit

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads this.
_LOST = Reason.LOST_IN_DELIVERY

End = tuple[date, datetime]
"""The last local day of a period, and the first instant after it."""


def contract_of(order: Order) -> datetime | None:
    """When the contract was made: at the latest with the payment."""
    return order.contracted_at or order.paid_at


def last_day(period: Period, start: datetime, calendar: BusinessCalendar) -> date:
    """The last local day of a period that starts at an instant."""
    return last_day_from(period, calendar.local_day(start), calendar)


def last_day_from(period: Period, first: date, calendar: BusinessCalendar, pause: int = 0) -> date:
    """The last local day of a period whose event is on a local day, and whose time stood still for `pause` days."""
    if period.first_day_counts:
        first -= timedelta(days=1)
    counted = _COUNTED[period.unit](first, period.length, calendar) + timedelta(days=pause)
    day = _rolled(period, counted, calendar)
    return _rolled(period, same_date(day, period.then_months), calendar) if period.then_months else day


class CountedPeriod:
    """A period in one calendar. All instants in one quarter of an hour have the same end, which is computed once:
    offsets from UTC are whole quarters, so no local day begins inside one."""

    __slots__ = ("_end", "_needs_goods", "_of_claim", "_of_line", "calendar", "period")

    def __init__(self, period: Period, calendar: BusinessCalendar) -> None:
        self.calendar = calendar
        self.period = period
        self._needs_goods = period.anchor is Anchor.DISCOVERED
        self._of_claim = _CLAIM_EVENTS.get(period.anchor)
        self._of_line = _LINE_EVENTS.get(period.anchor, _never)
        from_day = lru_cache(maxsize=1024)(partial(_end, period, calendar))
        self._end = lru_cache(maxsize=1024)(lambda quarter: from_day(calendar.local_day(quarter * _QUARTER + _EPOCH)))

    def starts_for(self, claim: Claim, line: OrderLine, order: Order) -> datetime | None:
        """When the event happened for one line. None if it has not happened, or is unknown. Nothing is discovered about
        goods that have not come, but that they are lost."""
        if self._needs_goods and line.delivered_at is None and claim.reason is not _LOST:
            return None
        return self._of_line(line, order) if self._of_claim is None else self._of_claim(claim, order)

    def starts(self, claim: Claim, order: Order) -> datetime | None:
        """The last instant at which the event happened to a claimed line, if it has happened to all of them."""
        if self._of_claim is not None:
            return self._of_claim(claim, order)
        instants = [self._of_line(line, order) for _, line in pairs(claim, order)]
        known = [instant for instant in instants if instant is not None]
        return max(known) if known and len(known) == len(instants) else None

    def end(self, start: datetime, pause: int = 0) -> End:
        """`pause` are days for which the time stood still."""
        if pause:
            return _end(self.period, self.calendar, self.calendar.local_day(start), pause)
        since = start - _EPOCH
        return self._end(since.days * _QUARTERS + since.seconds // 900)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTER = timedelta(minutes=15)
_QUARTERS = timedelta(days=1) // _QUARTER


def _never(_: OrderLine, __: Order) -> None:
    return None


def _last_of_all(claimed: OrderLine, order: Order) -> datetime | None:
    """When the last goods of the order were delivered. None if some are missing."""
    latest = None
    for line in order.lines:
        together = not line.sent_in_exchange and line.nature not in NOT_GOODS
        coming = line.to_deliver
        if coming and (together or line is claimed):
            instant = line.delivered_at
            if instant is None or line.delivered < coming:
                return None
            if latest is None or instant > latest:
                latest = instant
    return latest


def _known_at(claim: Claim, _: Order) -> datetime:
    """When the buyer knew of the defect, or could have known if the seller has shown that."""
    known = claim.submission.discovered_at or claim.submission.requested_at
    return known if claim.knowable_at is None else min(known, claim.knowable_at)


def _sent_back(claim: Claim, order: Order) -> datetime | None:
    return claim.dispatched_at or _goods_back(claim, order)


def _goods_back(claim: Claim, order: Order) -> datetime | None:
    """Where nothing comes back, the seller waits for nothing after the request."""
    if claim.received_at is None and nothing_comes_back(claim, order):
        return claim.submission.requested_at
    return claim.received_at


_CLAIM_EVENTS: Mapping[Anchor, Callable[[Claim, Order], datetime | None]] = {
    Anchor.PAID: lambda _, order: order.paid_at,
    Anchor.CONTRACT: lambda _, order: contract_of(order),
    Anchor.INFORMED: lambda _, order: order.informed_at,
    Anchor.UNOBSTRUCTED: lambda _, order: order.unobstructed_at,
    Anchor.DISCOVERED: _known_at,
    Anchor.REQUESTED: lambda claim, _: claim.submission.requested_at,
    Anchor.APPROVED: lambda claim, _: claim.approved_at,
    Anchor.SENT_BACK: _sent_back,
    Anchor.GOODS_BACK: _goods_back,
}
"""Events that are the same for every line of a claim."""
_LINE_EVENTS: Mapping[Anchor, Callable[[OrderLine, Order], datetime | None]] = {
    Anchor.SHIPPED: lambda line, _: line.shipped_at,
    Anchor.DELIVERED: lambda line, _: line.delivered_at,
    Anchor.FIRST_DELIVERED: lambda line, _: line.first_delivered_at or line.delivered_at,
    Anchor.ORDER_DELIVERED: _last_of_all,
    Anchor.REPAIRED: lambda line, _: line.repaired_at,
}


def _end(period: Period, calendar: BusinessCalendar, first: date, pause: int = 0) -> End:
    day = last_day_from(period, first, calendar, pause)
    return day, calendar.end_of(day)


def _rolled(period: Period, day: date, calendar: BusinessCalendar) -> date:
    return calendar.roll_forward(day) if period.roll is RestDayRule.FORWARD else day


_COUNTED: Mapping[Unit, Callable[[date, int, BusinessCalendar], date]] = {
    Unit.DAYS: lambda day, count, _: day + timedelta(days=count),
    Unit.BUSINESS_DAYS: lambda day, count, calendar: calendar.add_business_days(day, count),
    Unit.MONTHS: lambda day, count, _: end_of_months(day, count),
    Unit.MONTHS_TO_THE_DATE: lambda day, count, _: same_date(day, count),
}
