"""The row of a table that names its columns. It need not be the first: some systems begin a file with a notice."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app import json_text
from app.imports.cells import plain
from app.imports.formats import fold, known_headings

LOOKED_AT = 40
"""Rows in which the headings are looked for."""
_LONGEST = 100
Row = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """`row` counts from 1. `columns` are the names of the columns, each once. A column without a name has its number,
    and the second of two with one name has a number behind its name."""

    row: int
    columns: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """The same for files with the same columns in the same order."""
        return hashlib.sha256(json_text.dump([fold(column) for column in self.columns]).encode()).hexdigest()


def find_headings(rows: Iterable[tuple[int, Row]]) -> Headings | None:
    """Of the first rows, the one with the most known headings. Where no row has two of them, the first row with at
    least two texts. None if there is none."""
    first = [(number, _texts(row)) for number, row in rows if number <= LOOKED_AT]
    known = known_headings()
    best = max(first, key=lambda each: sum(fold(text) in known for text in each[1]), default=None)
    if best is None or sum(fold(text) in known for text in best[1]) < 2:
        best = next((each for each in first if sum(map(bool, each[1])) >= 2), None)
    return None if best is None else Headings(row=best[0], columns=_named_once(best[1]))


def _texts(row: Row) -> list[str]:
    texts = [" ".join(plain(cell).split())[:_LONGEST] if isinstance(cell, str) else "" for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _named_once(texts: Iterable[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for place, text in enumerate(texts, start=1):
        name, count = text or f"#{place}", 1
        while name in names:
            count += 1
            name = f"{text} ({count})"
        names[name] = None
    return tuple(names)
