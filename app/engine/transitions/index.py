"""The table of transitions by kind, state and command. A missing key is the illegal transition."""

from collections.abc import Iterable, Iterator
from functools import cache

from app.engine.model.commands import Command
from app.engine.model.vocabulary import Kind, State
from app.engine.transitions.table import TABLE
from app.engine.transitions.transition import Place, Transition

Key = tuple[Kind, State | None, type[Command]]


def ordered(where: frozenset[Place]) -> Iterator[Place]:
    """Places in the order of kinds and states."""
    return ((kind, state) for kind in Kind for state in (None, *State) if (kind, state) in where)


def _index(table: Iterable[Transition]) -> dict[Key, tuple[Transition, ...]]:
    index: dict[Key, tuple[Transition, ...]] = {}
    for row in table:
        for kind, source in ordered(row.where):
            key = (kind, source, row.command)
            index[key] = (*index.get(key, ()), row)
    return index


ROWS = _index(TABLE)
_COMMANDS = tuple(dict.fromkeys(row.command for row in TABLE))


@cache
def commands_from(kind: Kind, state: State | None) -> tuple[type[Command], ...]:
    """The commands that a claim of this kind accepts in this state, in the table's order."""
    return tuple(command for command in _COMMANDS if (kind, state, command) in ROWS)
