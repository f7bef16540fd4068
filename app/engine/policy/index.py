"""An index of a policy for one calendar: the rules that fit a claim, and the ends of its periods.

A cache. It gives the same answers as policy and calendar, computed once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial

from app.engine.model.vocabulary import Fault, Kind, Nature, Reason, Record, fault_of
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.periods import CountedPeriod, End
from app.engine.policy.policy import Policy
from app.engine.policy.rules import (
    Anchor,
    AutomationRule,
    Basis,
    DeadlineRule,
    ExceptionRule,
    Opening,
    Period,
    WindowEnd,
    WindowRule,
)
from app.engine.policy.scopes import has_nature, shows

PlacedException = tuple[int, ExceptionRule]
"""An exception, and its place in the policy's order."""
Groups = tuple[tuple[Reason, ...], ...]
"""Reasons that claims of one kind for a line of one nature are judged alike for."""
_Count = Callable[[Period], CountedPeriod]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedWindow:
    """`ends` picks one of the ends of two periods: the first or the last. `from_discovery` are the periods that count
    from the discovery of a defect."""

    rule: WindowRule
    periods: tuple[CountedPeriod, ...]
    ends: Callable[[End, End], End]
    discovered_within: CountedPeriod | None
    from_discovery: tuple[CountedPeriod, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDeadline:
    rule: DeadlineRule
    periods: tuple[CountedPeriod, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingRules:
    """The rules for claims of one kind, fault and reason, in the policy's order.

    Windows and exceptions are indexed by the nature of a line: `exceptions` are all exceptions, `undeclared` the
    exceptions that do not depend on a declaration of the buyer. `open_windows` are the windows for a line of a nature,
    with these records, that shows these openings.
    """

    windows: Mapping[Nature, tuple[CountedWindow, ...]]
    open_windows: Callable[[Nature, frozenset[Record], frozenset[Opening]], tuple[CountedWindow, ...]]
    exceptions: Mapping[Nature, tuple[PlacedException, ...]]
    undeclared: Mapping[Nature, tuple[PlacedException, ...]]
    refund_deadlines: tuple[CountedDeadline, ...]
    promises: tuple[CountedDeadline, ...]
    automation: tuple[AutomationRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyIndex:
    policy: Policy
    calendar: BusinessCalendar
    key: str
    rules_for: Callable[[Kind, Fault, Reason], FittingRules]
    alike: Callable[[Kind, Nature, tuple[Reason, ...]], Groups]
    respond_within: CountedPeriod
    collect_within: CountedPeriod


def index_policy(policy: Policy, calendar: BusinessCalendar) -> PolicyIndex:
    """Index a policy for a calendar. Callers cache the index, because indexing costs as much as a decision."""
    counted = cache(lambda period: CountedPeriod(period, calendar))
    public = cache(lambda period: CountedPeriod(period, calendar.public))
    rules_for = cache(partial(_fitting_rules, policy, counted, public))
    return PolicyIndex(
        policy=policy,
        calendar=calendar,
        key=policy.key,
        rules_for=rules_for,
        alike=lru_cache(maxsize=256)(partial(_alike, rules_for)),
        respond_within=counted(policy.respond_within),
        collect_within=counted(policy.collect_within),
    )


def _fitting_rules(
    policy: Policy, counted: _Count, public: _Count, kind: Kind, fault: Fault, reason: Reason
) -> FittingRules:
    """The rules that apply to claims of a kind, a fault and a reason."""

    def deadlines(rules: Iterable[DeadlineRule]) -> tuple[CountedDeadline, ...]:
        return tuple(
            CountedDeadline(
                rule=rule,
                periods=tuple((public if rule.basis is Basis.STATUTE else counted)(period) for period in rule.periods),
            )
            for rule in rules
            if kind in rule.kinds and _is_for(rule, reason)
        )

    windows = [
        CountedWindow(
            rule=rule,
            periods=tuple(counted(period) for period in rule.periods),
            ends=min if rule.ends is WindowEnd.FIRST else max,
            discovered_within=counted(rule.discovered_within) if rule.discovered_within else None,
            from_discovery=tuple(counted(period) for period in rule.periods if period.anchor is Anchor.DISCOVERED),
        )
        for rule in policy.windows
        if kind in rule.kinds and fault in rule.faults and _is_for(rule, reason)
    ]
    by_nature = {nature: tuple(window for window in windows if has_nature(window.rule, nature)) for nature in Nature}
    exceptions = {nature: _exceptions(policy, kind, fault, nature) for nature in Nature}
    return FittingRules(
        windows=by_nature,
        open_windows=lru_cache(maxsize=256)(partial(_open_windows, by_nature)),
        exceptions=exceptions,
        undeclared={
            nature: tuple((place, rule) for place, rule in placed if not rule.conditions)
            for nature, placed in exceptions.items()
        },
        refund_deadlines=deadlines(policy.refund_deadlines),
        promises=deadlines(policy.promises),
        automation=tuple(rule for rule in policy.automation if kind in rule.kinds),
    )


SHOWS_ON_DELIVERY = frozenset({Reason.WRONG_ITEM, Reason.MISSING_ITEM, Reason.NOT_AS_DESCRIBED})


def _alike(
    rules_for: Callable[[Kind, Fault, Reason], FittingRules], kind: Kind, nature: Nature, reasons: Iterable[Reason]
) -> Groups:
    """Beside the rules for a reason, the engine tells apart what shows on delivery and what is lost."""
    groups: dict[tuple[object, ...], list[Reason]] = {}
    for reason in reasons:
        fault = fault_of(reason)
        rules = rules_for(kind, fault, reason)
        windows = [counted.rule for counted in rules.windows[nature]]
        deadlines = [counted.rule for counted in (*rules.refund_deadlines, *rules.promises)]
        shows = reason in SHOWS_ON_DELIVERY and kind is not Kind.CANCEL
        lost = reason is Reason.LOST_IN_DELIVERY and (kind is not Kind.CANCEL or _asks_for_goods(rules.windows[nature]))
        key = (fault, shows, lost, *map(id, windows), *map(id, deadlines))
        groups.setdefault(key, []).append(reason)
    return tuple(map(tuple, groups.values()))


def _asks_for_goods(windows: Iterable[CountedWindow]) -> bool:
    """True if a period counts from the discovery of a defect: that of lost goods needs no delivery."""
    return any(counted.from_discovery or counted.discovered_within for counted in windows)


def _open_windows(
    by_nature: Mapping[Nature, tuple[CountedWindow, ...]],
    nature: Nature,
    records: frozenset[Record],
    openings: frozenset[Opening],
) -> tuple[CountedWindow, ...]:
    return tuple(
        window
        for window in by_nature[nature]
        if shows(records, window.rule) and (not window.rule.opens_after or window.rule.opens_after & openings)
    )


def with_windows(fitting: FittingRules, nature: Nature, windows: tuple[CountedWindow, ...]) -> FittingRules:
    """The rules with these windows alone for lines of a nature."""
    if windows == fitting.windows[nature]:
        return fitting
    by_nature = {**fitting.windows, nature: windows}
    return replace(fitting, windows=by_nature, open_windows=partial(_open_windows, by_nature))


def _exceptions(policy: Policy, kind: Kind, fault: Fault, nature: Nature) -> tuple[PlacedException, ...]:
    return tuple(
        (place, rule)
        for place, rule in enumerate(policy.exceptions)
        if kind in rule.kinds and fault in rule.faults and has_nature(rule, nature)
    )


def _is_for(rule: WindowRule | DeadlineRule, reason: Reason) -> bool:
    return rule.reasons is None or reason in rule.reasons
