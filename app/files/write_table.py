"""A table as CSV or as an Excel file. No cell is a formula: what begins like one is text."""

import csv
import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook

Cell = str | int | float | bool | None
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTH_MIN, _WIDTH_MAX = 10, 50


def csv_of(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark at the beginning, without which Excel reads Korean and Japanese wrong."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    """A spreadsheet runs text that begins like a formula. An apostrophe makes it text again."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_FORMULA) else cell


def xlsx_of(sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]) -> bytes:
    """An Excel file with a sheet for each name, headings and rows."""
    content = io.BytesIO()
    workbook = Workbook(content, {"in_memory": True})
    bold = workbook.add_format({"bold": True})
    for name, headings, rows in sheets:
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
            sheet.set_column(column, column, min(_WIDTH_MAX, max(_WIDTH_MIN, len(heading) + 2)))
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    workbook.close()
    return content.getvalue()
