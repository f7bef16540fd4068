"""Parcels on their way: when the seller asks a silent carrier, and when the buyer is told of the delay.

The two times of the policy count from the shipping. An expected arrival that lies later puts both off, so that nobody
is told of a delay before the day that was promised.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.engine.model.vocabulary import Word
from app.engine.policy.deadlines import end_after
from app.engine.policy.facts import Facts


class TransitAlert(Word):
    CARRIER_SILENT = "carrier_silent"
    TRANSIT_DELAYED = "transit_delayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitWarning:
    """`alert` must be raised from the instant `at` on."""

    alert: TransitAlert
    at: datetime


def next_transit_warning(
    facts: Facts, shipped_at: datetime, line_ids: frozenset[str], raised: frozenset[TransitAlert]
) -> TransitWarning | None:
    """The next warning about a parcel that is not delivered: the seller's comes first. None if no warning is left, and
    if nobody waits for the parcel, because no unit of its lines is left to the buyer. While open claims have all of
    these units, the warning waits for a day at a time, since a claim that ends can give its units back."""
    lines = [line for line in facts.order.lines if line.line_id in line_ids]
    warning = next((each for each in _warnings(facts, shipped_at) if each.alert not in raised), None)
    if warning is None or any(line.in_buyers_hands > 0 for line in lines):
        return warning
    if not any(line.units.open_other > 0 for line in lines):
        return None
    return TransitWarning(alert=warning.alert, at=max(warning.at, facts.now + _DAY))


_DAY = timedelta(days=1)


def _warnings(facts: Facts, shipped_at: datetime) -> tuple[TransitWarning, TransitWarning]:
    policy, calendar, arrival = facts.policy, facts.calendar, facts.order.expected_arrival_on
    ask_at = end_after(policy.ask_carrier_after, shipped_at, calendar)
    tell_at = end_after(policy.tell_buyer_after, shipped_at, calendar)
    put_off = max(timedelta(), calendar.end_of(arrival) - ask_at) if arrival else timedelta()
    return (
        TransitWarning(alert=TransitAlert.CARRIER_SILENT, at=ask_at + put_off),
        TransitWarning(alert=TransitAlert.TRANSIT_DELAYED, at=max(ask_at, tell_at) + put_off),
    )
