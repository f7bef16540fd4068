"""The routes that open, quote, read and list claims."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictInt, TypeAdapter

from app.api.context import (
    BUYER_REPORTS_WITHIN,
    IdempotencyKey,
    ReadsClaims,
    RequestContext,
    WritesClaims,
    require,
)
from app.api.examples import ok
from app.api.language import language, language_headers
from app.api.paging import Places, page, sorted_page
from app.api.problem_examples import responses
from app.api.schemas.claims import ClaimHistoryPage, ClaimPage, QuoteBody
from app.api.schemas.commands import ClaimRequest
from app.api.schemas.common import Instant, Name
from app.api.schemas.metadata import UpdateClaimRequest
from app.api.schemas.search import SearchedList
from app.api.serializers import claim_body, claim_headers, event_body, quote_body
from app.engine.model.commands import Request
from app.engine.model.parties import Party
from app.engine.model.vocabulary import Kind, Reason, Role, State
from app.json_text import dump
from app.records.api_key import Scope
from app.records.claim import ClaimFilter
from app.service import claims
from app.service.claims import ClaimView
from app.service.idempotency import Answer
from app.service.ids import new_id
from app.service.orders import refuse_future
from app.service.resources.claim import ClaimBody

router = APIRouter(prefix="/v1/claims", tags=["claims"], responses=responses(401, 403, 413, 422, 429, 503))

_CLAIM = ok("claim")
_CLAIMS = ok("claims")
_EVENTS = ok("claim_events")
_QUOTE = ok("quote")

ClaimId = Annotated[Name, Path(description="The claim's id.")]


class ClaimListing(SearchedList):
    """The filters of a list of claims. A claim must match all of them."""

    state: State | None = None
    kind: Kind | None = None
    reason: Reason | None = None
    order_id: Name | None = None
    buyer_id: Annotated[Name | None, Field(description="The buyer of the claim's order.")] = None
    sku: Name | None = None
    held: bool | None = None
    turn: Annotated[Party | None, Field(description="Who must act next.")] = None
    overdue: Annotated[
        bool | None,
        Field(description="Past its next deadline. The seller's own time to answer stands still while a claim waits."),
    ] = None
    requested_from: Instant | None = None
    requested_before: Instant | None = None

    def filter(self, now: datetime) -> ClaimFilter:
        same = (
            "state",
            "kind",
            "reason",
            "order_id",
            "buyer_id",
            "q",
            "sku",
            "held",
            "turn",
            "requested_from",
            "requested_before",
        )
        return ClaimFilter(**self.narrowed(*same), overdue=self.overdue, now=now)


_PLACES = Places[ClaimView](
    Name,
    created=lambda view: (view.claim.claim_id,),
    updated=lambda view: (view.updated_at, view.claim.claim_id),
)
_BY_NUMBER = TypeAdapter(tuple[Annotated[StrictInt, Field(ge=0, lt=2**31)]])


class EventListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: str | None = None


@router.post(
    "",
    status_code=201,
    summary="Open a claim",
    response_model=ClaimBody,
    responses={201: _CLAIM[200], **responses(400, 404, 409, 415)},
)
async def open_claim(body: ClaimRequest, ctx: WritesClaims, key: IdempotencyKey) -> Response:
    """Request a cancellation, a return, an exchange or a refund. An ineligible claim is stored too: its assessment
    gives the reasons, and the seller decides. A request for units that another claim holds is refused."""
    now = ctx.now
    command = _requested(body, ctx)

    def opened(view: ClaimView) -> Answer:
        headers = {**claim_headers(view), "Location": f"/v1/claims/{view.claim.claim_id}"}
        return Answer(status=201, body=dump(claim_body(view)), headers=headers)

    return await ctx.once(
        key,
        lambda tx: claims.request(tx, ctx.caller, body.order_id, command, now, metadata=body.metadata),
        opened,
    )


@router.post(
    "/quote",
    summary="Quote a claim",
    response_model=QuoteBody,
    responses={**_QUOTE, **responses(400, 404, 409, 415)},
)
async def quote_claim(body: ClaimRequest, ctx: WritesClaims) -> Response:
    """Return the assessment and the amounts that a claim would have. The same code runs. Nothing is stored."""
    now = ctx.now
    command = _requested(body, ctx)
    quote = await ctx.read(lambda tx: claims.quote(tx, ctx.caller, body.order_id, command, now))
    return Response(dump(quote_body(quote)), media_type="application/json")


def _requested(body: ClaimRequest, ctx: RequestContext) -> Request:
    """Raises ProblemError for what only a seller may state: a request of the seller, and one of an earlier day, whose
    windows were open then."""
    for consent in body.consents:
        refuse_future(ctx.now, consents=consent.agreed_at)
    is_earlier = body.requested_at is not None and body.requested_at < ctx.now - BUYER_REPORTS_WITHIN
    if is_earlier or body.requester is Role.SELLER:
        require(ctx.caller, Scope.CLAIMS_DECIDE)
    return body.command(new_id(ctx.now), ctx.actor(body.requester, body.actor), ctx.now)


@router.get("", summary="List claims", response_model=ClaimPage, responses={**_CLAIMS, **responses(400)})
async def list_claims(ctx: ReadsClaims, listing: Annotated[ClaimListing, Query()]) -> Response:
    """The newest claim comes first, unless you send `sort` or `updated_since`."""
    where = listing.filter(ctx.now)
    answer = await sorted_page(
        ctx,
        listing,
        _PLACES,
        lambda tx, query: claims.page(tx, ctx.caller, query, where, ctx.now),
        body=claim_body,
    )
    answer.headers.update(language_headers(language.get()))
    return answer


@router.get("/{claim_id}", summary="Read a claim", response_model=ClaimBody, responses={**_CLAIM, **responses(404)})
async def get_claim(claim_id: ClaimId, ctx: ReadsClaims) -> Response:
    """Return the claim with its assessment, its amounts, its deadlines and the commands that it accepts now."""
    view = await ctx.read(lambda tx: claims.read(tx, ctx.caller, claim_id, ctx.now))
    return Response(dump(claim_body(view)), headers=claim_headers(view), media_type="application/json")


@router.patch(
    "/{claim_id}",
    summary="Update the metadata of a claim",
    response_model=ClaimBody,
    responses={**_CLAIM, **responses(400, 404, 409, 415)},
)
async def update_claim(claim_id: ClaimId, body: UpdateClaimRequest, ctx: WritesClaims) -> Response:
    """Replace all keys. The version and the history of the claim do not change, and no event is published."""

    return await ctx.write(
        lambda tx: claims.replace_metadata(tx, ctx.caller, claim_id, body.metadata, ctx.now),
        lambda view: Answer(status=200, body=dump(claim_body(view)), headers=claim_headers(view)),
    )


@router.get(
    "/{claim_id}/events",
    summary="List the events of a claim",
    response_model=ClaimHistoryPage,
    responses={**_EVENTS, **responses(400, 404)},
)
async def list_claim_events(claim_id: ClaimId, ctx: ReadsClaims, listing: Annotated[EventListing, Query()]) -> Response:
    """Return the stored history of the claim, oldest first. The hash of each event covers the event before."""
    return await page(
        ctx,
        listing,
        _BY_NUMBER,
        lambda tx, limit, after: claims.history(tx, ctx.caller, claim_id, limit=limit, after=after[0] if after else 0),
        place=lambda event: (event.seq,),
        body=event_body,
    )
