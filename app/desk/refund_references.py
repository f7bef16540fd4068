"""Several refunds at once: lines that a payer pastes, each with a name of a refund and the reference of its payment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from pydantic import TypeAdapter, ValidationError

from app.api.schemas.common import Name
from app.api.schemas.refunds import RefundPaidReport
from app.desk.html import PAGES, desk_page
from app.desk.refund_rows import row_of
from app.desk.refunds import ADDRESS, WritesRefunds
from app.desk.route import DeskRoute
from app.desk.visit import Arrived, PostedForm
from app.engine.model.refund import ENDED, Report
from app.pages.failures import sentence_of
from app.records.refund import StoredRefund
from app.service import refunds, refunds_to_pay
from app.service.errors import ServiceError
from app.service.withdrawal_receipts import zone_of_shop

MOST_LINES = 100
_NAME: TypeAdapter[str] = TypeAdapter(Name)
router = APIRouter(prefix=f"{ADDRESS}/references", route_class=DeskRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that was pasted. `problem` is a sentence for a line that reports nothing."""

    text: str
    reference: str
    stored: StoredRefund | None
    problem: str = ""


@router.get("")
async def show_references(seen: WritesRefunds) -> Response:
    return await _page(seen, "", [])


@router.post("")
async def check_or_report(seen: WritesRefunds, form: PostedForm) -> Response:
    """Show which refund each line means. With `step=confirm` report each as paid, alone and once for the key."""
    text = form.get("lines", "")
    written = [line.strip() for line in text.splitlines() if line.strip()]
    if not written or len(written) > MOST_LINES:
        problem = PAGES.text("refunds.too_many_lines", seen.language, count=MOST_LINES)
        return await _page(seen, text, [], problem=problem, status=422)
    lines = await _meant(seen, written)
    if form.get("step") != "confirm":
        return await _page(seen, text, lines, is_checked=any(not line.problem for line in lines))
    done = [await _report(seen, form.get("key", ""), line) for line in lines]
    return await _page(seen, "\n".join(line.text for line in done if line.problem), done, is_done=True)


def parts_of(line: str) -> tuple[str, str]:
    """The name and the reference: the first and the last part of a line with tabs, commas or spaces between them."""
    for mark in ("\t", ",", None):
        parts = [part.strip() for part in line.split(mark) if part.strip()]
        if len(parts) > 1:
            return parts[0], parts[-1]
    return line, ""


async def _meant(seen: Arrived, written: Sequence[str]) -> list[Line]:
    parts = [parts_of(line) for line in written]
    names = [name for name, reference in parts if _is_name(name) and _is_name(reference)]
    by_name = await seen.read(lambda tx: refunds_to_pay.named(tx, seen.caller, names))
    lines: list[Line] = []
    for text, (name, reference) in zip(written, parts, strict=True):
        stored = by_name.get(name)
        lines.append(
            Line(text=text, reference=reference, stored=stored, problem=_problem(seen, stored, reference, lines))
        )
    return lines


def _problem(seen: Arrived, stored: StoredRefund | None, reference: str, before: Sequence[Line]) -> str:
    if stored is None:
        return PAGES.text("refunds.line_unknown", seen.language)
    refund_ids = {line.stored.refund.refund_id for line in before if line.stored}
    if stored.refund.refund_id in refund_ids or reference in {line.reference for line in before}:
        return PAGES.text("refunds.line_twice", seen.language)
    is_news = stored.refund.status not in ENDED or stored.refund.provider_reference == reference
    return "" if is_news else PAGES.text("refunds.line_ended", seen.language)


async def _report(seen: Arrived, key: str, line: Line) -> Line:
    """The line with the problem that the report had."""
    if line.problem or line.stored is None:
        return line
    refund_id = line.stored.refund.refund_id
    reported = RefundPaidReport(provider_reference=line.reference).reported(Report.SUCCEEDED, seen.now)
    try:
        await seen.do(f"{key} {refund_id}", lambda tx: refunds.report(tx, seen.caller, refund_id, reported))
    except ServiceError as error:
        problem = await sentence_of(seen.request, error)
        return Line(text=line.text, reference=line.reference, stored=line.stored, problem=problem)
    return line


def _is_name(text: str) -> bool:
    try:
        _NAME.validate_python(text)
    except ValidationError:
        return False
    return True


async def _page(seen: Arrived, text: str, lines: Sequence[Line], *, status: int = 200, **values: Any) -> Response:
    zone = await seen.read(lambda tx: zone_of_shop(tx, seen.caller.merchant_id, seen.now))
    found = [line.stored.refund.order_id for line in lines if line.stored]
    names: Mapping[str, str] = await seen.read(lambda tx: refunds_to_pay.names_of_buyers(tx, seen.caller, found))
    shown = [
        (line, row_of(line.stored, names, seen.language, zone, seen.now) if line.stored else None) for line in lines
    ]
    around = {"is_checked": False, "is_done": False, "problem": "", **values}
    return await desk_page(
        seen,
        "refund_references.html",
        status=status,
        section="refunds",
        text=text,
        lines=shown,
        key=str(uuid4()),
        **around,
    )
