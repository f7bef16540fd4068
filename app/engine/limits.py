"""How long what begins now may last: holds, and offers that name no end."""

from datetime import datetime

from app.engine.calendar import BusinessCalendar
from app.engine.facts import Facts
from app.engine.periods import last_day
from app.engine.policy import Anchor, Limit, Period


def end_of_limit(limit: Limit | None, facts: Facts) -> datetime | None:
    """The first instant after it; None where there is no limit."""
    return end_after(limit, facts.now, facts.calendar) if limit else None


def end_after(limit: Limit, start: datetime, calendar: BusinessCalendar) -> datetime:
    """The first instant after a limit that began at an instant."""
    period = Period(length=limit.length, unit=limit.unit, anchor=Anchor.REQUESTED)
    return calendar.end_of(last_day(period, start, calendar))
