"""A policy compiled for the calendar that it is counted in: which of its rules fit a claim, and where its periods
end, found out once.

It says nothing that the policy and the calendar do not say; it only says it sooner.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from app.engine.calendar import BusinessCalendar
from app.engine.periods import CountedPeriod, End
from app.engine.policy import AutomationRule, DeadlineRule, Ends, ExceptionRule, Period, Policy, WindowRule
from app.engine.vocabulary import Fault, Kind, Nature, Reason

_AT_MOST = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedWindow:
    """`ends` picks the end that counts out of those of its periods."""

    rule: WindowRule
    periods: tuple[CountedPeriod, ...]
    ends: Callable[[Iterable[End]], End]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPolicy:
    """The rules that fit, in the policy's order. An exception goes with its place in that order; of the deadlines
    there are the periods of the first of the law's and the first of the seller's."""

    policy: Policy
    calendar: BusinessCalendar
    key: str
    windows: Callable[[Kind, Fault, Reason], tuple[CountedWindow, ...]]
    exceptions: Callable[[Kind, Fault, Nature], tuple[tuple[int, ExceptionRule], ...]]
    refund_deadlines: Callable[[Kind, Reason], tuple[tuple[CountedPeriod, ...], ...]]
    automation: Callable[[Kind], tuple[AutomationRule, ...]]
    counted: Callable[[Period], CountedPeriod]


def compiled(policy: Policy, calendar: BusinessCalendar) -> CompiledPolicy:
    """Looked up by identity, as hashing a policy takes as long as judging by it. What has been compiled keeps both
    alive, so that no other can come to stand in their places."""
    place = id(policy), id(calendar)
    found = _COMPILED.get(place)
    if found is None:
        if len(_COMPILED) >= _AT_MOST:
            _COMPILED.clear()
        found = _COMPILED[place] = _compile(policy, calendar)
    return found


_COMPILED: dict[tuple[int, int], CompiledPolicy] = {}


def _compile(policy: Policy, calendar: BusinessCalendar) -> CompiledPolicy:
    counted = cache(lambda period: CountedPeriod(period, calendar))
    public = cache(lambda period: CountedPeriod(period, calendar.public))

    def windows(kind: Kind, fault: Fault, reason: Reason) -> tuple[CountedWindow, ...]:
        return tuple(
            CountedWindow(
                rule=rule,
                periods=tuple(counted(period) for period in rule.periods),
                ends=min if rule.ends is Ends.FIRST else max,
            )
            for rule in policy.windows
            if kind in rule.kinds and fault in rule.faults and _is_for(rule, reason)
        )

    def exceptions(kind: Kind, fault: Fault, nature: Nature) -> tuple[tuple[int, ExceptionRule], ...]:
        return tuple(
            (place, rule)
            for place, rule in enumerate(policy.exceptions)
            if kind in rule.kinds and fault in rule.faults and (not rule.natures or nature in rule.natures)
        )

    def refund_deadlines(kind: Kind, reason: Reason) -> tuple[tuple[CountedPeriod, ...], ...]:
        fitting = (
            next((rule for rule in rules if kind in rule.kinds and _is_for(rule, reason)), None)
            for rules in (policy.refund_deadlines, policy.promises)
        )
        return tuple(
            tuple((public if rule.statutory else counted)(period) for period in rule.periods)
            for rule in fitting
            if rule
        )

    def automation(kind: Kind) -> tuple[AutomationRule, ...]:
        return tuple(rule for rule in policy.automation if kind in rule.kinds)

    return CompiledPolicy(
        policy=policy,
        calendar=calendar,
        key=policy.key,
        windows=cache(windows),
        exceptions=cache(exceptions),
        refund_deadlines=cache(refund_deadlines),
        automation=cache(automation),
        counted=counted,
    )


def _is_for(rule: WindowRule | DeadlineRule, reason: Reason) -> bool:
    return rule.reasons is None or reason in rule.reasons
