"""A command and all that follows from it by itself, up to where a person must speak again."""

from dataclasses import dataclass

from app.engine.autopilot import next_command
from app.engine.claim import Claim
from app.engine.commands import Command
from app.engine.copying import maker
from app.engine.decide import Decision, Refused, decide
from app.engine.facts import Facts
from app.engine.ledger import after


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The claim at the end, the facts as the effects left them, and each decision on the way."""

    claim: Claim
    facts: Facts
    decisions: tuple[Decision, ...]


new_progress = maker(Progress)


def advance(claim: Claim | None, command: Command, facts: Facts) -> Progress | Refused:
    """Decide a command, then whatever the autopilot answers to it."""
    decision = decide(claim, command, facts)
    if isinstance(decision, Refused):
        return decision
    return _follow((decision,), after(facts, decision.effects))


def advance_by_itself(claim: Claim, facts: Facts) -> Progress | None:
    """What the autopilot does with a claim when the facts around it have changed, if anything."""
    command = next_command(claim, facts)
    progress = command and advance(claim, command, facts)
    return progress if isinstance(progress, Progress) else None


def _follow(decisions: tuple[Decision, ...], facts: Facts) -> Progress:
    claim = decisions[-1].claim
    command = next_command(claim, facts)
    following = decide(claim, command, facts) if command else None
    if not isinstance(following, Decision):
        return new_progress(claim=claim, facts=facts, decisions=decisions)
    return _follow((*decisions, following), after(facts, following.effects))
