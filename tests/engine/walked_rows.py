"""docs/transitions.md: each row of the table of transitions, the places it was walked from, and by which walks."""

from collections.abc import Iterable

from app.engine import command_name
from app.engine.model.vocabulary import Kind, State
from app.engine.transitions.index import ordered
from app.engine.transitions.table import TABLE
from app.engine.transitions.transition import Place, Transition
from tests.engine.walks import rows_taken

_HEAD = """# The transitions that the tests walk

Each line is a row of [the table of transitions](../app/engine/transitions/table.py), in its order. The walks are in
`tests/engine/walks.py`. A test replays them, writes this page, and fails for a row that no walk takes. "Not from" are
places that the row names and no walk starts from: there the guards refuse, or no walk goes.

| command | to | when | walked from | not from | walks |
|---|---|---|---|---|---|
"""


def page() -> str:
    return _HEAD + "".join(f"| {' | '.join(_cells(row))} |\n" for row in TABLE)


def unwalked() -> list[str]:
    """The rows that no walk takes."""
    walked = {walked_row.row for walked_row in rows_taken()}
    return [f"{command_name(row.command)} {row.event} {_when(row)}" for row in TABLE if row not in walked]


def _cells(row: Transition) -> tuple[str, ...]:
    walked_rows = [each for each in rows_taken() if each.row is row]
    walked = {each.place for each in walked_rows}
    walks = dict.fromkeys(each.walk for each in walked_rows)
    names = f"`{command_name(row.command)}`", str(row.to or "(stays)"), _when(row)
    return *names, _listed(walked), _listed(row.where - walked), _shortened(list(walks))


def _shortened(walks: list[str]) -> str:
    return "; ".join(walks) if len(walks) <= 6 else f"{'; '.join(walks[:5])}; {len(walks) - 5} more"


def _when(row: Transition) -> str:
    if row.when is None:
        return ""
    cells = getattr(row.when, "__closure__", None) or ()
    enclosed = [name for cell in cells for name in cell.cell_contents]
    return " ".join((row.when.__name__.replace("_", " "), ", ".join(enclosed))).strip()


def _listed(where: Iterable[Place]) -> str:
    """`return, exchange: approved, collecting`; kinds that stand in the same states together."""
    states_of: dict[Kind, list[State | None]] = {}
    for kind, state in ordered(frozenset(where)):
        states_of.setdefault(kind, []).append(state)
    kinds_of: dict[tuple[State | None, ...], list[Kind]] = {}
    for kind, states in states_of.items():
        kinds_of.setdefault(tuple(states), []).append(kind)
    return "; ".join(
        f"{_kinds(kinds)}: {', '.join(state or 'new' for state in states)}" for states, kinds in kinds_of.items()
    )


def _kinds(kinds: list[Kind]) -> str:
    return "every kind" if len(kinds) == len(Kind) else ", ".join(kinds)
