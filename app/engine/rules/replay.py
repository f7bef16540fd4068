"""What would have become of a request under a policy and rules: the request is decided by the same engine."""

from collections.abc import Sequence

from app.engine.advance import NewId, Progress, advance
from app.engine.decide import Refused
from app.engine.model.assessment import Verdict
from app.engine.model.commands import Approve, Request
from app.engine.model.rule_set import BuyerRecord, Rule, RuleAction, RuleSet
from app.engine.model.values import value
from app.engine.model.vocabulary import State, Word
from app.engine.policy.facts import Facts
from app.engine.rules.checks import findings
from app.engine.rules.conditions import Subject
from app.engine.rules.matching import command_of, match
from app.engine.standing import standing_of

_BY_PEOPLE = {Verdict.ELIGIBLE: "approvable", Verdict.INELIGIBLE: "refusable", Verdict.REVIEW: "unclear"}


class Replayed(Word):
    """How a request ends its first moment. `approved`: by itself. A person decides the others: `approvable` is the
    buyer's right, `refusable` is not, and `unclear` needs a look. `offered` and `asked` wait for the buyer."""

    APPROVED = "approved"
    OFFERED = "offered"
    ASKED = "asked"
    APPROVABLE = "approvable"
    REFUSABLE = "refusable"
    UNCLEAR = "unclear"


@value
class ReplayedClaim:
    """`rule_id` is the rule that decided. `refund` is what the buyer gets back, in minor units, if the request is
    approved or can be. `kept` says whether the goods stay with the buyer."""

    outcome: Replayed
    rule_id: str | None
    refund: int
    kept: bool = False


def replay(
    request: Request, facts: Facts, rules: Sequence[Rule], record: BuyerRecord, new_id: NewId
) -> ReplayedClaim | None:
    """None if the engine refuses the request."""
    progress = advance(None, request, facts, new_id)
    if isinstance(progress, Refused):
        return None
    subject = Subject(claim=progress.claim, facts=progress.facts, record=record)
    decision = match(rules, subject).decision
    if decision is None:
        return _first_moment(progress, None)
    if findings((decision.rule,), (progress.facts.policy,)):
        return _first_moment(progress, None)
    command = command_of(decision.rule, RuleSet(version=1, rules=tuple(rules)), subject, new_id)
    ruled = advance(progress.claim, command, progress.facts, new_id) if command else None
    if not isinstance(ruled, Progress):
        return _first_moment(progress, None)
    kept = isinstance(command, Approve) and command.keep_goods
    return _first_moment(ruled, decision.rule.rule_id, action=decision.rule.action, kept=kept)


_WAITING = {RuleAction.OFFER: Replayed.OFFERED, RuleAction.ASK: Replayed.ASKED}


def _first_moment(
    progress: Progress, rule_id: str | None, *, action: RuleAction | None = None, kept: bool = False
) -> ReplayedClaim:
    claim = progress.claim
    standing = standing_of(claim, progress.facts)
    outcome = Replayed.APPROVED
    if claim.state is State.REQUESTED:
        by_people = Replayed(_BY_PEOPLE[standing.assessment.verdict])
        outcome = by_people if action is None else _WAITING.get(action, by_people)
    refund = 0 if outcome in (Replayed.REFUSABLE, Replayed.UNCLEAR) else standing.amounts.total
    return ReplayedClaim(outcome=outcome, rule_id=rule_id, refund=refund, kept=kept)
