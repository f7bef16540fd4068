"""The routes of reports: figures over the claims of a shop, as JSON, CSV or an Excel file."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.context import ReadsReports
from app.api.examples import Example, ok
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.reports import ReportKindBody, ReportList, ReportParameters
from app.json_text import dump
from app.service.reports import report_kinds
from app.service.reports.report_kinds import REPORTS
from app.service.reports.tables import MEDIA_TYPES, Format, file_of
from app.service.resources.names import public_name
from app.service.resources.report import ReportBody

router = APIRouter(prefix="/v1/reports", tags=["reports"], responses=responses(401, 403, 413, 422, 429, 503))

_FILES = {"type": "string", "format": "binary"}
_CONTENT = {
    "application/json": {"example": Example("report.json")},
    "text/csv": {"schema": {"type": "string"}, "example": "from_on,to_on,fault,claims,share\r\n"},
    MEDIA_TYPES[Format.XLSX]: {"schema": _FILES, "example": "(the file)"},
}


def report_list() -> ReportList:
    return ReportList(
        data=[
            ReportKindBody(
                name=name,
                description=report.description,
                row=public_name(report.row.__name__),
                fields=list(report.row.model_fields),
                narrowed_by=sorted(report.narrowed_by),
            )
            for name, report in REPORTS.items()
        ]
    )


@router.get("", summary="List the reports", response_model=ReportList, responses=ok("reports"))
async def list_reports(ctx: ReadsReports) -> Response:  # noqa: ARG001 # the scope is required
    """Return every report with the fields of its rows."""
    return Response(dump(report_list().model_dump()), media_type="application/json")


@router.get(
    "/{report_name}",
    summary="Read a report",
    response_model=ReportBody,
    responses={200: {"content": _CONTENT}, **responses(404)},
)
async def get_report(
    report_name: Annotated[Name, Path(description="The name of the report.")],
    request: Request,
    ctx: ReadsReports,
    parameters: Annotated[ReportParameters, Query()],
) -> Response:
    """Return figures about the claims that were requested on local days of the shop, as they stand now. A change of a
    claim is counted within seconds; `counted_to_at` says until when."""
    report = await ctx.read(lambda tx: report_kinds.read(tx, ctx.caller, parameters.query(report_name), ctx.now))
    form = parameters.format or _accepted(request.headers.get("accept", ""))
    if form is Format.JSON:
        return Response(dump(report.model_dump()), media_type="application/json")
    content = await asyncio.to_thread(file_of, report, form)
    disposition = f'attachment; filename="{report_name}-{report.from_on}-{report.to_on}.{form}"'
    return Response(content, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": disposition})


def _accepted(accept: str) -> Format:
    """The first format that the header names."""
    named = {MEDIA_TYPES[form].partition(";")[0]: form for form in Format}
    types = (each.partition(";")[0].strip().lower() for each in accept.split(","))
    return next((named[each] for each in types if each in named), Format.JSON)
