"""The rule for late refunds in the words of the policy page."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.engine.model.late_interest import DatedRate, LateInterest


def late_interest_answers(rule: LateInterest, words: Mapping[str, Any]) -> Iterator[str]:
    """Of several rates, the two newest: the last one may not have begun. Then the penalties by days."""
    rates = sorted(rule.rates, key=lambda rate: rate.from_on or date.min)
    if len(rates) == 1:
        yield words["late"].format(percent=_percent(rates[0]))
    else:
        for rate in rates[-2:]:
            yield words["late_from"].format(percent=_percent(rate), day=rate.from_on)
    for penalty in sorted(rule.penalties, key=lambda penalty: penalty.after_days):
        yield words["late_share"].format(days=penalty.after_days, percent=penalty.percent)
    if monthly := rule.monthly:
        yield words["late_months"].format(days=monthly.after_days, percent=monthly.percent, limit=monthly.limit)


def _percent(rate: DatedRate) -> str:
    """A rate in percent without zeros at the end: 15, 6.62, 7.5."""
    whole, hundredths = divmod(rate.rate, 100)
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".") if hundredths else str(whole)
