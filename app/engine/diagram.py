"""The table as a picture: a Mermaid state diagram, so that what is shown cannot differ from what is done."""

from collections.abc import Iterable, Iterator
from textwrap import fill, indent

from app.engine.decide import command_name
from app.engine.model.commands import Command
from app.engine.model.vocabulary import FINAL, Kind, State
from app.engine.transitions.transition import Transition

Way = tuple[State | None, State]


def mermaid(table: Iterable[Transition]) -> str:
    """All kinds in one diagram. A label names the commands, and in brackets the kinds where not all that stand
    in the state go that way. What leaves a claim where it is stands in a note. Mermaid ends a text at `:` and `;`.
    """
    rows = tuple(table)
    ways = {way: _label(way, rows) for row in rows for way in _ways(row)}
    return "\n".join(
        (
            "stateDiagram-v2",
            *(f"    {_name(source)} --> {target}: {label}" for (source, target), label in ways.items()),
            *(f"    {state} --> [*]" for state in State if state in FINAL),
            f"    note left of {State.REQUESTED}",
            indent(fill(f"Not drawn, as they leave the state as it is - {_staying(rows)}", width=40), " " * 8),
            "    end note",
        )
    )


def _ways(row: Transition) -> Iterator[Way]:
    """Where a row leads from state to state; a row that keeps the state leads nowhere."""
    for source in sorted(row.sources or (), key=list(State).index) or (None,):
        if row.to not in (None, source):
            yield source, row.to


def _label(way: Way, rows: tuple[Transition, ...]) -> str:
    """The commands of a way; those that share their kinds together."""
    kinds: dict[type[Command], set[Kind]] = {}
    for row in rows:
        if way in _ways(row):
            kinds.setdefault(row.command, set()).update(row.kinds)
    groups: dict[str, list[str]] = {}
    for command, going in kinds.items():
        groups.setdefault(_whose(going, way[0], rows), []).append(command_name(command))
    return " / ".join(", ".join(names) + whose for whose, names in groups.items())


def _whose(going: set[Kind], source: State | None, rows: tuple[Transition, ...]) -> str:
    standing = {kind for row in rows if source in (row.sources or (None,)) for kind in row.kinds}
    return "" if going == standing else f" ({', '.join(kind for kind in Kind if kind in going)})"


def _staying(rows: tuple[Transition, ...]) -> str:
    staying = (row.command for row in rows if row.to is None or row.to in (row.sources or ()))
    return ", ".join(dict.fromkeys(command_name(command) for command in staying))


def _name(state: State | None) -> str:
    return "[*]" if state is None else state
