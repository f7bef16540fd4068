"""Interest for a year of 365 days. The day of the payment counts, and the due day does not."""

from collections.abc import Sequence
from datetime import date

from tests.engine.oracle.days import DAY, plus, to_the_date

Rates = Sequence[tuple[date, int]]
"""Each first day with its rate in hundredths of a percent, in order."""


def interest(amount: int, due: date, days_late: int, rates: Rates) -> int:
    """Day by day at the rate of the day, rounded down in the end."""
    total, day = 0, due
    for _ in range(days_late):
        day += DAY
        total += rate_on(day, rates)
    return amount * total // (365 * 10_000)


def rate_on(day: date, rates: Rates) -> int:
    rate = 0
    for first, percent in rates:
        if first <= day:
            rate = percent
    return rate


def one_rate(amount: int, days_late: int, percent: int) -> int:
    return amount * percent * days_late // (365 * 100)


def months_begun(day: date, days_later: int) -> int:
    """How many months have begun after a day: the first begins with the next day."""
    later, months = plus(day, days_later), 0
    while days_later > 0 and to_the_date(day, months) < later:
        months += 1
    return months
