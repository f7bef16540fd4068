"""A command and all that follows from it by itself, up to where a person must speak again."""

from app.engine.autopilot import next_command, waits_for_people
from app.engine.decide import Decision, Refused, decide
from app.engine.model.claim import Claim
from app.engine.model.commands import Command
from app.engine.policy.facts import Facts
from app.engine.transitions.ledger import after


class Progress:
    """The claim at the end, and each decision on the way."""

    __slots__ = ("_before", "_facts", "claim", "decisions")

    def __init__(self, before: Facts, decisions: tuple[Decision, ...], facts: Facts | None) -> None:
        """`before` are the facts before the last decision, `facts` those after it, where they are known."""
        self.claim = decisions[-1].claim
        self.decisions = decisions
        self._before = before
        self._facts = facts

    @property
    def facts(self) -> Facts:
        """As the effects left them: worked out once, when somebody asks, as a quote does not."""
        if self._facts is None:
            self._facts = after(self._before, self.decisions[-1].effects)
        return self._facts


def advance(claim: Claim | None, command: Command, facts: Facts) -> Progress | Refused:
    """Decide a command, then whatever the autopilot answers to it."""
    decision = decide(claim, command, facts)
    return decision if isinstance(decision, Refused) else _follow((decision,), facts)


def advance_by_itself(claim: Claim, facts: Facts) -> Progress | None:
    """What the autopilot does with a claim when the facts around it have changed, if anything."""
    command = next_command(claim, facts)
    progress = command and advance(claim, command, facts)
    return progress if isinstance(progress, Progress) else None


def _follow(decisions: tuple[Decision, ...], before: Facts) -> Progress:
    claim = decisions[-1].claim
    if waits_for_people(claim, before.rules.policy):
        return Progress(before, decisions, None)
    facts = after(before, decisions[-1].effects)
    command = next_command(claim, facts)
    following = decide(claim, command, facts) if command else None
    if not isinstance(following, Decision):
        return Progress(before, decisions, facts)
    return _follow((*decisions, following), facts)
