"""Refunds: read by whoever moves the money, who reports back how it went."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.api.context import IdempotencyKey, ReadsRefunds, RequestContext, WritesRefunds
from app.api.examples import ok
from app.api.paging import cursor, page_answer, position
from app.api.problems import responses
from app.api.schemas.common import Name
from app.api.schemas.refunds import RefundPage, RefundReport
from app.engine.model.refund import Refund, RefundStatus, Report
from app.json_text import dump
from app.service import refunds
from app.service.idempotency import Answer
from app.service.resources.refund import RefundBody, refund_body

router = APIRouter(prefix="/v1/refunds", tags=["refunds"], responses=responses(401, 403, 413, 422, 503))

_REFUND = ok("refund")
_REFUNDS = ok("refunds")

RefundId = Annotated[Name, Path(description="The refund's id.")]
ReportBody = Annotated[RefundReport, Body(default_factory=RefundReport)]


def _after(report: Report) -> dict[int | str, dict[str, Any]]:
    return {**ok(f"report_refund_{report}"), **responses(400, 404, 409, 415)}


class RefundListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    status: RefundStatus | None = None
    claim_id: Name | None = None
    order_id: Name | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


_AFTER = TypeAdapter(tuple[Name])


@router.get("", summary="List refunds", response_model=RefundPage, responses={**_REFUNDS, **responses(400)})
async def list_refunds(ctx: ReadsRefunds, listing: Annotated[RefundListing, Query()]) -> Response:
    """Newest first. `status=pending` is the queue of what is to be paid."""
    limit = min(listing.limit, ctx.app_state.page_size_max)
    after = position(listing.cursor, _AFTER)
    equal = {
        name: value for name in ("status", "claim_id", "order_id") if (value := getattr(listing, name)) is not None
    }
    found = await ctx.read(
        lambda tx: refunds.page(tx, ctx.caller, limit=limit + 1, after=after[0] if after else None, **equal)
    )
    rows, more = found[:limit], found[limit:]
    return page_answer(
        ctx.request,
        [refund_body(row, ctx.now) for row in rows],
        cursor(rows[-1].refund_id) if more else None,
    )


@router.get("/{refund_id}", summary="Read a refund", response_model=RefundBody, responses={**_REFUND, **responses(404)})
async def get_refund(refund_id: RefundId, ctx: ReadsRefunds) -> Response:
    """One refund, with the idempotency key that goes to the provider with every attempt."""
    found = await ctx.read(lambda tx: refunds.read(tx, ctx.caller, refund_id))
    return Response(dump(refund_body(found, ctx.now)), media_type="application/json")


@router.post(
    "/{refund_id}/processing",
    summary="Report that a refund is in progress",
    response_model=RefundBody,
    responses=_after(Report.PROCESSING),
)
async def report_refund_processing(
    refund_id: RefundId, body: ReportBody, ctx: WritesRefunds, key: IdempotencyKey
) -> Response:
    """The provider has been asked; an attempt is counted."""
    return await _report(ctx, key, refund_id, body, Report.PROCESSING)


@router.post(
    "/{refund_id}/succeeded",
    summary="Report that a refund succeeded",
    response_model=RefundBody,
    responses=_after(Report.SUCCEEDED),
)
async def report_refund_succeeded(
    refund_id: RefundId, body: ReportBody, ctx: WritesRefunds, key: IdempotencyKey
) -> Response:
    """The money has moved. With the last of its refunds the claim is `refunded`. Safe to repeat."""
    return await _report(ctx, key, refund_id, body, Report.SUCCEEDED)


@router.post(
    "/{refund_id}/failed",
    summary="Report that a refund failed",
    response_model=RefundBody,
    responses=_after(Report.FAILED),
)
async def report_refund_failed(
    refund_id: RefundId, body: ReportBody, ctx: WritesRefunds, key: IdempotencyKey
) -> Response:
    """The provider said no. Try again with the same idempotency key."""
    return await _report(ctx, key, refund_id, body, Report.FAILED)


@router.post(
    "/{refund_id}/unknown",
    summary="Report that the outcome of a refund is unknown",
    response_model=RefundBody,
    responses=_after(Report.UNKNOWN),
)
async def report_refund_unknown(
    refund_id: RefundId, body: ReportBody, ctx: WritesRefunds, key: IdempotencyKey
) -> Response:
    """The provider did not answer: nobody knows whether the money moved. Ask again with the same key."""
    return await _report(ctx, key, refund_id, body, Report.UNKNOWN)


async def _report(ctx: RequestContext, key: str, refund_id: str, body: RefundReport, report: Report) -> Response:
    async def work(tx: Any) -> Answer:
        taken: Refund = await refunds.report(tx, ctx.caller, refund_id, body.reported(report, ctx.now))
        return Answer(status=200, body=dump(refund_body(taken, ctx.now)))

    return await ctx.once(key, work)
