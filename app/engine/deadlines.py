"""Periods turned into days: windows, respond-by, collect-by, refund-due."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from app.engine.calendar import BusinessCalendar, end_of_months, same_date
from app.engine.claim import Claim
from app.engine.facts import Facts
from app.engine.order import Order, OrderLine
from app.engine.policy import Anchor, DeadlineRule, Period, Roll, Unit


def last_day(period: Period, start: datetime, calendar: BusinessCalendar) -> date:
    """The last local day of a period that starts at an instant."""
    first = calendar.local_day(start)
    if period.first_day_counts:
        first -= timedelta(days=1)
    day = _COUNTED[period.unit](first, period.length, calendar)
    return calendar.roll_forward(day) if period.roll is Roll.FORWARD else day


_COUNTED: Mapping[Unit, Callable[[date, int, BusinessCalendar], date]] = {
    Unit.DAYS: lambda day, count, _: day + timedelta(days=count),
    Unit.BUSINESS_DAYS: lambda day, count, calendar: calendar.add_business_days(day, count),
    Unit.MONTHS: lambda day, count, _: end_of_months(day, count),
    Unit.MONTHS_TO_THE_DATE: lambda day, count, _: same_date(day, count),
}


def anchored(anchor: Anchor, claim: Claim, order: Order) -> datetime | None:
    """When the event happened that a period is counted from; None while it has not, or nobody knows."""
    match anchor:
        case Anchor.PAID:
            return order.paid_at
        case Anchor.SHIPPED:
            return _last([line.shipped_at for line in _claimed(claim, order)])
        case Anchor.DELIVERED:
            return _last([line.delivered_at for line in _claimed(claim, order)])
        case Anchor.DISCOVERED:
            return claim.submission.discovered_at or claim.submission.requested_at
        case Anchor.REQUESTED:
            return claim.submission.requested_at
        case Anchor.APPROVED:
            return claim.approved_at
        case Anchor.GOODS_BACK:
            return claim.received_at


def end_of_period(period: Period, claim: Claim, facts: Facts) -> datetime | None:
    """The first instant after a period, or None while the period has not begun."""
    start = anchored(period.anchor, claim, facts.order)
    return start and facts.calendar.end_of(last_day(period, start, facts.calendar))


def refund_due_on(claim: Claim, facts: Facts) -> date | None:
    """The last local day for the refund, by the law's rule or the seller's promise, whichever comes first; None
    while their events are to come."""
    rules = (_first_that_fits(rules, claim) for rules in (facts.policy.refund_deadlines, facts.policy.promises))
    days = [day for rule in rules if rule and (day := _due(rule, claim, facts))]
    return min(days) if days else None


def _first_that_fits(rules: tuple[DeadlineRule, ...], claim: Claim) -> DeadlineRule | None:
    return next((rule for rule in rules if _fits(rule, claim)), None)


def _due(rule: DeadlineRule, claim: Claim, facts: Facts) -> date | None:
    starts = [(period, anchored(period.anchor, claim, facts.order)) for period in rule.periods]
    calendar = facts.calendar.public if rule.statutory else facts.calendar
    days = [last_day(period, start, calendar) for period, start in starts if start is not None]
    return max(days) if len(days) == len(starts) else None


def _fits(rule: DeadlineRule, claim: Claim) -> bool:
    return claim.kind in rule.kinds and (rule.reasons is None or claim.reason in rule.reasons)


def _claimed(claim: Claim, order: Order) -> list[OrderLine]:
    claimed = {line.line_id for line in claim.lines}
    return [line for line in order.lines if line.line_id in claimed]


def _last(instants: list[datetime | None]) -> datetime | None:
    known = [instant for instant in instants if instant is not None]
    return max(known) if known and len(known) == len(instants) else None
