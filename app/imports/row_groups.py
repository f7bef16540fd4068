"""The rows of a file as orders and parcels that are still to be compared with what is stored.

Rows of one order are one group, wherever they stand in the file. What a row has wrong is a refusal, with the number of
the row as people count. An order with a wrong row is not imported in part.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.engine.model.refusals import Param
from app.imports.cells import CellError, Place, plain, value_of
from app.imports.fields import FIELDS, ImportKind, Level
from app.imports.formats import Format, fold

Params = Mapping[str, Param]
MOST_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRefusal:
    """Why a row is not imported. `field` is None for a reason that is in no single field."""

    row: int
    code: str
    params: Params
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """The values of one row, by field. `is_ended`: the other system says that the line is over."""

    row: int
    values: Mapping[str, Any]
    is_ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """What one transaction imports: the rows of an order, or of a parcel. `values` are those that all rows share."""

    name: str
    rows: tuple[GroupRow, ...]
    values: Mapping[str, Any]
    refusals: tuple[RowRefusal, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(row.row for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the rows of a file are read: which column has each field, and what goes without saying. `policy` judges new
    orders: empty for the merchant's default."""

    kind: ImportKind
    columns: Mapping[str, int]
    place: Place
    format: Format
    policy: str = ""

    @property
    def of_order(self) -> frozenset[str]:
        shared = {name for name, each in FIELDS.items() if each.level is Level.ORDER}
        return frozenset(shared | self.format.of_order)


Raw = tuple[int, Mapping[str, Any]]
"""The number of a row, and its cells by field."""


@dataclass(slots=True)
class _Group:
    rows: list[Raw] = field(default_factory=list)


def matched_cells(rows: Iterable[tuple[int, Sequence[Any]]], columns: Mapping[str, int], after: int) -> Iterator[Raw]:
    """The cells that have a field, of each row below the headings that has one."""
    for number, row in rows:
        if number <= after:
            continue
        cells = {name: row[place] for name, place in columns.items() if place < len(row)}
        if any(plain(cell) for cell in cells.values()):
            yield number, cells


def grouped_rows(rows: Iterable[Raw], reading: Reading) -> list[Sequence[Raw]]:
    """The rows that belong together, in the order of the first row of each. A row without a name is alone."""
    groups: dict[tuple[str, ...], _Group] = {}
    for number, cells in rows:
        name = _name_of(cells, reading.kind)
        key = (*name, "") if any(name) else ("", str(number))
        groups.setdefault(key, _Group()).rows.append((number, cells))
    return [group.rows for group in groups.values()]


def _name_of(cells: Mapping[str, Any], kind: ImportKind) -> tuple[str, ...]:
    if kind is ImportKind.ORDERS:
        return (plain(cells.get("order_id")),)
    number = plain(cells.get("tracking_number"))
    return (plain(cells.get("carrier")), number) if number else ("",)


def read_group(rows: Sequence[Raw], reading: Reading) -> RowGroup:
    """The values of rows that belong together, and what is wrong with them."""
    refusals: list[RowRefusal] = []
    place = _place_of(rows, reading)
    read = [_read_row(number, cells, place, refusals) for number, cells in rows]
    shared = _shared(read, reading, refusals) if reading.kind is ImportKind.ORDERS else {}
    states = {name: shared[name] for name in reading.format.of_order if name in shared}
    complete = tuple(
        GroupRow(row=row.row, values={**states, **row.values}, is_ended=_is_ended({**states, **row.values}, reading))
        for row in read
    )
    refused = frozenset((refusal.row, refusal.field) for refusal in refusals)
    refusals += _lacking(complete, shared, reading, refused)
    name = "order_id" if reading.kind is ImportKind.ORDERS else "tracking_number"
    written = plain(rows[0][1].get(name))  # of a group that is refused: the cell as it is, which may have several lines
    said = str({**complete[0].values, **shared}.get(name, written))
    return RowGroup(name=said, rows=complete, values=shared, refusals=tuple(refusals))


def _place_of(rows: Sequence[Raw], reading: Reading) -> Place:
    """The currency of the order's own column counts before that of the file."""
    for _, cells in rows:
        code = plain(cells.get("currency")).upper()
        if len(code) == 3 and code.isascii() and code.isalpha():
            return Place(currency=code, zone=reading.place.zone)
    return reading.place


def _read_row(number: int, cells: Mapping[str, Any], place: Place, refusals: list[RowRefusal]) -> GroupRow:
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        try:
            value = value_of(cell, FIELDS[name].form, place)
        except CellError as error:
            refusals.append(RowRefusal(row=number, field=name, code=error.code, params=error.params))
            continue
        if value is not None:
            values[name] = value
    return GroupRow(row=number, values=values)


def _shared(rows: Sequence[GroupRow], reading: Reading, refusals: list[RowRefusal]) -> dict[str, Any]:
    """The values that all rows of an order share. A row may leave them out, and may not contradict another row."""
    shared: dict[str, Any] = {}
    said_in: dict[str, int] = {}
    of_order = reading.of_order
    for row in rows:
        for name in of_order & row.values.keys():
            value = row.values[name]
            if shared.setdefault(name, value) != value:
                params = {"row": said_in[name]}
                refusals.append(RowRefusal(row=row.row, field=name, code="import_rows_differ", params=params))
            said_in.setdefault(name, row.row)
    return shared


def _is_ended(values: Mapping[str, Any], reading: Reading) -> bool:
    return fold(str(values.get("state", ""))) in reading.format.ended


def _lacking(
    rows: Sequence[GroupRow], shared: Mapping[str, Any], reading: Reading, refused: frozenset[tuple[int, str | None]]
) -> Iterator[RowRefusal]:
    """What a row needs and does not have. A cell that was refused is not missing."""
    for row in rows:
        for alternatives in _NEEDED[reading.kind]:
            has_one = any(name in row.values or name in shared for name in alternatives)
            if not has_one and not any((row.row, name) in refused for name in alternatives):
                yield RowRefusal(row=row.row, field=alternatives[0], code="import_missing", params={})
    if len(rows) > MOST_LINES:
        yield RowRefusal(row=rows[MOST_LINES].row, code="import_too_many_lines", params={"limit": MOST_LINES})


_NEEDED = {
    ImportKind.ORDERS: (("order_id",), ("quantity",), ("unit_price", "line_total")),
    ImportKind.PARCELS: (("order_id", "line_id"), ("carrier",), ("tracking_number",)),
}
