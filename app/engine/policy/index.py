"""An index of a policy for one calendar: the rules that fit a claim, and the ends of its periods.

A cache. It gives the same answers as policy and calendar, computed once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from app.engine.model.vocabulary import Fault, Kind, Nature, Reason
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.periods import CountedPeriod, End
from app.engine.policy.policy import Policy
from app.engine.policy.rules import AutomationRule, DeadlineRule, ExceptionRule, Period, WindowEnd, WindowRule

PlacedException = tuple[int, ExceptionRule]
"""An exception, and its place in the policy's order."""
_Count = Callable[[Period], CountedPeriod]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedWindow:
    """`ends` picks one of the ends of two periods: the first or the last."""

    rule: WindowRule
    periods: tuple[CountedPeriod, ...]
    ends: Callable[[End, End], End]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDeadline:
    """For claims whose lines all have these natures. Empty: any nature."""

    natures: frozenset[Nature]
    periods: tuple[CountedPeriod, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingRules:
    """The rules for claims of one kind, fault and reason, in the policy's order. `after_exchange` are the windows for
    goods that were sent in exchange. Empty: `windows` apply.

    Exceptions are indexed by the nature of a line: `exceptions` are all exceptions, `undeclared` the exceptions that do
    not depend on a declaration of the buyer.
    """

    windows: tuple[CountedWindow, ...]
    after_exchange: tuple[CountedWindow, ...]
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
    respond_within: CountedPeriod
    collect_within: CountedPeriod


def index_policy(policy: Policy, calendar: BusinessCalendar) -> PolicyIndex:
    """Index a policy for a calendar. Callers cache the index, because indexing costs as much as a decision."""
    counted = cache(lambda period: CountedPeriod(period, calendar))
    public = cache(lambda period: CountedPeriod(period, calendar.public))
    return PolicyIndex(
        policy=policy,
        calendar=calendar,
        key=policy.key,
        rules_for=cache(partial(_fitting_rules, policy, counted, public)),
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
                natures=rule.natures,
                periods=tuple((public if rule.statutory else counted)(period) for period in rule.periods),
            )
            for rule in rules
            if kind in rule.kinds and _is_for(rule, reason)
        )

    windows = [
        CountedWindow(
            rule=rule,
            periods=tuple(counted(period) for period in rule.periods),
            ends=min if rule.ends is WindowEnd.FIRST else max,
        )
        for rule in policy.windows
        if kind in rule.kinds and fault in rule.faults and _is_for(rule, reason)
    ]
    first = tuple(window for window in windows if not window.rule.after_exchange)
    exceptions = {nature: _exceptions(policy, kind, fault, nature) for nature in Nature}
    return FittingRules(
        windows=first,
        after_exchange=tuple(windows) if len(windows) > len(first) else (),
        exceptions=exceptions,
        undeclared={
            nature: tuple((place, rule) for place, rule in placed if not rule.conditions)
            for nature, placed in exceptions.items()
        },
        refund_deadlines=deadlines(policy.refund_deadlines),
        promises=deadlines(policy.promises),
        automation=tuple(rule for rule in policy.automation if kind in rule.kinds),
    )


def _exceptions(policy: Policy, kind: Kind, fault: Fault, nature: Nature) -> tuple[PlacedException, ...]:
    return tuple(
        (place, rule)
        for place, rule in enumerate(policy.exceptions)
        if kind in rule.kinds and fault in rule.faults and (not rule.natures or nature in rule.natures)
    )


def _is_for(rule: WindowRule | DeadlineRule, reason: Reason) -> bool:
    return rule.reasons is None or reason in rule.reasons
