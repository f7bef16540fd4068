"""The warnings about an order's expected dates: the ship date is missing, is near, or has passed, or the buyer wants
the goods earlier.

The worker watches each paid order with units left to ship. It warns once for a date, and again for a new date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.engine.model.order import Order
from app.engine.model.to_ship import is_to_ship, wanted_day
from app.engine.model.vocabulary import Word
from app.engine.policy.deadlines import end_after
from app.engine.policy.facts import Facts


class ShipAlert(Word):
    MISSING = "ship_date_missing"
    NEAR = "ship_date_near"
    PASSED = "ship_date_passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipWarning:
    """`alert` must be raised from the instant `at` on. `day` is the expected ship date, if there is one."""

    alert: ShipAlert
    at: datetime
    day: date | None = None

    @property
    def mark(self) -> str:
        """The mark that is stored after the warning, so that there is one warning for each day."""
        return f"{self.alert} {self.day}" if self.day else str(self.alert)


def next_warning(facts: Facts, *, since: datetime, raised: str | None = None) -> ShipWarning | None:
    """The warning that is due, or the next one. None if no warning is left.

    `since` is when the service first stored the order, `raised` the mark of the last warning.
    """
    if not is_to_ship(facts.order):
        return None
    ahead = _after(raised, tuple(_warnings(facts.order, facts, since)))
    due = [warning for warning in ahead if warning.at <= facts.now]
    return due[-1] if due else next(iter(ahead), None)


def mark_of_past(day: date) -> str:
    """The mark of an expected ship date that had passed when the service first heard of it. Its warning is no news."""
    return f"past_ship_date {day}"


def _warnings(order: Order, facts: Facts, since: datetime) -> Iterator[ShipWarning]:
    """All warnings for the order as it is now, in order of time."""
    day, calendar = order.expected_ship_on, facts.calendar
    if day is None:
        start = max(order.paid_at or since, since)
        at = end_after(facts.policy.ship_date_within, start, calendar)
        yield ShipWarning(alert=ShipAlert.MISSING, at=at)
        return
    if order.ready_to_ship_at is None:
        yield ShipWarning(alert=ShipAlert.NEAR, at=calendar.end_of(day - timedelta(days=2)), day=day)
    yield ShipWarning(alert=ShipAlert.PASSED, at=calendar.end_of(day), day=day)


def _after(raised: str | None, warnings: tuple[ShipWarning, ...]) -> tuple[ShipWarning, ...]:
    marks = [warning.mark for warning in warnings]
    return warnings[marks.index(raised) + 1 :] if raised in marks else warnings


def misses_wanted_day(order: Order) -> bool:
    """The goods are expected after the wanted day. Without an expected arrival, their ship date counts."""
    wanted, expected = wanted_day(order), order.expected_arrival_on or order.expected_ship_on
    return wanted is not None and expected is not None and expected > wanted
