"""What a row of the table of transitions says."""

from collections.abc import Callable
from dataclasses import dataclass

from app.engine.model.commands import Command
from app.engine.model.vocabulary import Kind, State
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import Guard, Validation
from app.engine.transitions.steps import TransitionStep

Condition = Callable[[DecisionContext], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """`sources` None: before there is a claim. `to` None: the state stays. `event` is the past tense."""

    kinds: frozenset[Kind]
    sources: frozenset[State] | None
    command: type[Command]
    to: State | None
    event: str
    when: Condition | None = None
    guards: tuple[Guard, ...] = ()
    validations: tuple[Validation, ...] = ()
    steps: tuple[TransitionStep, ...] = ()
