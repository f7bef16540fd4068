"""The readings of a line of a claim that was edited: each instant at which the buyer asked for it, and the windows
that were used by then.

What was asked for in time stays in time, whatever the buyer changes beside it. To ask is to ask for some goods, by some
right: other goods, and another right, must be asked for in their own time. A right that needs no reason is used by
whoever asks for the goods, whatever the reason, and a reason that is named later does not take it away.

Sources: Directive 2011/83/EU, Article 9(1) (a withdrawal needs no reason), Article 11(2) (one that is sent before the
period has expired is in time), Article 12(a) (it ends the duties to perform); BGB § 355(1); 전자상거래법 제17조 제1항,
제3항 (the withdrawal at will, and the withdrawal because of the goods, have periods of their own), 제4항 (one in
writing counts from the day on which it was sent); 特定商取引法 第15条の3第1項; UK SI 2013/3134, regulation 29(1);
消費者保護法 第19條第1項.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from app.engine.model.asked_units import AskedUnits, about
from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.copies import replace
from app.engine.model.vocabulary import Fault, Nature, fault_of
from app.engine.policy.index import CountedWindow, FittingRules, PolicyIndex, with_windows
from app.engine.policy.rules import WindowRule

Reading = tuple[Claim, FittingRules]
"""The claim with the instant, the reason and the fault of an ask, and the rules with the windows used by then."""


def readings(claim: Claim, claimed: ClaimLine, nature: Nature, rules: PolicyIndex) -> Iterator[Reading]:
    """First what the claim rests on now, with all its windows. Then, from the latest, each earlier instant with those
    of the windows that the buyer had used by then. Last, at the seller's fault, the right that needs no reason."""
    asked = list(about(claim.submission.asked, claimed.line_id, claimed.quantity))
    first_asked_at = min((each.asked_at for each in asked), default=claim.submission.requested_at)
    fitting = rules.rules_for(claim.kind, claim.fault, claim.reason)
    used_at = [(_used_at(window, claim, asked, nature, rules), window) for window in fitting.windows[nature]]
    for instant in sorted({at for at, _ in used_at} or {first_asked_at}, reverse=True):
        used = tuple(window for at, window in used_at if at <= instant)
        yield _as_of(claim, instant), with_windows(fitting, nature, used)
    at_will = next((each for each in asked if each.fault is Fault.BUYER), None)
    if at_will is not None and claim.fault is Fault.SELLER:
        without_reason = rules.rules_for(claim.kind, at_will.fault, at_will.reason)
        used = tuple(window for window in without_reason.windows[nature] if _needs_no_reason(window.rule))
        as_asked = replace(_as_of(claim, first_asked_at), reason=at_will.reason, fault=at_will.fault)
        yield as_asked, with_windows(without_reason, nature, used)


def _used_at(
    window: CountedWindow, claim: Claim, asked: Collection[AskedUnits], nature: Nature, rules: PolicyIndex
) -> datetime:
    """When the buyer first asked for the units by this window, or for no reason yet, because the fault was undecided. A
    reason that the seller has set gives the buyer no other instant."""
    of_any_reason = _needs_no_reason(window.rule) or seller_has_set_reason(claim)
    by_it = [
        each
        for each in asked
        if of_any_reason
        or each.fault is Fault.UNDECIDED
        or _is_among(window.rule, rules.rules_for(claim.kind, each.fault, each.reason).windows[nature])
    ]
    return min((each.asked_at for each in by_it or asked), default=claim.submission.requested_at)


def _is_among(rule: WindowRule, windows: Iterable[CountedWindow]) -> bool:
    return any(rule is window.rule for window in windows)


def _needs_no_reason(rule: WindowRule) -> bool:
    """True for a withdrawal, and for any other right that a buyer has whom nothing but the own wish moves."""
    return rule.withdrawal or (rule.reasons is None and Fault.BUYER in rule.faults)


def _as_of(claim: Claim, instant: datetime) -> Claim:
    return replace(claim, submission=replace(claim.submission, requested_at=instant))


def asks_for_what_is_new(claim: Claim) -> bool:
    """True if the claim asks for units, or for a reason, that the request did not ask for."""
    return any(_first_asked_at(claim, line) > claim.submission.requested_at for line in claim.lines)


def _first_asked_at(claim: Claim, line: ClaimLine) -> datetime:
    asked = list(about(claim.submission.asked, line.line_id, line.quantity))
    for_this = [each for each in asked if each.reason is claim.reason]
    return min((each.asked_at for each in for_this or asked), default=claim.submission.requested_at)


def seller_has_set_reason(claim: Claim) -> bool:
    """True if the seller has classified the claim: the reason or the fault is no longer that of the request."""
    changed = ((step.old_reason, step.old_fault) != (step.reason, step.fault) for step in claim.reclassifications)
    return claim.fault is not fault_of(claim.reason) or any(changed)
