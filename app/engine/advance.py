"""Decides a command, then every command that the system gives by itself, until a person must act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.engine.autopilot import SYSTEM, next_command, waits_for_people
from app.engine.decide import Decision, Refused, decide
from app.engine.model.claim import Claim
from app.engine.model.commands import Command, OrderShipped
from app.engine.model.copies import replace
from app.engine.policy.facts import Facts
from app.engine.transitions.ledger import apply_effects
from app.engine.transitions.shipped_meanwhile import return_of_what_left

NewId = Callable[[datetime], str]
"""Makes the id of a claim that is opened at an instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A claim after one command and what followed by itself.

    `decisions` are in order, at least one. `facts` are those after the effects of the last decision. `split` is
    the second claim, where the command made one: the return of the units of a cancellation that had left.
    """

    claim: Claim
    decisions: tuple[Decision, ...]
    facts: Facts
    split: "Progress | None" = None


def advance(claim: Claim | None, command: Command, facts: Facts, new_id: NewId) -> Progress | Refused:
    """Decide a command and what follows. `new_id` makes the id of the second claim of a split."""
    decision = decide(claim, command, facts)
    if isinstance(decision, Refused):
        return decision
    progress = _follow((decision,), apply_effects(facts, decision.effects))
    split = _split(claim or decision.claim, progress, new_id)
    return progress if split is None else replace(progress, split=split)


def _follow(decisions: tuple[Decision, ...], facts: Facts) -> Progress:
    claim = decisions[-1].claim
    command = None if waits_for_people(claim, facts.policy) else next_command(claim, facts)
    decision = decide(claim, command, facts) if command else None
    if not isinstance(decision, Decision):
        return Progress(claim=claim, decisions=decisions, facts=facts)
    return _follow((*decisions, decision), apply_effects(facts, decision.effects))


def _split(asked: Claim, progress: Progress, new_id: NewId) -> Progress | None:
    """Only a shipment splits a claim. The new claim is opened on the order as the first one left it."""
    if not any(isinstance(decision.event.command, OrderShipped) for decision in progress.decisions):
        return None
    facts = replace(progress.facts, refunds_outstanding=0)
    request = return_of_what_left(asked, progress.claim, facts, claim_id=new_id(facts.now), by=SYSTEM)
    split = advance(None, request, facts, new_id) if request else None
    if isinstance(split, Refused):
        raise TypeError(f"the units of claim {asked.claim_id} that left cannot be returned: {split}")
    return split
