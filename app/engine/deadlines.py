"""Periods turned into days: respond-by, collect-by, refund-due."""

from datetime import date, datetime

from app.engine.claim import Claim
from app.engine.facts import Facts
from app.engine.order import Order
from app.engine.periods import CountedPeriod


def end_of_period(
    period: CountedPeriod, claim: Claim, order: Order, *, not_before: datetime | None = None
) -> datetime | None:
    """The first instant after a period, or None while the period has not begun. What it is counted from is not
    earlier than `not_before`, whatever its event."""
    start = period.starts(claim, order)
    if start is not None and not_before is not None and start < not_before:
        start = not_before
    return start and period.end(start)[1]


def refund_due_on(claim: Claim, facts: Facts) -> date | None:
    """The last local day for the refund, by the law's rule or the seller's promise, whichever comes first; None
    while their events are to come."""
    rules = facts.rules.fitting(claim.kind, claim.fault, claim.reason).refund_deadlines
    days = [day for periods in rules if (day := _due(periods, claim, facts.order))]
    return min(days) if days else None


def _due(periods: tuple[CountedPeriod, ...], claim: Claim, order: Order) -> date | None:
    starts = [(period, period.starts(claim, order)) for period in periods]
    days = [period.end(start)[0] for period, start in starts if start is not None]
    return max(days) if len(days) == len(starts) else None
