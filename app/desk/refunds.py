"""The refunds to pay: what is due, late, failed or uncertain, and what the payer reports of each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response, Security
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError

from app.api.paging import cursor as cursor_at
from app.api.paging import position
from app.api.refunds import RefundId
from app.api.schemas.common import Instant, Name
from app.api.schemas.refunds import RefundPaidReport, RefundReport
from app.desk.html import PAGES, desk_page
from app.desk.refund_rows import row_of
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, PostedForm, visit
from app.engine.model.refund import RefundStatus, Report
from app.pages.failures import Errors, errors_of_form, sentence_of
from app.pages.forms import Form
from app.records.api_key import Scope
from app.records.refund import OwedCounts
from app.service import refunds, refunds_to_pay
from app.service.errors import NotFoundError, ServiceError, StaleVersionError
from app.service.refunds_to_pay import OwedPage
from app.service.transactions import Tx
from app.service.withdrawal_receipts import zone_of_shop

ADDRESS = f"{PATH}/refunds"
router = APIRouter(prefix=ADDRESS, route_class=DeskRoute, include_in_schema=False)

ReadsRefunds = Annotated[Arrived, Security(visit, scopes=[Scope.REFUNDS_READ])]
WritesRefunds = Annotated[Arrived, Security(visit, scopes=[Scope.REFUNDS_WRITE])]
_BY_DUE = TypeAdapter(tuple[Instant, Name])
_ROWS = 50
_FIELDS = {"provider_reference": "provider_reference", "failure": "failure"}
_UNIQUE = {"refund_reference_differs": "provider_reference"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """`status` or the end of the time that the tab shows."""

    name: str
    status: RefundStatus | None = None
    until: Literal["", "tonight", "now"] = ""


TABS = (
    Tab(name="all"),
    Tab(name="today", until="tonight"),
    Tab(name="late", until="now"),
    Tab(name="failed", status=RefundStatus.FAILED),
    Tab(name="uncertain", status=RefundStatus.UNKNOWN),
)
_BY_NAME = {tab.name: tab for tab in TABS}


@router.get("")
async def show_refunds(
    seen: ReadsRefunds,
    tab: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    chosen, after = _BY_NAME.get(tab, TABS[0]), position(cursor, _BY_DUE)

    async def read(tx: Tx) -> tuple[OwedPage, OwedCounts, ZoneInfo]:
        zone = await zone_of_shop(tx, seen.caller.merchant_id, seen.now)
        tonight = tonight_in(zone, seen.now)
        where = _where(chosen, seen.now, tonight)
        found = await refunds_to_pay.page(tx, seen.caller, limit=_ROWS + 1, after=after, **where)
        return found, await refunds_to_pay.counts(tx, seen.caller, seen.now, tonight), zone

    found, counts, zone = await seen.read(read)
    shown = found.rows[:_ROWS]
    following = _place(shown[-1].refund) if len(found.rows) > _ROWS else None
    return await desk_page(
        seen,
        "refunds.html",
        section="refunds",
        tabs=[(each.name, f"{ADDRESS}?tab={each.name}", getattr(counts, each.name)) for each in TABS],
        tab=chosen.name,
        rows=[row_of(each, found.names, seen.language, zone, seen.now) for each in shown],
        next_page=f"{ADDRESS}?{urlencode({'tab': chosen.name, 'cursor': following})}" if following else "",
        writes=seen.may(Scope.REFUNDS_WRITE),
    )


@router.get("/of/{refund_id}")
async def show_refund(seen: ReadsRefunds, refund_id: RefundId) -> Response:
    return await _page(seen, refund_id, {})


@router.post("/of/{refund_id}/{report}")
async def report(seen: WritesRefunds, refund_id: RefundId, report: Report, form: PostedForm) -> Response:
    """Report of the version that the payer has read, once for the key of the form."""
    body = {name: value for name in _FIELDS if (value := form.get(name, "").strip())}
    schema = RefundPaidReport if report is Report.SUCCEEDED else RefundReport
    version = int(form["version"]) if form.get("version", "").isdecimal() and len(form["version"]) < 10 else 0
    try:
        reported = schema.model_validate(body).reported(report, seen.now)
        await seen.do(
            form.get("key", ""),
            lambda tx: refunds.report(tx, seen.caller, refund_id, reported, if_version=version),
        )
    except ValidationError as error:
        errors = errors_of_form(error, _FIELDS, PAGES.text("wrong_value", seen.language))
        return await _page(seen, refund_id, form, errors=errors, status=422)
    except StaleVersionError:
        errors = {"": PAGES.text("refunds.changed", seen.language)}
        return await _page(seen, refund_id, {}, errors=errors, status=412)
    except NotFoundError:
        raise
    except ServiceError as error:
        errors = {_UNIQUE.get(error.code, ""): await sentence_of(seen.request, error)}
        return await _page(seen, refund_id, form, errors=errors, status=409)
    return RedirectResponse(f"{ADDRESS}?done=reported", 303)


def tonight_in(zone: ZoneInfo, now: datetime) -> datetime:
    """The end of the local day."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)


def _where(tab: Tab, now: datetime, tonight: datetime) -> dict[str, Any]:
    until = {"tonight": tonight, "now": now}.get(tab.until)
    return {
        **({"status": tab.status.value} if tab.status else {}),
        **({"due_until": until} if until else {}),
    }


def _place(refund: Any) -> str:
    return cursor_at(refund.due_by or refund.created_at, refund.refund_id)


async def _page(
    seen: Arrived, refund_id: str, form: Form, *, errors: Errors | None = None, status: int = 200
) -> Response:  # fmt: skip
    stored = await seen.read(lambda tx: refunds.read(tx, seen.caller, refund_id))
    zone = await seen.read(lambda tx: zone_of_shop(tx, seen.caller.merchant_id, seen.now))
    names = await seen.read(lambda tx: refunds_to_pay.names_of_buyers(tx, seen.caller, [stored.refund.order_id]))
    return await desk_page(
        seen,
        "refund.html",
        status=status,
        section="refunds",
        row=row_of(stored, names, seen.language, zone, seen.now),
        form={each: form.get(each, "") for each in _FIELDS},
        key=str(uuid4()),
        writes=seen.may(Scope.REFUNDS_WRITE),
        errors=errors or {},
    )
