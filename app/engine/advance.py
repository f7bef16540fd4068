"""Decides a command, and then the system's commands, until a person must act."""

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
from app.engine.transitions.shipped_meanwhile import return_of_shipped_units

NewId = Callable[[datetime], str]
"""Makes the id of a claim that is opened at an instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A claim after one command and the system's commands after it.

    `decisions` are in order, at least one. `facts` are the facts after the effects of the last decision. `split` is
    the second claim, if there is one: the return of cancelled units that were already shipped.
    """

    claim: Claim
    decisions: tuple[Decision, ...]
    facts: Facts
    split: "Progress | None" = None


def advance(claim: Claim | None, command: Command, facts: Facts, new_id: NewId) -> Progress | Refused:
    """Decide a command and the system's commands after it. `new_id` makes the id of the second claim of a split."""
    decision = decide(claim, command, facts)
    if isinstance(decision, Refused):
        return decision
    progress = follow(decision, facts)
    before_shipment = claim if claim is not None and isinstance(command, OrderShipped) else decision.claim
    split = _split(before_shipment, progress, new_id)
    return progress if split is None else replace(progress, split=split)


def follow(decision: Decision, facts: Facts) -> Progress:
    """Give the system's commands after a decision. `facts` are those before its effects."""
    return go_on(decision, apply_effects(facts, decision.effects))


def go_on(decision: Decision, facts: Facts) -> Progress:
    """As `follow`, with the facts after the effects of the decision."""
    return _follow((decision,), facts)


def _follow(decisions: tuple[Decision, ...], facts: Facts) -> Progress:
    claim = decisions[-1].claim
    command = None if waits_for_people(claim, facts.policy) else next_command(claim, facts)
    decision = decide(claim, command, facts) if command else None
    if not isinstance(decision, Decision):
        return Progress(claim=claim, decisions=decisions, facts=facts)
    return _follow((*decisions, decision), apply_effects(facts, decision.effects))


def _split(before_shipment: Claim, progress: Progress, new_id: NewId) -> Progress | None:
    """Only a shipment splits a claim. The new claim sees the order after the first claim."""
    if not any(isinstance(decision.event.command, OrderShipped) for decision in progress.decisions):
        return None
    facts = replace(progress.facts, refunds_outstanding=0)
    request = return_of_shipped_units(before_shipment, progress.claim, facts, claim_id=new_id(facts.now), by=SYSTEM)
    split = advance(None, request, facts, new_id) if request else None
    if isinstance(split, Refused):
        raise TypeError(f"the units of claim {before_shipment.claim_id} that were shipped cannot be returned: {split}")
    return split


def first_decisions(progress: Progress, before: Facts, count: int) -> Progress:
    """The progress without the system's commands after the first `count` decisions. `before` are the facts before all
    of them."""
    kept, facts = progress.decisions[:count], before
    for decision in kept:
        facts = apply_effects(facts, decision.effects)
    return replace(progress, claim=kept[-1].claim, decisions=kept, facts=facts)
