"""A seller's terms against the law: what is void is reported and left out, what favours the buyer is applied.

One function per matter. Whether one period is shorter than another is found by counting both, over a year and more
of days, since days, business days and months cannot be compared otherwise.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import product

from app.engine.calendar import BusinessCalendar
from app.engine.copying import replace
from app.engine.deadlines import last_day
from app.engine.policy import Anchor, DeadlineRule, Ends, ExceptionRule, LateInterest, Period, Policy, WindowRule
from app.engine.terms import Terms
from app.engine.vocabulary import Fault


class Void(StrEnum):
    """Why a term does not bind the buyer."""

    WINDOW_BELOW_STATUTE = "window_below_statute"
    RESTOCKING_FEE_FORBIDDEN = "restocking_fee_forbidden"
    REFUND_DEADLINE_BEYOND_STATUTE = "refund_deadline_beyond_statute"
    EXCEPTION_BEYOND_STATUTE = "exception_beyond_statute"
    LATE_INTEREST_BELOW_STATUTE = "late_interest_below_statute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One void term: `field` is where it stands in the terms, `citation` the rule that it is below."""

    code: Void
    detail: str
    citation: str
    field: str


def violations(base: Policy, terms: Terms, calendar: BusinessCalendar) -> tuple[Violation, ...]:
    """Every term that the law forbids, in the order of the matters below."""
    return tuple(found for check in _CHECKS for found in check(base, terms, calendar))


def applied(
    base: Policy, terms: Terms, forbidden: tuple[Violation, ...], *, policy_id: str, version: int
) -> Policy:
    """The policy that binds: the base, with every term that the law lets stand."""
    void = {found.field for found in forbidden}
    said = {name: value for name in _SAID_OUTRIGHT if (value := getattr(terms, name)) is not None}
    policy = replace(base, policy_id=policy_id, version=version, closing_days=terms.closing_days, **said)
    for apply in _APPLIED:
        policy = apply(policy, terms, void)
    return policy


_SAID_OUTRIGHT = (
    "title",
    "language",
    "respond_within",
    "collect_within",
    "automation",
    "refund_order",
    "hold_within",
    "offer_within",
    "unanswered",
    "ship_date_within",
)
"""What is as the seller says: no law sets a floor."""


# What the law forbids


def _short_windows(base: Policy, terms: Terms, calendar: BusinessCalendar) -> Iterator[Violation]:
    for number, window in enumerate(terms.windows):
        for law in base.windows:
            if law.statutory and _meet(law, window) and _is_cut_short(law, window, calendar):
                yield Violation(
                    code=Void.WINDOW_BELOW_STATUTE,
                    detail=f"The window {window.code} closes before the law's, {law.code}, does.",
                    citation=law.citation,
                    field=f"windows.{number}",
                )


def _restocking(base: Policy, terms: Terms, _: BusinessCalendar) -> Iterator[Violation]:
    if terms.fees and terms.fees.restocking_percent and not base.restocking.allowed:
        yield Violation(
            code=Void.RESTOCKING_FEE_FORBIDDEN,
            detail="Nothing may be kept of the price because goods come back.",
            citation=base.restocking.citation,
            field="fees.restocking_percent",
        )


def _late_refunds(base: Policy, terms: Terms, calendar: BusinessCalendar) -> Iterator[Violation]:
    for number, promise in enumerate(terms.promises):
        for law in base.refund_deadlines:
            if law.statutory and _is_about(law, promise) and _is_later(promise, law, calendar):
                yield Violation(
                    code=Void.REFUND_DEADLINE_BEYOND_STATUTE,
                    detail="The law wants the money back sooner.",
                    citation=law.citation,
                    field=f"promises.{number}",
                )
                break


def _more_exceptions(base: Policy, terms: Terms, _: BusinessCalendar) -> Iterator[Violation]:
    for number, exception in enumerate(terms.exceptions):
        for window in base.windows:
            if window.statutory and _takes_away(exception, window) and not _is_the_laws(exception, base):
                yield Violation(
                    code=Void.EXCEPTION_BEYOND_STATUTE,
                    detail=f"The law knows no such exception ({exception.ground}), or wants more for it.",
                    citation=window.citation,
                    field=f"exceptions.{number}",
                )
                break


def _less_interest(base: Policy, terms: Terms, _: BusinessCalendar) -> Iterator[Violation]:
    law, said = base.late_interest, terms.late_interest_percent
    if law is not None and said is not None and said < law.percent:
        yield Violation(
            code=Void.LATE_INTEREST_BELOW_STATUTE,
            detail=f"Money that comes late bears {law.percent}% a year.",
            citation=law.citation,
            field="late_interest_percent",
        )


_CHECKS = (_short_windows, _restocking, _late_refunds, _more_exceptions, _less_interest)


# What stands


def _with_windows(policy: Policy, terms: Terms, void: set[str]) -> Policy:
    """The seller's stand beside the law's, whichever closes last counts; what is there only for want of a promise
    gives way to one."""
    promised = tuple(rule for n, rule in enumerate(terms.windows) if f"windows.{n}" not in void)
    kept = tuple(rule for rule in policy.windows if rule.statutory or not _is_replaced(rule, promised))
    return replace(policy, windows=(*kept, *promised))


