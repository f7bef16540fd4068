"""The routes of refunds. The payer reads a refund and reports the outcome."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import ConfigDict, Field

from app.api.context import IdempotencyKey, ReadsRefunds, WritesRefunds
from app.api.examples import ok
from app.api.paging import BY_ID, page
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.metadata import MetadataFilter, UpdateRefundRequest
from app.api.schemas.refunds import RefundPage, RefundReport
from app.engine.model.refund import RefundStatus, Report
from app.json_text import dump
from app.service import refunds
from app.service.idempotency import Answer
from app.service.resources.refund import RefundBody, refund_body

router = APIRouter(prefix="/v1/refunds", tags=["refunds"], responses=responses(401, 403, 413, 422, 503))

_REFUND = ok("refund")
_REFUNDS = ok("refunds")

RefundId = Annotated[Name, Path(description="The refund's id.")]
ReportBody = Annotated[RefundReport, Body(default_factory=RefundReport)]


class RefundListing(MetadataFilter):
    model_config = ConfigDict(extra="forbid")

    status: RefundStatus | None = None
    claim_id: Name | None = None
    order_id: Name | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


@router.get("", summary="List refunds", response_model=RefundPage, responses={**_REFUNDS, **responses(400)})
async def list_refunds(ctx: ReadsRefunds, listing: Annotated[RefundListing, Query()]) -> Response:
    """The newest refund comes first. `status=pending` is the queue of refunds to pay."""
    equal = {
        name: value for name in ("status", "claim_id", "order_id") if (value := getattr(listing, name)) is not None
    }
    equal |= listing.metadata_pair()
    return await page(
        ctx,
        listing,
        BY_ID,
        lambda tx, limit, after: refunds.page(tx, ctx.caller, limit=limit, after=after and after[0], **equal),
        place=lambda stored: (stored.refund.refund_id,),
        body=lambda stored: refund_body(stored, ctx.now),
    )


@router.get("/{refund_id}", summary="Read a refund", response_model=RefundBody, responses={**_REFUND, **responses(404)})
async def get_refund(refund_id: RefundId, ctx: ReadsRefunds) -> Response:
    """Return one refund, with its idempotency key. Send this key to the provider with every attempt."""
    stored = await ctx.read(lambda tx: refunds.read(tx, ctx.caller, refund_id))
    return Response(dump(refund_body(stored, ctx.now)), media_type="application/json")


@router.patch(
    "/{refund_id}",
    summary="Update the metadata of a refund",
    response_model=RefundBody,
    responses={**_REFUND, **responses(400, 404, 415)},
)
async def update_refund(refund_id: RefundId, body: UpdateRefundRequest, ctx: WritesRefunds) -> Response:
    """Replace all keys. The version of the refund does not change, and no event is published."""

    return await ctx.write(
        lambda tx: refunds.replace_metadata(tx, ctx.caller, refund_id, body.metadata),
        lambda stored: Answer(status=200, body=dump(refund_body(stored, ctx.now))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEndpoint:
    report: Report
    summary: str
    description: str


REPORTS = (
    ReportEndpoint(
        report=Report.PROCESSING,
        summary="Report that a refund is in progress",
        description="You sent the refund to the provider. The report counts an attempt.",
    ),
    ReportEndpoint(
        report=Report.SUCCEEDED,
        summary="Report that a refund succeeded",
        description="The money was paid. When all its refunds are paid, the claim is `refunded`. Safe to repeat.",
    ),
    ReportEndpoint(
        report=Report.FAILED,
        summary="Report that a refund failed",
        description="The provider refused the refund. Try again with the same idempotency key.",
    ),
    ReportEndpoint(
        report=Report.UNKNOWN,
        summary="Report that the outcome of a refund is unknown",
        description="The provider did not answer. The money may have been paid or not. Try again with the same "
        "idempotency key.",
    ),
)


def _add(endpoint: ReportEndpoint) -> None:
    async def report(refund_id: RefundId, body: ReportBody, ctx: WritesRefunds, key: IdempotencyKey) -> Response:
        return await ctx.once(
            key,
            lambda tx: refunds.report(tx, ctx.caller, refund_id, body.reported(endpoint.report, ctx.now)),
            lambda refund: Answer(status=200, body=dump(refund_body(refund, ctx.now))),
        )

    name = f"report_refund_{endpoint.report}"
    router.add_api_route(
        f"/{{refund_id}}/{endpoint.report}",
        report,
        methods=["POST"],
        name=name,
        summary=endpoint.summary,
        description=endpoint.description,
        response_model=RefundBody,
        responses={**ok(name), **responses(400, 404, 409, 415)},
    )


for report_endpoint in REPORTS:
    _add(report_endpoint)
