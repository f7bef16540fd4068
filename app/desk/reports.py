"""The reports of the desk: a range of days, the figures in a sentence, bars drawn by the server, and files."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response
from pydantic import ValidationError

from app.api.schemas.reports import ReportParameters
from app.desk.html import PAGES, desk_page
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, ReadsReports
from app.messages.sentences import names
from app.messages.translations import words
from app.service.errors import InvalidError
from app.service.reports import report_kinds
from app.service.reports.report_kinds import REPORTS, Interval, ReportQuery
from app.service.reports.tables import MEDIA_TYPES, Format, file_of, table_of
from app.service.resources.report import ReportBody
from app.service.transactions import Tx

ADDRESS = f"{PATH}/reports"
router = APIRouter(route_class=DeskRoute, include_in_schema=False)

_ROWS_SHOWN = 12
_WEEKLY = ("rates", "times")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`part` is the length of the bar in percent of the longest one."""

    label: str
    value: float
    part: int


@router.get(ADDRESS)
async def show_reports(
    seen: ReadsReports,
    from_on: Annotated[str, Query(max_length=10)] = "",
    to_on: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    try:
        return await _page(seen, _parameters(from_on, to_on), wrong=False)
    except (ValidationError, InvalidError):
        return await _page(seen, ReportParameters(), wrong=True)


@router.get(f"{ADDRESS}/{{report_name}}")
async def get_report_file(
    seen: ReadsReports,
    report_name: Annotated[str, Path(max_length=40)],
    parameters: Annotated[ReportParameters, Query()],
) -> Response:
    """The file of a report, for a browser with a session."""
    report = await seen.read(lambda tx: report_kinds.read(tx, seen.caller, parameters.query(report_name), seen.now))
    form = Format.XLSX if parameters.format is Format.XLSX else Format.CSV
    content = await asyncio.to_thread(file_of, report, form)
    disposition = f'attachment; filename="{report.name}-{report.from_on}-{report.to_on}.{form}"'
    return Response(content, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": disposition})


def _parameters(from_on: str, to_on: str) -> ReportParameters:
    days = {"from_on": from_on, "to_on": to_on}
    return ReportParameters.model_validate({name: day for name, day in days.items() if day})


async def _page(seen: Arrived, parameters: ReportParameters, *, wrong: bool) -> Response:
    async def read(tx: Tx) -> dict[str, ReportBody]:
        found = {}
        for name in (*REPORTS, *_WEEKLY):
            interval = Interval.WEEK if name in found else None
            query = ReportQuery(
                name=name,
                from_on=parameters.from_on,
                to_on=parameters.to_on,
                interval=interval,
                is_compared=name == "rates" and interval is None,
            )
            found[f"{name}_by_week" if interval else name] = await report_kinds.read(tx, seen.caller, query, seen.now)
        return found

    found = await seen.read(read)
    whole = found["rates"]
    return await desk_page(
        seen,
        "reports.html",
        section="reports",
        wrong=wrong,
        status=422 if wrong else 200,
        whole=whole,
        says=_says(found),
        plots=_plots(found),
        word=_words_in(seen.language),
        tables={name: _shown(found[name]) for name in REPORTS},
        files={name: _files(name, whole.from_on, whole.to_on) for name in REPORTS},
    )


def _words_in(language: str) -> Callable[[str], str]:
    """The word for a code in a cell. A SKU or a policy stands for itself."""
    tables = (PAGES.words(language)["figure"], words(language)["kind"], words(language)["reason"])
    by_name = names(language)
    known = {**by_name["fault"], **by_name["alternative"]}
    for table in tables:
        known |= table
    return lambda cell: known.get(cell, cell)


def _says(found: dict[str, ReportBody]) -> dict[str, Any]:
    """The figures of the sentences at the head of the page. None where there is nothing to say."""
    rates, before = _rows(found["rates"].rows), _rows(found["rates"].before or [])
    answers = {row["step"]: row["median_minutes"] for row in _rows(found["times"].rows)}
    seller = {row["fault"]: row["share"] for row in _rows(found["faults"].rows)}.get("seller")
    cancelled = next((row["claims_per_100_orders"] for row in rates if row["kind"] == "cancel"), None)
    return {
        "claims": sum(row["claims"] for row in rates),
        "claims_before": sum(row["claims"] for row in before),
        "seller_percent": None if seller is None else round(100 * seller),
        "cancel_rate": cancelled,
        "answer_minutes": answers.get("first_answer"),
        "versions": _versions(_rows(found["policy_versions"].rows)),
        "money_hours": None if (minutes := answers.get("money")) is None else round(minutes / 60),
    }


def _versions(rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The sentence of each version of a policy that can be compared with the version before, and its values."""
    return [
        (
            "reports.faster" if row["decision_change"] < 0 else "reports.slower",
            {
                "policy": row["policy"],
                "minutes": row["decision_median_minutes"],
                "claims": row["claims"],
                "percent": round(100 * abs(row["decision_change"])),
                "before": before["policy"],
                "before_minutes": before["decision_median_minutes"],
                "before_claims": before["claims"],
            },
        )
        for before, row in pairwise(rows)
        if row["decision_change"] is not None
    ]


def _plots(found: dict[str, ReportBody]) -> dict[str, list[Bar]]:
    weeks: dict[str, int] = {}
    for row in _rows(found["rates_by_week"].rows):
        weeks[row["from_on"]] = weeks.get(row["from_on"], 0) + row["claims"]
    reasons: dict[str, int] = {}
    for row in _rows(found["reasons"].rows):
        reasons[row["reason"]] = reasons.get(row["reason"], 0) + row["claims"]
    answers = [row for row in _rows(found["times_by_week"].rows) if row["step"] == "first_answer"]
    products = [row for row in _rows(found["products"].rows) if row["units_per_100_sold"] is not None and row["claims"]]
    return {
        "rates": _bars(list(weeks.items())),
        "reasons": _bars(sorted(reasons.items(), key=lambda each: -each[1])),
        "times": _bars([(row["from_on"], row["median_minutes"]) for row in answers]),
        "products": _bars([(row["sku"], row["units_per_100_sold"]) for row in products[:_ROWS_SHOWN]]),
    }


def _bars(values: Sequence[tuple[str, float]]) -> list[Bar]:
    longest = max((value for _, value in values), default=0) or 1
    return [Bar(label=label, value=value, part=round(100 * value / longest)) for label, value in values]


def _rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json") for row in rows]


def _shown(report: ReportBody) -> tuple[list[str], list[list[Any]]]:
    """The table of a report without its days, and without the rows of the days before."""
    headings, rows = table_of(report.model_copy(update={"before": None}))
    return headings[2:], [row[2:] for row in rows[:100]]


def _files(name: str, from_on: date, to_on: date) -> list[tuple[str, str]]:
    days = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat()}
    return [(each.upper(), f"{ADDRESS}/{name}?{urlencode({**days, 'format': each})}") for each in ("csv", "xlsx")]
