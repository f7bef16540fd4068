"""The window of one line: of all windows that the buyer has, the one that closes last."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from operator import attrgetter

from app.engine.model.assessment import Unclear, Window
from app.engine.model.claim import Claim
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Fault, Record
from app.engine.policy.index import CountedWindow, FittingRules
from app.engine.policy.periods import contract_of
from app.engine.policy.rules import Opening, WindowEnd, WindowRule
from app.engine.policy.scopes import has_records

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_FIRST = WindowEnd.FIRST
_SELLER = Fault.SELLER


def events_of_line(line: OrderLine) -> tuple[object, ...] | None:
    """All of a line that its right to return, exchange or repair depends on, beside its id. None for a line whose right
    may depend on more: a replacement, what is not goods, and goods in parts."""
    return _read_events(line) if line.replaces is None and line.parts == 1 and line.comes_back else None


_read_events = attrgetter(
    "nature", "records", "shipped_at", "first_delivered_at", "delivered_at", "repairs", "repaired_at", "cure_days"
)


def last_window(fitting: FittingRules, claim: Claim, line: OrderLine, order: Order) -> Window | None:
    """The window that closes last, of all windows that are open to this line. None without a window.

    A window without periods never closes, so it is the last. A window whose start event is unknown or in the future is
    used only if there is no other, or if every other has closed: then only if no cure has opened it.
    """
    records = line.records | order.records
    last, last_span, last_day, not_begun = None, _UNKNOWN, date.min, None
    for counted in fitting.open_windows(line.nature, records, _openings(line, records)):
        later = counted.discovered_within is not None
        if later and not (counted.periods and _shows_within(counted, claim, line, order)):
            continue
        span = _span(counted, claim, line, order)
        if span[1] is None and counted.periods:
            not_begun = counted if not_begun is None or _is_better(counted.rule, not_begun.rule) else not_begun
        elif last is None or (span[2] or date.max) > last_day:
            last, last_span, last_day = counted.rule, span, span[2] or date.max
    outlasts = not_begun is not None and not not_begun.rule.opens_after and _has_passed(last_span[1], claim)
    if not_begun is not None and (last is None or outlasts):
        return _window(not_begun.rule, _before_delivery(not_begun, claim, line, order))
    return None if last is None else _window(last, last_span)


def _is_better(rule: WindowRule, other: WindowRule) -> bool:
    """Of two windows that have not begun, the one that no cure has opened, or that is there before it begins."""
    return bool(other.opens_after) or (rule.withdrawal and not other.withdrawal)


def window_that_never_opened(
    windows: Iterable[CountedWindow], claim: Claim, line: OrderLine, order: Order
) -> Window | None:
    """The window that closed last, of those that some other remedy would have opened. None without such a window."""
    never = [
        _window(counted.rule, _span(counted, claim, line, order))
        for counted in windows
        if counted.rule.opens_after - _SHOWN_BY_THE_LINE
        and has_records(counted.rule, line, order)
        and _shows_within(counted, claim, line, order)
    ]
    return max(never, key=lambda window: window.ends_on or date.max, default=None)


def is_over(window: Window, claim: Claim) -> bool:
    """True if the buyer asked after the window had closed."""
    closes = window.closes_at  # as `_has_passed`, without the call for each line
    return closes is not None and claim.submission.requested_at >= closes


def _has_passed(closes: datetime | None, claim: Claim) -> bool:
    return closes is not None and claim.submission.requested_at >= closes


def is_known_late(fitting: FittingRules, claim: Claim, line: OrderLine, order: Order) -> bool:
    """True if the buyer did not say when a defect that shows on delivery was discovered, and every window that is still
    open would be over if that was on delivery."""
    submission, delivered_at = claim.submission, line.delivered_at
    if submission.discovered_at or claim.knowable_at or not delivered_at:
        return False
    records = line.records | order.records
    for counted in fitting.open_windows(line.nature, records, _openings(line, records)):
        if counted.discovered_within is not None:
            continue
        if any(_has_passed(period.end(delivered_at)[1], claim) for period in counted.from_discovery):
            continue
        if not _has_passed(_span(counted, claim, line, order)[1], claim):
            return False
    return True


def what_may_follow(
    windows: Iterable[CountedWindow], claim: Claim, line: OrderLine, order: Order
) -> tuple[WindowRule, Unclear] | None:
    """The rule that may still give the right when all open windows have closed, and what is unclear about it. None if
    the right has ended. A withdrawal that is over ends no right that needs a reason, and no rule may be about that."""
    rules = []
    for counted in windows:
        rules.append(counted.rule)
        if has_records(counted.rule, line, order):
            unclear = _unclear(counted, claim, line, order)
            if unclear is not None:
                return counted.rule, unclear
    only_withdrawals = claim.fault is _SELLER and all(rule.withdrawal for rule in rules)
    return (rules[0], Unclear.NO_RULE) if rules and only_withdrawals else None


def _unclear(counted: CountedWindow, claim: Claim, line: OrderLine, order: Order) -> Unclear | None:
    if _has_passed(_span(counted, claim, line, order)[1], claim):
        return None
    if counted.discovered_within is not None and _stated(claim) is None:
        is_late = _has_passed(_end_of_liability(counted, claim, line, order), claim)
        return Unclear.DISCOVERY_UNSTATED if is_late else None
    if counted.discovered_within is not None and not counted.periods:
        return Unclear.NO_RULE if _shows_within(counted, claim, line, order) else None
    opens_after = counted.rule.opens_after
    shown = _openings(line, line.records | order.records)
    if not opens_after or opens_after & shown or opens_after <= _SHOWN_BY_THE_LINE:
        return None
    return Unclear.REMEDY_NOT_OPEN if _shows_within(counted, claim, line, order) else None


def _shows_within(counted: CountedWindow, claim: Claim, line: OrderLine, order: Order) -> bool:
    """True if the rule does not ask when the defect was discovered. Otherwise its period must be over, and it must have
    been said that the defect was discovered within it."""
    if counted.discovered_within is None:
        return True
    known, end = _stated(claim), _end_of_liability(counted, claim, line, order)
    return known is not None and end is not None and known < end <= claim.submission.requested_at


def _end_of_liability(counted: CountedWindow, claim: Claim, line: OrderLine, order: Order) -> datetime | None:
    """The first instant after the period in which the defect must be discovered. None if the period has not begun."""
    within = counted.discovered_within
    counted_from, pause = _liability(counted.rule, line, order)
    start = within.starts_for(claim, counted_from, order) if within else None
    return within.end(start, pause)[1] if within and start else None


def _liability(rule: WindowRule, line: OrderLine, order: Order) -> tuple[OrderLine, int]:
    """The line whose delivery counts, and the days that do not count. What never came has no time to go on with."""
    if not rule.stops_during_cure:
        return line, 0
    original = order.first_sent(line)
    return (line if original.delivered_at is None else original), line.cure_days


def _stated(claim: Claim) -> datetime | None:
    """When the buyer knew of the defect or could have known, as far as somebody has said so."""
    return min(filter(None, (claim.submission.discovered_at, claim.knowable_at)), default=None)


def _openings(line: OrderLine, records: frozenset[Record]) -> frozenset[Opening]:
    """What the line and its records show that opens a further remedy."""
    if not line.sent_in_exchange and not line.repairs and records.isdisjoint(_OPENED_BY):
        return _NOTHING
    openings = [opening for record, opening in _OPENED_BY.items() if record in records]
    if line.sent_in_exchange:
        openings.append(Opening.EXCHANGED)
    if line.repairs:
        openings.append(Opening.REPAIRED)
    return frozenset(openings)


_SHOWN_BY_THE_LINE = frozenset({Opening.EXCHANGED, Opening.REPAIRED})
"""Nobody has to put these on record."""
_OPENED_BY: Mapping[Record, Opening] = {
    Record.CURE_REFUSED: Opening.REFUSED,
    Record.CURE_LATE: Opening.LATE,
    Record.SERIOUS_DEFECT: Opening.SERIOUS,
}
_NOTHING: frozenset[Opening] = frozenset()

_Span = tuple[datetime | None, datetime | None, date | None]
"""When a window opens and closes, and its last local day."""
_UNKNOWN: _Span = (None, None, None)


def _span(counted: CountedWindow, claim: Claim, line: OrderLine, order: Order) -> _Span:
    rule = counted.rule
    counted_from, pause = _liability(rule, line, order)
    if counted.discovered_within is not None:  # a cure lengthens that period, and not the time to act
        pause = 0
    opens, end = None, None
    for period in counted.periods:
        start = period.starts_for(claim, counted_from, order)
        if start is None and end is not None and rule.ends is _FIRST:
            continue
        if start is None:
            return _UNKNOWN
        opens = opens or start
        end = period.end(start, pause) if end is None else counted.ends(end, period.end(start, pause))
    if end is None:
        return _UNKNOWN
    day, closes = end
    return opens, closes, day


def _before_delivery(counted: CountedWindow, claim: Claim, line: OrderLine, order: Order) -> _Span:
    """A withdrawal is there from the contract on. Nobody has reported the delivery, so it is certain only as long as it
    would last if the goods had arrived when they were sent."""
    sent_at = line.shipped_at
    if not counted.rule.withdrawal or line.delivered_at is not None:
        return _UNKNOWN
    if sent_at is not None and any(_has_passed(period.end(sent_at)[1], claim) for period in counted.periods):
        return _UNKNOWN
    return contract_of(order), None, None


def _window(rule: WindowRule, span: _Span) -> Window:
    opens, closes, ends_on = span
    return Window(rule=rule.code, citation=rule.citation, opens_at=opens, closes_at=closes, ends_on=ends_on)
