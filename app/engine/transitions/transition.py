"""One row of the table of transitions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.engine.model.commands import Command
from app.engine.model.vocabulary import Kind, State
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import Guard, Validation
from app.engine.transitions.state_deadlines import StateDeadlines
from app.engine.transitions.steps import TransitionStep

Condition = Callable[[DecisionContext], bool]
Place = tuple[Kind, State | None]
"""A kind of claim in a state. None: before there is a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The command is accepted in every place of `where`. `to` None: the state stays. `event` is in the past tense.

    `when` chooses between rows with the same place and command. `guards` read the claim, and `validations` read the
    command. Both return refusals. `steps` run if nothing was refused. `deadlines` are those that begin with the state.
    """

    where: frozenset[Place]
    command: type[Command]
    to: State | None
    event: str
    when: Condition | None = None
    guards: tuple[Guard, ...] = ()
    validations: tuple[Validation, ...] = ()
    deadlines: StateDeadlines | None = None
    steps: tuple[TransitionStep, ...] = ()


def places(kinds: Iterable[Kind], states: Iterable[State | None]) -> frozenset[Place]:
    """Each of these kinds in each of these states."""
    return frozenset((kind, state) for kind in kinds for state in states)
