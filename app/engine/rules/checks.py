"""What the law forbids a rule to do. Each function checks one kind of rule, and each finding has the article."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from app.engine.model.rule_set import Rule, RuleAction, RuleField
from app.engine.model.values import value
from app.engine.model.vocabulary import Alternative, Fault, Kind, Reason, Word, fault_of
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Basis, Unit, WindowRule


class RuleViolation(Word):
    """Why a rule cannot be published."""

    REJECTS = "rejects"
    APPROVAL_COSTS = "approval_costs"
    OFFER_INSTEAD_OF_RIGHT = "offer_instead_of_right"
    OFFERS_FORBIDDEN = "offers_forbidden"
    OFFER_TOO_LONG = "offer_too_long"
    QUESTION_BEFORE_RIGHT = "question_before_right"


@value
class RuleFinding:
    """A rule that a policy or its law forbids. `citation` is the article, and `policy` the key of the policy."""

    rule_id: str
    code: RuleViolation
    detail: str
    citation: str
    policy: str


def findings(rules: Iterable[Rule], policies: Iterable[Policy]) -> tuple[RuleFinding, ...]:
    """Every rule that one of the policies forbids, in the order of the policies and of the rules."""
    ordered = tuple(rules)
    return tuple(found for policy in policies for rule in ordered for check in _CHECKS for found in check(rule, policy))


def _rejects(rule: Rule, policy: Policy) -> Iterator[RuleFinding]:
    if rule.action is RuleAction.REJECT:
        detail = "No rule rejects a claim. A person rejects on a ground that the facts show."
        yield _found(rule, policy, RuleViolation.REJECTS, detail, policy.rejection.citation)


_GIVING = frozenset({RuleAction.APPROVE, RuleAction.APPROVE_KEEP_GOODS, RuleAction.WAIVE_FEE})


def _costs(rule: Rule, policy: Policy) -> Iterator[RuleFinding]:
    """An approval gives back what the law owes. A smaller sum is an offer, which the buyer may decline."""
    if rule.action in _GIVING and (rule.amount is not None or rule.percent is not None):
        detail = "An approval gives back the whole amount that is owed. For a smaller sum, make an offer."
        yield _found(rule, policy, RuleViolation.APPROVAL_COSTS, detail, _refund_citation(policy))


def _refund_citation(policy: Policy) -> str:
    """The rule of the money of a return."""
    of_returns = (each for each in policy.refund_deadlines if Kind.RETURN in each.kinds and each.reasons is None)
    return next((each.citation for each in of_returns), policy.shipping.citation)


_INSTEAD = frozenset({Alternative.STORE_CREDIT, Alternative.DISCOUNT_COUPON, Alternative.PARTIAL_REFUND})


def _instead(rule: Rule, policy: Policy) -> Iterator[RuleFinding]:
    """At the seller's fault the buyer owes nothing for the right, and nobody asks the buyer to give a part of it up."""
    if rule.action is not RuleAction.OFFER or rule.alternative not in _INSTEAD:
        return
    right = _statute(rule, policy, _SELLERS)
    if right is not None:
        detail = "At your fault a rule may offer something on top, but nothing instead of the buyer's right."
        yield _found(rule, policy, RuleViolation.OFFER_INSTEAD_OF_RIGHT, detail, right.citation)


def _offers(rule: Rule, policy: Policy) -> Iterator[RuleFinding]:
    """An automatic offer is one of those that the law lets a seller make."""
    if rule.action is not RuleAction.OFFER:
        return
    if policy.offers.rounds < 1:
        detail = "The policy has no offers, so that nobody asks the buyer to decide otherwise."
        yield _found(rule, policy, RuleViolation.OFFERS_FORBIDDEN, detail, policy.offers.citation)
    limit = policy.offer_within
    if limit is not None and limit.unit is Unit.DAYS and (rule.open_days or 0) > limit.length:
        detail = f"An offer on a request that nobody has decided is open for {limit.length} days at most."
        yield _found(rule, policy, RuleViolation.OFFER_TOO_LONG, detail, limit.citation)


def _questions(rule: Rule, policy: Policy) -> Iterator[RuleFinding]:
    """A question holds the claim. A right that needs no reason does not wait for an answer."""
    right = _statute(rule, policy, _BUYERS) if rule.action is RuleAction.ASK else None
    if right is not None:
        detail = "The buyer need give no reason here, so that no question may hold the claim. Name other reasons."
        yield _found(rule, policy, RuleViolation.QUESTION_BEFORE_RIGHT, detail, right.citation)


_CHECKS: tuple[Callable[[Rule, Policy], Iterator[RuleFinding]], ...] = (
    _rejects,
    _costs,
    _instead,
    _offers,
    _questions,
)


_BUYERS = frozenset({Fault.BUYER})
_SELLERS = frozenset({Fault.SELLER, Fault.UNDECIDED})
"""What is undecided may turn out to be the seller's fault."""


def _statute(rule: Rule, policy: Policy, faults: frozenset[Fault]) -> WindowRule | None:
    """A right by statute that claims have at these faults, among those that the rule can fit."""
    reasons = {reason for reason in _reached(rule, RuleField.REASON, Reason) if fault_of(reason) in faults}
    if not reasons or faults.isdisjoint(_reached(rule, RuleField.FAULT, Fault)):
        return None
    kinds = _reached(rule, RuleField.KIND, Kind)
    return next(
        (
            window
            for window in policy.windows
            if window.basis is Basis.STATUTE
            and not window.faults.isdisjoint(faults)
            and not window.kinds.isdisjoint(kinds)
            and (window.reasons is None or not window.reasons.isdisjoint(reasons))
        ),
        None,
    )


_Word = TypeVar("_Word", bound=Word)


def _reached(rule: Rule, field: RuleField, words: type[_Word]) -> frozenset[_Word]:
    """The words of a field that the rule's conditions leave."""
    left = frozenset(words)
    for condition in rule.conditions:
        if condition.field is field:
            chosen = {word for word in words if word.value in condition.one_of} if condition.one_of else left
            left = frozenset(word for word in left & frozenset(chosen) if word.value not in condition.none_of)
    return left


def _found(rule: Rule, policy: Policy, code: RuleViolation, detail: str, citation: str) -> RuleFinding:
    return RuleFinding(rule_id=rule.rule_id, code=code, detail=detail, citation=citation, policy=policy.key)