def _with_promises(policy: Policy, terms: Terms, void: set[str]) -> Policy:
    """One that names its reasons stays for those of them that the law does not forbid: where both have a day, the
    sooner counts."""
    promises = tuple(rule for n, rule in enumerate(terms.promises) if rule.reasons or f"promises.{n}" not in void)
    promised = frozenset(kind for rule in promises if rule.reasons is None for kind in rule.kinds)
    kept = tuple(rule for rule in policy.refund_deadlines if rule.statutory or rule.kinds - promised)
    return replace(policy, refund_deadlines=kept, promises=promises)


def _with_exceptions(policy: Policy, terms: Terms, void: set[str]) -> Policy:
    added = tuple(rule for n, rule in enumerate(terms.exceptions) if f"exceptions.{n}" not in void)
    return replace(policy, exceptions=(*policy.exceptions, *added))


def _with_fees(policy: Policy, terms: Terms, void: set[str]) -> Policy:
    if terms.fees is None:
        return policy
    percent = 0 if "fees.restocking_percent" in void else terms.fees.restocking_percent
    citation = terms.fees.citation or policy.fees.citation
    return replace(policy, fees=replace(terms.fees, restocking_percent=percent, citation=citation))


def _with_interest(policy: Policy, terms: Terms, void: set[str]) -> Policy:
    said = terms.late_interest_percent
    if said is None or "late_interest_percent" in void:
        return policy
    citation = policy.late_interest.citation if policy.late_interest else "the seller's own promise"
    return replace(policy, late_interest=LateInterest(percent=said, citation=citation))


def _with_the_rest(policy: Policy, terms: Terms, _: set[str]) -> Policy:
    """A marketplace that wants alternatives goes on wanting them."""
    wanted = policy.rejection.alternative_required or bool(terms.alternative_required)
    paid_by = Fault.SELLER if terms.return_paid_by is Fault.SELLER else policy.shipping.return_paid_by
    return replace(
        policy,
        rejection=replace(policy.rejection, alternative_required=wanted),
        shipping=replace(policy.shipping, return_paid_by=paid_by),
        overtaken=terms.overtaken or policy.overtaken,
        advance_exchange=policy.advance_exchange if terms.advance_exchange is None else terms.advance_exchange,
    )


_APPLIED: tuple[Callable[[Policy, Terms, set[str]], Policy], ...] = (
    _with_windows,
    _with_promises,
    _with_exceptions,
    _with_fees,
    _with_interest,
    _with_the_rest,
)


# Comparing rules


def _meet(law: WindowRule, window: WindowRule) -> bool:
    same_reasons = law.reasons is None or window.reasons is None or law.reasons & window.reasons
    return bool(law.kinds & window.kinds and law.faults & window.faults and same_reasons)


def _is_about(law: DeadlineRule, promise: DeadlineRule) -> bool:
    """A rule of the law for particular reasons goes before a promise for all of them."""
    same_reasons = law.reasons is None or bool(promise.reasons and law.reasons & promise.reasons)
    return bool(law.kinds & promise.kinds) and same_reasons


def _is_replaced(rule: WindowRule, windows: tuple[WindowRule, ...]) -> bool:
    """Only by one that says something of all that the rule is about."""
    return any(
        rule.kinds <= window.kinds
        and rule.faults <= window.faults
        and (window.reasons is None or (rule.reasons is not None and rule.reasons <= window.reasons))
        for window in windows
    )


def _is_cut_short(law: WindowRule, window: WindowRule, calendar: BusinessCalendar) -> bool:
    if not law.periods or not window.periods:
        return bool(window.periods)
    return any(
        _end(window.periods, window.ends, events, calendar) < _end(law.periods, law.ends, events, calendar)
        for events in _DAYS_OF_EVENTS
    )


def _is_later(promise: DeadlineRule, law: DeadlineRule, calendar: BusinessCalendar) -> bool:
    return any(
        _end(promise.periods, Ends.LAST, events, calendar) > _end(law.periods, Ends.LAST, events, calendar)
        for events in _DAYS_OF_EVENTS
    )


def _takes_away(exception: ExceptionRule, window: WindowRule) -> bool:
    """A fault that is undecided may turn out to be anybody's."""
    faults = window.faults | {Fault.UNDECIDED}
    return bool(exception.kinds & window.kinds and exception.faults & faults)


def _is_the_laws(exception: ExceptionRule, base: Policy) -> bool:
    """Does an exception of the law reach as far, asking for no more?"""
    return any(
        law.ground is exception.ground
        and exception.kinds <= law.kinds
        and exception.faults <= law.faults
        and (not law.natures or (exception.natures and exception.natures <= law.natures))
        and law.conditions <= exception.conditions
        and law.records <= exception.records
        for law in base.exceptions
    )


Events = dict[Anchor, datetime]


def _end(periods: tuple[Period, ...], ends: Ends, events: Events, calendar: BusinessCalendar) -> date:
    days = [last_day(period, events[period.anchor], calendar) for period in periods]
    return min(days) if ends is Ends.FIRST else max(days)


def _events(day: int, discovered: int) -> Events:
    """An order whose goods arrived on a day, whose fault came to light so many days later, and that was claimed
    and settled at once."""
    arrived = _FIRST_DAY + timedelta(days=day)
    found = arrived + timedelta(days=discovered)
    early = dict.fromkeys((Anchor.PAID, Anchor.SHIPPED, Anchor.DELIVERED), arrived)
    late = dict.fromkeys((Anchor.DISCOVERED, Anchor.REQUESTED, Anchor.APPROVED, Anchor.GOODS_BACK), found)
    return {**early, **late}


_FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
_DAYS_OF_EVENTS = tuple(_events(day, later) for later, day in product((0, 20, 70), range(400)))
