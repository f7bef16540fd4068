"""Turns periods and limits into days and instants: respond-by, collect-by, refund due, holds and offers."""

from datetime import date, datetime

from app.engine.model.claim import Claim
from app.engine.model.claim_lines import pairs
from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.facts import Facts
from app.engine.policy.index import CountedDeadline
from app.engine.policy.periods import CountedPeriod, last_day
from app.engine.policy.rules import Anchor, Limit, Period


def end_of_period(
    period: CountedPeriod, claim: Claim, order: Order, *, not_before: datetime | None = None
) -> datetime | None:
    """The first instant after a period, or None while the period has not begun. The period starts at
    `not_before` or later."""
    start = period.starts(claim, order)
    if start is not None and not_before is not None and start < not_before:
        start = not_before
    return start and period.end(start)[1]


def refund_due_on(claim: Claim, facts: Facts) -> date | None:
    """The last local day for the refund: by the law's rule or the seller's promise, whichever is first. None if their
    events have not happened."""
    rules, order = facts.rules.rules_for(claim.kind, claim.fault, claim.reason), facts.order
    laws = [rule for rule in rules.refund_deadlines if _is_about(rule, claim, order)]
    days = [day for rule in (*laws[:1], *rules.promises) if (day := _due(rule.periods, claim, order))]
    return min(days) if days else None


def _is_about(rule: CountedDeadline, claim: Claim, order: Order) -> bool:
    return not rule.natures or all(line.nature in rule.natures for _, line in pairs(claim, order))


def _due(periods: tuple[CountedPeriod, ...], claim: Claim, order: Order) -> date | None:
    starts = [(period, period.starts(claim, order)) for period in periods]
    days = [period.end(start)[0] for period, start in starts if start is not None]
    return max(days) if len(days) == len(starts) else None


def end_of_limit(limit: Limit | None, facts: Facts) -> datetime | None:
    """The first instant after a limit. None without a limit."""
    return end_after(limit, facts.now, facts.calendar) if limit else None


def end_after(limit: Limit, start: datetime, calendar: BusinessCalendar) -> datetime:
    """The first instant after a limit that began at an instant."""
    period = Period(length=limit.length, unit=limit.unit, anchor=Anchor.REQUESTED)
    return calendar.end_of(last_day(period, start, calendar))
