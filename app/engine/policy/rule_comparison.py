"""Whether one rule is shorter, later or wider than another.

Rules with scopes are compared by what both can be about.
"""

from datetime import date, timedelta
from operator import gt, lt

from app.engine.model.late_interest import LateInterest, interest_owed
from app.engine.model.vocabulary import Fault
from app.engine.policy.compared_days import ComparedDays
from app.engine.policy.policy import Policy
from app.engine.policy.rules import (
    Anchor,
    Basis,
    ContractLimit,
    DeadlineRule,
    ExceptionRule,
    Period,
    WindowEnd,
    WindowRule,
)
from app.engine.policy.scopes import Scoped


def binds_by_time_alone(law: WindowRule, window: WindowRule) -> bool:
    """True for a window of a statute that the buyers of the other window have from the beginning. Earlier repairs and
    discoveries of one order do not show whether a term is void, and records only if both windows ask for them."""
    if law.basis is not Basis.STATUTE or law.opens_after or law.discovered_within or not law.records <= window.records:
        return False
    return not _counts_from_some_orders(law)


def _counts_from_some_orders(window: WindowRule) -> bool:
    return any(period.anchor in _EVENTS_OF_SOME_ORDERS for period in window.periods)


_EVENTS_OF_SOME_ORDERS = frozenset({Anchor.INFORMED, Anchor.UNOBSTRUCTED, Anchor.REPAIRED})


def meet(law: WindowRule, window: WindowRule) -> bool:
    """True if both windows can be for the same line."""
    same_reasons = law.reasons is None or window.reasons is None or law.reasons & window.reasons
    return bool(
        law.kinds & window.kinds and law.faults & window.faults and same_reasons and _scopes_meet(law, window)
    )  # fmt: skip


def _scopes_meet(one: Scoped, other: Scoped) -> bool:
    """False if one rule needs records that the other excludes, or if the natures differ."""
    if any(a.without_records and a.without_records <= b.records for a, b in ((one, other), (other, one))):
        return False
    return not one.natures or not other.natures or bool(one.natures & other.natures)


def _reaches_as_far(wide: Scoped, narrow: Scoped) -> bool:
    """True if the first rule fits every line that the second fits."""
    if wide.natures and not (narrow.natures and narrow.natures <= wide.natures):
        return False
    if wide.without_records and not (narrow.without_records and narrow.without_records <= wide.without_records):
        return False
    return wide.records <= narrow.records


def statutes_about(promise: DeadlineRule, base: Policy) -> list[DeadlineRule]:
    """The deadlines of a statute that a promise is compared with. A rule of the law for particular reasons or natures
    precedes a general promise, and a rule for the natures of the promise precedes the general rules."""
    laws = [law for law in base.refund_deadlines if law.basis is Basis.STATUTE and _is_about(law, promise)]
    special = [law for law in laws if law.natures]
    return special or laws


def _is_about(law: DeadlineRule, promise: DeadlineRule) -> bool:
    same_reasons = law.reasons is None or bool(promise.reasons and law.reasons & promise.reasons)
    return bool(law.kinds & promise.kinds) and same_reasons and _reaches_as_far(law, promise)


def is_replaced(rule: WindowRule, windows: tuple[WindowRule, ...]) -> bool:
    """True if a rule covers everything that the other rule is about. A window that counts from an event of some orders
    leaves the other orders to the rule."""
    return any(
        rule.kinds <= window.kinds
        and rule.faults <= window.faults
        and (window.reasons is None or (rule.reasons is not None and rule.reasons <= window.reasons))
        and _reaches_as_far(window, rule)
        and not _counts_from_some_orders(window)
        for window in windows
    )


def is_cut_short(law: WindowRule, window: WindowRule, days: ComparedDays) -> bool:
    if not law.periods or not window.periods:
        return bool(window.periods)
    return any(map(lt, days.ends(window.periods, window.ends), days.ends(law.periods, law.ends)))


def is_below(limit: ContractLimit, window: WindowRule, days: ComparedDays) -> bool:
    """True if the window closes before a contract may let it close."""
    if limit.at_least is None or not window.periods:
        return False
    return any(map(lt, days.ends(window.periods, window.ends), days.last_days(limit.at_least)))


def is_later(promise: DeadlineRule, law: DeadlineRule, days: ComparedDays) -> bool:
    return any(map(gt, days.ends(promise.periods, WindowEnd.LAST), days.ends(law.periods, WindowEnd.LAST)))


def is_earlier(period: Period, law: Period, days: ComparedDays) -> bool:
    return any(map(lt, days.last_days(period), days.last_days(law)))


_DELAY = 2 * 365
_WITHOUT_ROUNDING = 365 * 10_000 * 100
"""An amount on which the interest of any number of days is a whole number."""


def first_day_with_less(promise: LateInterest, law: LateInterest, days: ComparedDays) -> int | None:
    """The first day of a delay on which the promise owes less than the law, if there is one within two years.

    Refunds are compared that are due before the year, and on the day before each change of a rate of the law in these
    two years.
    """
    before = date(days.year, 1, 1) - timedelta(days=1)
    changes = [rate.from_on - timedelta(days=1) for rate in law.rates if rate.from_on]
    due_days = [before, *(day for day in changes if before < day <= before + timedelta(days=_DELAY))]
    less = (day for day in range(1, _DELAY + 1) for due_on in due_days if _is_less(promise, law, due_on, day))
    return next(less, None)


def _is_less(promise: LateInterest, law: LateInterest, due_on: date, day: int) -> bool:
    promised, required = (
        interest_owed(rule, _WITHOUT_ROUNDING, due_on=due_on, paid_on=due_on + timedelta(days=day))
        for rule in (promise, law)
    )
    return promised < required


def takes_away(exception: ExceptionRule, window: WindowRule) -> bool:
    """An undecided fault may become any fault."""
    faults = window.faults | {Fault.UNDECIDED}
    return bool(exception.kinds & window.kinds and exception.faults & faults and _scopes_meet(exception, window))


def binds(window: WindowRule, exception: ExceptionRule, base: Policy) -> bool:
    """True if a term may not take the right away as it likes: a statute, or default law for which a statute says what
    must be on record so that a term takes the place of the right."""
    if window.basis is not Basis.DEFAULT_LAW:
        return window.basis is Basis.STATUTE
    laws = (law for law in base.exceptions if law.basis is Basis.STATUTE and takes_away(law, window))
    return any(not law.records <= exception.records for law in laws)


def is_the_laws(exception: ExceptionRule, base: Policy) -> bool:
    """True if an exception of the law reaches at least as far and requires no more."""
    return any(
        law.ground is exception.ground
        and exception.kinds <= law.kinds
        and exception.faults <= law.faults
        and law.conditions <= exception.conditions
        and _reaches_as_far(law, exception)
        and (exception.indivisible or not law.indivisible)
        for law in base.exceptions
    )
