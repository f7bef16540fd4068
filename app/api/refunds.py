"""The routes of refunds. The payer reads a refund and reports the outcome."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Response

from app.api.context import IdempotencyKey, IfVersion, ReadsRefunds, RequestContext, WritesRefunds
from app.api.examples import ok
from app.api.paging import Places, sorted_page
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.metadata import UpdateRefundRequest
from app.api.schemas.refunds import (
    AddRefundPartRequest,
    RefundPage,
    RefundPaidReport,
    RefundProcessingReport,
    RefundReport,
)
from app.api.schemas.sorting import SortedList
from app.engine.model.refund import RefundStatus, Report
from app.json_text import dump
from app.records.refund import StoredRefund
from app.service import refunds
from app.service.idempotency import Answer
from app.service.resources.refund import RefundBody, refund_body

router = APIRouter(prefix="/v1/refunds", tags=["refunds"], responses=responses(401, 403, 413, 422, 429, 503))

_REFUND = ok("refund")
_REFUNDS = ok("refunds")

RefundId = Annotated[Name, Path(description="The refund's id.")]
ReportBody = Annotated[RefundReport, Body(default_factory=RefundReport)]
PaidBody = Annotated[RefundPaidReport, Body(default_factory=RefundPaidReport)]
StartBody = Annotated[RefundProcessingReport, Body(default_factory=RefundProcessingReport)]


class RefundListing(SortedList):
    status: RefundStatus | None = None
    claim_id: Name | None = None
    order_id: Name | None = None


_PLACES = Places[StoredRefund](
    Name,
    created=lambda stored: (stored.refund.refund_id,),
    updated=lambda stored: (stored.refund.updated_at or stored.refund.created_at, stored.refund.refund_id),
)


@router.get("", summary="List refunds", response_model=RefundPage, responses={**_REFUNDS, **responses(400)})
async def list_refunds(ctx: ReadsRefunds, listing: Annotated[RefundListing, Query()]) -> Response:
    """The newest refund comes first, unless you send `sort` or `updated_since`. `status=pending` is the queue of
    refunds to pay."""
    where = listing.narrowed("status", "claim_id", "order_id")
    return await sorted_page(
        ctx,
        listing,
        _PLACES,
        lambda tx, query: refunds.page(tx, ctx.caller, query, **where),
        body=lambda stored: refund_body(stored, ctx.now),
    )


@router.get("/{refund_id}", summary="Read a refund", response_model=RefundBody, responses={**_REFUND, **responses(404)})
async def get_refund(refund_id: RefundId, ctx: ReadsRefunds) -> Response:
    """Return one refund, with its idempotency key. Send this key to the provider with every attempt."""
    stored = await ctx.read(lambda tx: refunds.read(tx, ctx.caller, refund_id))
    answer = refund_answer(stored, ctx)
    return Response(answer.body, headers=answer.headers, media_type="application/json")


def refund_answer(stored: StoredRefund, ctx: RequestContext) -> Answer:
    return Answer(status=200, body=dump(refund_body(stored, ctx.now)), headers={"ETag": f'"{stored.refund.version}"'})


@router.patch(
    "/{refund_id}",
    summary="Update the metadata of a refund",
    response_model=RefundBody,
    responses={**_REFUND, **responses(400, 404, 409, 415)},
)
async def update_refund(refund_id: RefundId, body: UpdateRefundRequest, ctx: WritesRefunds) -> Response:
    """Replace all keys. The version of the refund does not change, and no event is published."""

    return await ctx.write(
        lambda tx: refunds.replace_metadata(tx, ctx.caller, refund_id, body.metadata),
        lambda stored: refund_answer(stored, ctx),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEndpoint:
    report: Report
    summary: str
    description: str
    body: Any = ReportBody


REPORTS = (
    ReportEndpoint(
        report=Report.PROCESSING,
        summary="Report that a refund is in progress",
        description="You begin to pay the refund, and send it to the provider. The report counts an attempt. Of several"
        " workers only the first succeeds: the others are refused until the lease of the first ends.",
        body=StartBody,
    ),
    ReportEndpoint(
        report=Report.SUCCEEDED,
        summary="Report that a refund succeeded",
        description="The money was paid. When all its refunds are paid, the claim is `refunded`. Safe to repeat.",
        body=PaidBody,
    ),
    ReportEndpoint(
        report=Report.FAILED,
        summary="Report that a refund failed",
        description="The provider refused the refund. Try again with the same idempotency key.",
    ),
    ReportEndpoint(
        report=Report.UNKNOWN,
        summary="Report that the outcome of a refund is unknown",
        description="The provider did not answer. The money may have been paid or not. Try again with the same"
        " idempotency key within the time that the provider keeps keys, often a day. Later, look the refund up first.",
    ),
)


def _add(endpoint: ReportEndpoint) -> None:
    async def report(
        refund_id: RefundId, body: Any, ctx: WritesRefunds, if_version: IfVersion, key: IdempotencyKey
    ) -> Response:
        reported = body.reported(endpoint.report, ctx.now)
        return await ctx.once(
            key,
            lambda tx: refunds.report(tx, ctx.caller, refund_id, reported, if_version=if_version),
            lambda stored: refund_answer(stored, ctx),
        )

    report.__annotations__["body"] = endpoint.body
    name = f"report_refund_{endpoint.report}"
    router.add_api_route(
        f"/{{refund_id}}/{endpoint.report}",
        report,
        methods=["POST"],
        name=name,
        summary=endpoint.summary,
        description=endpoint.description,
        response_model=RefundBody,
        responses={**ok(name), **responses(400, 404, 409, 412, 415)},
    )


for report_endpoint in REPORTS:
    _add(report_endpoint)


@router.post(
    "/{refund_id}/parts",
    summary="Report that a part of a refund was paid",
    response_model=RefundBody,
    responses={**ok("add_refund_part"), **responses(400, 404, 409, 412, 415)},
)
async def add_refund_part(
    refund_id: RefundId, body: AddRefundPartRequest, ctx: WritesRefunds, if_version: IfVersion, key: IdempotencyKey
) -> Response:
    """The parts sum to exactly the amount of the refund. The part that completes the amount is its success."""
    return await ctx.once(
        key,
        lambda tx: refunds.pay_part(tx, ctx.caller, refund_id, body.part(), ctx.now, if_version=if_version),
        lambda stored: refund_answer(stored, ctx),
    )
