"""What a file is, before anybody has said how its columns are meant: its headings, its format, and a first matching."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from app.files.tables import TableError, TableFault, rows_of
from app.imports.cells import Place, plain
from app.imports.fields import ImportKind, missing
from app.imports.formats import Format, formats, matched, recognised
from app.imports.headings import LOOKED_AT, Headings, find_headings
from app.imports.row_groups import Raw, Reading, grouped_rows, matched_cells
from app.records.order_import import OrderImport

_SAMPLES = 3
_SAMPLE_LENGTH = 80
_ROWS_OF_SAMPLES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    headings: Headings
    row_count: int


def inspect(lines: Iterable[bytes]) -> Inspected:
    """Raises TableError for a file without headings, or without a row below the headings."""
    rows = rows_of(lines)
    first = list(islice(rows, LOOKED_AT))
    headings = find_headings(first)
    if headings is None:
        raise TableError(TableFault.EMPTY)
    below = (row for number, row in first if number > headings.row)
    count = sum(1 for row in below if any(map(plain, row))) + sum(1 for _, row in rows if any(map(plain, row)))
    if not count:
        raise TableError(TableFault.EMPTY)
    return Inspected(headings=headings, row_count=count)


def format_of(columns: tuple[str, ...], kind: ImportKind | None) -> Format:
    """The format that the headings tell, or else the general one that fits better."""
    found = recognised(columns, kind)
    if found is not None:
        return found
    orders, parcels = formats()["generic"], formats()["generic_parcels"]
    if kind is not None:
        return orders if kind is ImportKind.ORDERS else parcels
    is_sheet = missing(orders.kind, matched(orders, columns)) and not missing(parcels.kind, matched(parcels, columns))
    return parcels if is_sheet else orders


def reading_of(made: OrderImport) -> Reading:
    """How the rows of an import are read, by its matching."""
    places = {name: place for place, name in enumerate(made.columns)}
    return Reading(
        kind=ImportKind(made.kind),
        columns={field: places[column] for field, column in made.matching.items()},
        place=Place(currency=made.currency, zone=ZoneInfo(made.time_zone)),
        format=formats()[made.format],
        policy=made.policy or "",
    )


def groups_of(made: OrderImport, content: bytes) -> list[list[Raw]]:
    """The rows of each order or parcel, with the cells that have a field."""
    rows = rows_of(content.splitlines())
    reading = reading_of(made)
    return [list(group) for group in grouped_rows(matched_cells(rows, reading.columns, made.heading_row), reading)]


def samples_of(made: OrderImport, head: bytes) -> Mapping[str, list[str]]:
    """The first values of each column, from the beginning of the rows. The last line may be cut off: it is left out."""
    samples: dict[str, list[str]] = {column: [] for column in made.columns}
    lines = head.split(b"\n")[:-1]
    for number, row in islice(rows_of(lines), made.heading_row - 1, made.heading_row + _ROWS_OF_SAMPLES):
        if number > made.heading_row:
            for column, cell in zip(made.columns, row, strict=False):
                text = plain(cell)[:_SAMPLE_LENGTH]
                if text and len(samples[column]) < _SAMPLES and text not in samples[column]:
                    samples[column].append(text)
    return samples
