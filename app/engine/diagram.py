"""The table of transitions as a Mermaid state diagram and as lines of text, for README, docs and the table's head."""

from collections.abc import Iterable, Iterator
from textwrap import fill, indent

from app.engine.decide import command_name
from app.engine.model.commands import Command
from app.engine.model.vocabulary import FINAL, Kind, State
from app.engine.transitions.index import ordered
from app.engine.transitions.transition import Transition

Arrow = tuple[State | None, State]
"""From a state to another. None: before there is a claim."""


def mermaid(table: Iterable[Transition]) -> str:
    """One diagram of all kinds. A label names the commands, and in brackets the kinds, where other kinds in the same
    state do not take that arrow. A note lists the commands that keep the state. Mermaid ends a text at `:` and `;`.
    """
    rows = tuple(table)
    labels = {arrow: _label(arrow, rows) for row in rows for arrow in _arrows(row)}
    return "\n".join(
        (
            "stateDiagram-v2",
            *(f"    {_name(source)} --> {target}: {label}" for (source, target), label in labels.items()),
            *(f"    {state} --> [*]" for state in State if state in FINAL),
            f"    note left of {State.REQUESTED}",
            indent(fill(f"Not drawn, as they leave the state as it is - {_keeping(rows)}", width=40), " " * 8),
            "    end note",
        )
    )


def ways(table: Iterable[Transition]) -> str:
    """One line per way: the kinds, the states, the command, and the state that it leads to."""
    lines = [
        (_listed(kinds), _listed(sources), command_name(command), str(target or "(stays)"))
        for (command, target), kinds_of in _by_command(table).items()
        for kinds, sources in _together(kinds_of)
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "".join(
        f"{kinds:{widths[0]}}  {sources:{widths[1]}}  {command:{widths[2]}} -> {target}\n"
        for kinds, sources, command, target in lines
    )


def _by_command(
    table: Iterable[Transition],
) -> dict[tuple[type[Command], State | None], dict[State | None, list[Kind]]]:
    """For each command and the state that it leads to: the kinds, by the state that they come from."""
    ways_of: dict[tuple[type[Command], State | None], dict[State | None, list[Kind]]] = {}
    for row in table:
        kinds_of = ways_of.setdefault((row.command, row.to), {})
        for kind, source in ordered(row.where):
            kinds = kinds_of.setdefault(source, [])
            if kind not in kinds:
                kinds.append(kind)
    return ways_of


def _together(kinds_of: dict[State | None, list[Kind]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The states that the same kinds come from, together."""
    sources_of: dict[tuple[str, ...], list[str]] = {}
    for source in sorted(kinds_of, key=[None, *State].index):
        kinds = tuple(kind for kind in Kind if kind in kinds_of[source])
        sources_of.setdefault(kinds if len(kinds) < len(Kind) else ("every kind",), []).append(source or "(new)")
    return [(kinds, tuple(sources)) for kinds, sources in sources_of.items()]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _arrows(row: Transition) -> Iterator[Arrow]:
    """From state to state; a row that keeps the state has none."""
    for source in dict.fromkeys(state for state in (None, *State) for _, at in row.where if at == state):
        if row.to not in (None, source):
            yield source, row.to


def _label(arrow: Arrow, rows: tuple[Transition, ...]) -> str:
    """The commands of an arrow; commands of the same kinds together."""
    kinds_of: dict[type[Command], set[Kind]] = {}
    for row in rows:
        if arrow in _arrows(row):
            kinds_of.setdefault(row.command, set()).update(_kinds_in(arrow[0], row))
    groups: dict[str, list[str]] = {}
    for command, kinds in kinds_of.items():
        groups.setdefault(_which(kinds, arrow[0], rows), []).append(command_name(command))
    return " / ".join(", ".join(names) + which for which, names in groups.items())


def _which(kinds: set[Kind], source: State | None, rows: tuple[Transition, ...]) -> str:
    standing = {kind for row in rows for kind in _kinds_in(source, row)}
    return "" if kinds == standing else f" ({', '.join(kind for kind in Kind if kind in kinds)})"


def _kinds_in(source: State | None, row: Transition) -> set[Kind]:
    return {kind for kind, state in row.where if state == source}


def _keeping(rows: tuple[Transition, ...]) -> str:
    commands = (row.command for row in rows if any(row.to in (None, state) for _, state in row.where))
    return ", ".join(dict.fromkeys(command_name(command) for command in commands))


def _name(state: State | None) -> str:
    return "[*]" if state is None else state
