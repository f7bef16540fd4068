"""Finds one of very many lines by its id, as often as a decision asks, in the time of one pass."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class _WithId(Protocol):
    @property
    def line_id(self) -> str: ...


Line = TypeVar("Line", bound=_WithId)

FEW = 16
"""A search among so few lines takes less time than an index."""

_KEPT = 8
_indexes: dict[int, tuple[Sequence[_WithId], dict[str, _WithId]]] = {}


def indexed_line(lines: tuple[Line, ...], line_id: str) -> Line | None:
    """The line with this id. The index of the same tuple is made once, and the last few are kept."""
    entry = _indexes.get(id(lines))
    if entry is None or entry[0] is not lines:
        entry = (lines, {line.line_id: line for line in reversed(lines)})  # of lines with one id, the first
        while len(_indexes) >= _KEPT:
            for oldest in list(_indexes)[:1]:  # another thread may change the memo meanwhile
                _indexes.pop(oldest, None)
        _indexes[id(lines)] = entry
    found: Line | None = entry[1].get(line_id)  # type: ignore[assignment]
    return found
