"""What a row of the table of transitions says."""

from collections.abc import Callable
from dataclasses import dataclass

from app.engine.case import Case
from app.engine.commands import Command
from app.engine.guards import Check, Guard
from app.engine.outcomes import Outcome
from app.engine.vocabulary import Kind, State

Condition = Callable[[Case], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`sources` None: before there is a claim. `to` None: the state stays. `event` is the past tense."""

    kinds: frozenset[Kind]
    sources: frozenset[State] | None
    command: type[Command]
    to: State | None
    event: str
    when: Condition | None = None
    guards: tuple[Guard, ...] = ()
    checks: tuple[Check, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
