"""A report as a file: one table with a row for each row of the report, the rows before among them."""

from collections.abc import Sequence
from enum import StrEnum

from app.files.write_table import Cell, csv_of, xlsx_of
from app.service.reports.report_kinds import REPORTS
from app.service.resources.report import ReportBody


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_of(report: ReportBody) -> tuple[list[str], list[list[Cell]]]:
    """The headings are the names of the fields."""
    headings = list(REPORTS[report.name].row.model_fields)
    rows = [row.model_dump(mode="json") for row in (*report.rows, *(report.before or ()))]
    return headings, [[row[name] for name in headings] for row in rows]


def file_of(report: ReportBody, form: Format) -> bytes:
    headings, rows = table_of(report)
    return csv_of(headings, rows) if form is Format.CSV else xlsx_of([(report.name, headings, rows)])


def workbook_of(reports: Sequence[ReportBody]) -> bytes:
    """An Excel file with a sheet for each report."""
    return xlsx_of([(report.name, *table_of(report)) for report in reports])
