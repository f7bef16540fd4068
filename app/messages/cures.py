"""What a buyer must be told before defective goods are put right: the choice of the cure, and what a repair adds.

Sale of Goods Directive, article 13(2a).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.model.assessment import Verdict
from app.engine.model.claim import Claim
from app.engine.model.claim_lines import pairs
from app.engine.model.copies import replace
from app.engine.model.vocabulary import Fault, Kind, Nature, Reason
from app.engine.policy.eligibility import assess
from app.engine.policy.facts import Facts
from app.engine.policy.index import CountedWindow
from app.engine.policy.rules import Anchor, Opening, Unit, WindowRule

_DEFECTS = (Reason.DEFECTIVE, Reason.NOT_AS_DESCRIBED)
_MONTHS_FROM_DELIVERY = (Anchor.DELIVERED, Unit.MONTHS_TO_THE_DATE)
_ONLY_AFTER_A_REPAIR = frozenset({Opening.REPAIRED})


def of_cures(claim: Claim, facts: Facts) -> dict[str, Any]:
    """The variables of a claim about a defect, if the policy gives the buyer both a repair and a replacement."""
    if claim.fault is not Fault.SELLER or claim.reason not in _DEFECTS:
        return {}
    if not all(_is_entitled(claim, kind, facts) for kind in (Kind.REPAIR, Kind.EXCHANGE)):
        return {}
    return {"may_choose_cure": True, "repair_adds_months": _months_added(claim, facts)}


def _is_entitled(claim: Claim, kind: Kind, facts: Facts) -> bool:
    return assess(replace(claim, kind=kind), facts).verdict is Verdict.ELIGIBLE


def _months_added(claim: Claim, facts: Facts) -> int | None:
    """The months between the window for a repair and the window that only a repair opens, both from the delivery. None
    if there is no such window, or if the lines differ."""
    by_nature = facts.rules.rules_for(Kind.REPAIR, claim.fault, claim.reason).windows
    added = {_added(by_nature, line.nature) for _, line in pairs(claim, facts.order)}
    months = added.pop() if len(added) == 1 else 0
    return months if months > 0 else None


def _added(by_nature: Mapping[Nature, tuple[CountedWindow, ...]], nature: Nature) -> int:
    rules = [counted.rule for counted in by_nature.get(nature, ())]
    before = _months(rule for rule in rules if not rule.opens_after)
    after = _months(rule for rule in rules if rule.opens_after == _ONLY_AFTER_A_REPAIR)
    return after - before if before and after else 0


def _months(rules: Iterable[WindowRule]) -> int:
    """The longest window that is counted in months from the delivery. 0 without one."""
    periods = (rule.periods[0] for rule in rules if len(rule.periods) == 1 and rule.discovered_within is None)
    lengths = (each.length for each in periods if (each.anchor, each.unit) == _MONTHS_FROM_DELIVERY)
    return max(lengths, default=0)
