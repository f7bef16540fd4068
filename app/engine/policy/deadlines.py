"""Turns periods and limits into days and instants: respond-by, collect-by, refund due, holds and offers."""

from datetime import date, datetime, timedelta

from app.engine.model.claim import Claim
from app.engine.model.claim_lines import pairs
from app.engine.model.late_interest import LateInterest
from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.facts import Facts
from app.engine.policy.index import CountedDeadline
from app.engine.policy.periods import CountedPeriod, last_day
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, Basis, Limit, Period, RestDayRule, Unit
from app.engine.policy.scopes import fits

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_APPROVED = Anchor.APPROVED


def end_of_period(
    period: CountedPeriod, claim: Claim, order: Order, *, not_before: datetime | None = None
) -> datetime | None:
    """The first instant after a period, or None while the period has not begun. The period starts at `not_before` or
    later. A period from the approval starts at `not_before` if the claim is about to be approved."""
    start = period.starts(claim, order)
    if not_before is not None and (period.period.anchor is _APPROVED if start is None else start < not_before):
        start = not_before
    return start and period.end(start)[1]


def refund_due_on(claim: Claim, facts: Facts, *, not_before: datetime | None = None) -> date | None:
    """The last local day for the refund: by the law's rule or the seller's promise, whichever is first. None if their
    events have not happened. No period starts before `not_before`."""
    rules, order = facts.rules.rules_for(claim.kind, claim.fault, claim.reason), facts.order
    laws = [rule for rule in rules.refund_deadlines if _is_about(rule, claim, order)]
    promises = [rule for rule in rules.promises if _is_about(rule, claim, order)]
    days = [day for rule in (*laws[:1], *promises) if (day := _due(rule.periods, claim, order, not_before))]
    return min(days) if days else None


def law_ends_at(claim: Claim, facts: Facts) -> datetime | None:
    """The first instant after the day by which the law wants the money or the result of a claim that nobody has
    decided. None if the law's time has not begun, or if no law sets one."""
    limit, calendar = facts.policy.result_within, facts.calendar.public
    rules = facts.rules.rules_for(claim.kind, claim.fault, claim.reason)
    money = next((rule for rule in rules.refund_deadlines if _is_about(rule, claim, facts.order)), None)
    paid_on = _due(money.periods, claim, facts.order, None) if money and money.rule.basis is Basis.STATUTE else None
    ends = [calendar.end_of(paid_on)] if paid_on else []
    if limit:
        ends.append(end_after(limit, claim.submission.requested_at, calendar))
    return min(ends, default=None)


def days_given_back(end: datetime, stood_from: datetime, facts: Facts) -> datetime:
    """The end of the time to answer, later by each of its days that began while it stood still: working days where it
    counts working days."""
    calendar, period = facts.calendar, facts.policy.respond_within
    first, last = calendar.local_day(stood_from), calendar.local_day(facts.now - _INSTANT)
    end_day = calendar.local_day(end - _INSTANT)
    if period.unit is Unit.BUSINESS_DAYS:
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        day = calendar.add_business_days(end_day, sum(map(calendar.is_business_day, days)))
    else:
        day = end_day + max(timedelta(), last - first)
        day = calendar.roll_forward(day) if period.roll is RestDayRule.FORWARD else day
    return calendar.end_of(day)


_INSTANT = timedelta(microseconds=1)


def late_interest_rule(claim: Claim, policy: Policy) -> LateInterest | None:
    """What is owed if a refund of this claim is late: by the first rule for its kind and reason, or else by the rule of
    the policy."""
    for rule in policy.late_refunds:
        if claim.kind in rule.kinds and (rule.reasons is None or claim.reason in rule.reasons):
            return rule.interest
    return policy.late_interest


def _is_about(counted: CountedDeadline, claim: Claim, order: Order) -> bool:
    rule = counted.rule
    if not (rule.natures or rule.records or rule.without_records):
        return True
    return all(fits(rule, line, order) for _, line in pairs(claim, order))


def _due(
    periods: tuple[CountedPeriod, ...], claim: Claim, order: Order, not_before: datetime | None
) -> date | None:  # fmt: skip
    starts = [(period, period.starts(claim, order)) for period in periods]
    days = [period.end(max(start, not_before or start))[0] for period, start in starts if start is not None]
    return max(days) if len(days) == len(starts) else None


def end_of_limit(limit: Limit | None, facts: Facts) -> datetime | None:
    """The first instant after a limit. None without a limit."""
    return end_after(limit, facts.now, facts.calendar) if limit else None


def end_after(limit: Limit, start: datetime, calendar: BusinessCalendar) -> datetime:
    """The first instant after a limit that began at an instant."""
    period = Period(length=limit.length, unit=limit.unit, anchor=Anchor.REQUESTED)
    return calendar.end_of(last_day(period, start, calendar))
