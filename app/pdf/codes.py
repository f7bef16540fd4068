"""Codes that scanners read, as black runs for a template: Code 128, and QR codes."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import segno
from barcode.codex import Code128


def barcode_of(text: str) -> dict[str, Any]:
    """Code 128. `bars` are the first module and the width of each black bar, without the quiet zone."""
    (modules,) = Code128(text).build()
    return {"modules": len(modules), "bars": list(_runs(modules))}


def qr_code_of(text: str) -> dict[str, Any]:
    """A QR code that is read with a fifteenth of it damaged. `runs` are the column, the row and the width of each black
    run, without the quiet zone."""
    rows = ["".join(map(str, map(int, row))) for row in segno.make_qr(text, error="m").matrix]
    return {"modules": len(rows), "runs": [[x, y, width] for y, row in enumerate(rows) for x, width in _runs(row)]}


def _runs(modules: str) -> Iterator[tuple[int, int]]:
    place = 0
    for colour, group in groupby(modules):
        width = len(list(group))
        if colour == "1":
            yield place, width
        place += width
