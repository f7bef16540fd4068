"""Periods turned into days: windows, respond-by, collect-by, refund-due."""

from datetime import date, datetime, timedelta

from app.engine.calendar import BusinessCalendar, end_of_months
from app.engine.claim import Claim
from app.engine.facts import Facts
from app.engine.order import Order, OrderLine
from app.engine.policy import Anchor, DeadlineRule, Period, Roll, Unit


def last_day(period: Period, start: datetime, calendar: BusinessCalendar) -> date:
    """The last local day of a period that starts at an instant."""
    first = calendar.local_day(start)
    if period.first_day_counts:
        first -= timedelta(days=1)
    if period.unit is Unit.MONTHS:
        day = end_of_months(first, period.length)
    elif period.unit is Unit.BUSINESS_DAYS:
        day = calendar.add_business_days(first, period.length)
    else:
        day = first + timedelta(days=period.length)
    return calendar.roll_forward(day) if period.roll is Roll.FORWARD else day


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
    """The last local day for the refund by the first rule that fits, or None while its event is to come."""
    rule = next((rule for rule in facts.policy.refund_deadlines if _fits(rule, claim)), None)
    start = rule and anchored(rule.period.anchor, claim, facts.order)
    return last_day(rule.period, start, facts.calendar) if rule and start else None


def _fits(rule: DeadlineRule, claim: Claim) -> bool:
    return claim.kind in rule.kinds and (rule.reasons is None or claim.reason in rule.reasons)


def _claimed(claim: Claim, order: Order) -> list[OrderLine]:
    claimed = {line.line_id for line in claim.lines}
    return [line for line in order.lines if line.line_id in claimed]


def _last(instants: list[datetime | None]) -> datetime | None:
    known = [instant for instant in instants if instant is not None]
    return max(known) if known and len(known) == len(instants) else None
