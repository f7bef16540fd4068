"""Which rules fit a claim, and the command that a rule gives. The command is then decided as every command: the law
and the policy can refuse what a rule wants."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from app.engine.advance import NewId
from app.engine.amounts.line_values import value_by_line
from app.engine.model.claim import Actor
from app.engine.model.commands import Approve, Command, HoldClaim, MakeOffer
from app.engine.model.rule_set import Rule, RuleAction, RuleSet
from app.engine.model.values import value
from app.engine.model.vocabulary import HoldReason, Kind, Role, State
from app.engine.rules.conditions import Held, Subject, held


@value
class Match:
    """A rule that fits, and why."""

    rule: Rule
    because: tuple[Held, ...]


@value
class Matches:
    """All routes that fit, in their order, and the first other rule that fits."""

    routes: tuple[Match, ...] = ()
    decision: Match | None = None


def match(rules: Sequence[Rule], subject: Subject) -> Matches:
    """The rules act on a request that nobody has decided or held. A claim that the policy has approved by itself is
    decided."""
    claim = subject.claim
    if claim.state is not State.REQUESTED or claim.hold is not None:
        return Matches()
    routes: list[Match] = []
    decision: Match | None = None
    for rule in rules:
        if decision is not None and rule.action is not RuleAction.ROUTE:
            continue
        because = held(rule, subject) if _fits(rule, subject) else None
        if because is None:
            continue
        if rule.action is RuleAction.ROUTE:
            routes.append(Match(rule=rule, because=because))
        else:
            decision = Match(rule=rule, because=because)
    return Matches(routes=tuple(routes), decision=decision)


def command_of(rule: Rule, rule_set: RuleSet, subject: Subject, new_id: NewId) -> Command | None:
    """The command that the rule gives. None for a rule that leaves the claim as it is."""
    make = _COMMANDS.get(rule.action)
    return None if make is None else make(rule, actor_of(rule, rule_set), subject, new_id)


def actor_of(rule: Rule, rule_set: RuleSet) -> Actor:
    """The system. The key has the id of the rule and the version of the rules. Buyers do not see the key."""
    return Actor(role=Role.SYSTEM, name="rules", key=f"rule {rule.rule_id}@{rule_set.version}")


def _fits(rule: Rule, subject: Subject) -> bool:
    """Only a return has goods that can stay, and only what comes back costs a fee."""
    kinds = _KINDS.get(rule.action)
    return kinds is None or subject.claim.kind in kinds


_KINDS = {
    RuleAction.APPROVE_KEEP_GOODS: frozenset({Kind.RETURN}),
    RuleAction.WAIVE_FEE: frozenset({Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR}),
}


def _offer(rule: Rule, by: Actor, subject: Subject, new_id: NewId) -> Command:
    if rule.alternative is None:
        raise ValueError(f"rule {rule.rule_id} offers nothing")
    now = subject.facts.now
    return MakeOffer(
        by=by,
        offer_id=new_id(now),
        alternative=rule.alternative,
        message=rule.text or "",
        amount=_worth(rule, subject),
        expires_at=None if rule.open_days is None else now + timedelta(days=rule.open_days),
    )


def _worth(rule: Rule, subject: Subject) -> int | None:
    """A share of the value is rounded up, in the buyer's favour. An amount in another currency is none."""
    order = subject.facts.order
    if rule.percent is not None:
        return -(-sum(value_by_line(subject.claim, order).values()) * rule.percent // 100)
    return rule.amount if rule.currency == order.currency else None


_COMMANDS: Mapping[RuleAction, Callable[[Rule, Actor, Subject, NewId], Command]] = {
    RuleAction.APPROVE: lambda _, by, __, ___: Approve(by=by),
    RuleAction.APPROVE_KEEP_GOODS: lambda _, by, __, ___: Approve(by=by, keep_goods=True),
    RuleAction.WAIVE_FEE: lambda _, by, __, ___: Approve(by=by, waive_fee=True),
    RuleAction.OFFER: _offer,
    RuleAction.ASK: lambda _, by, __, ___: HoldClaim(by=by, reason=HoldReason.BUYER_QUESTION),
}
