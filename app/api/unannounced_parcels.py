"""The routes of the receiving desk: the look-up of what somebody scans, and parcels that nobody announced."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from app.api.context import DecidesClaims, IdempotencyKey, ReadsClaims
from app.api.examples import ok
from app.api.paging import BY_ID, page
from app.api.problem_examples import responses
from app.api.return_parcels import answer_of, body_of
from app.api.schemas.common import Name
from app.api.schemas.return_parcels import (
    AddUnannouncedParcelRequest,
    MatchUnannouncedParcelRequest,
    ReturnMatchList,
    UnannouncedListing,
    UnannouncedParcelPage,
)
from app.engine.model.vocabulary import Role
from app.json_text import dump
from app.records.return_number import written
from app.service import return_search, unannounced_parcels
from app.service.errors import InvalidError
from app.service.idempotency import Answer
from app.service.resources.return_parcel import ReturnParcelBody, return_parcel_body
from app.service.return_parcels import ParcelView
from app.service.return_search import ReturnMatch

router = APIRouter(prefix="/v1", tags=["returns"], responses=responses(401, 403, 413, 422, 429, 503))

ParcelId = Annotated[Name, Path(description="The parcel's id.")]
_SEARCHES = {
    "code": return_search.by_code,
    "return_number": return_search.by_return_number,
    "tracking_number": return_search.by_tracking_number,
}


def return_match_body(found: ReturnMatch) -> dict[str, Any]:
    claim = found.claim
    return {
        "read_as": found.read_as,
        "claim_id": claim and claim.claim_id,
        "order_id": claim and claim.order_id,
        "kind": claim and claim.kind,
        "state": claim and claim.state,
        "return_number": found.return_number and written(found.return_number),
        "parcel_id": found.parcel and found.parcel.parcel_id,
        "parcels": [return_parcel_body(each, found.return_number) for each in found.parcels],
    }


@router.get(
    "/parcels",
    summary="Look up a return parcel",
    response_model=ReturnMatchList,
    responses=ok("found_returns"),
)
async def search_return_parcels(
    ctx: ReadsClaims,
    code: Annotated[
        Name | None,
        Query(description="What a scanner reads: the code of a label, a return number, a tracking number or an order."),
    ] = None,
    return_number: Annotated[Name | None, Query(description="A return number.")] = None,
    tracking_number: Annotated[Name | None, Query(description="A number of any carrier.")] = None,
) -> Response:
    """Send one of the parameters. Case, width, spaces and hyphens of a number make no difference."""
    asked = {"code": code, "return_number": return_number, "tracking_number": tracking_number}
    named = [(_SEARCHES[name], text) for name, text in asked.items() if text is not None]
    if len(named) != 1:
        raise InvalidError("one_search_needed", field="query.code")
    search, text = named[0]
    found = await ctx.read(lambda tx: search(tx, ctx.caller, text))
    return Response(dump({"data": [return_match_body(each) for each in found]}), media_type="application/json")


@router.post(
    "/unannounced-parcels",
    status_code=201,
    summary="Record a parcel that nobody announced",
    response_model=ReturnParcelBody,
    responses={**ok("unannounced_parcel", 201), **responses(400, 409, 415)},
)
async def add_unannounced_parcel(
    body: AddUnannouncedParcelRequest, ctx: DecidesClaims, key: IdempotencyKey
) -> Response:  # fmt: skip
    """Keep the parcel until somebody knows its claim. Its instant counts when it is matched."""

    def added(view: ParcelView) -> Answer:
        location = f"/v1/unannounced-parcels/{view.parcel.parcel_id}"
        return Answer(status=201, body=dump(body_of(view)), headers={"Location": location})

    return await ctx.once(key, lambda tx: unannounced_parcels.add(tx, ctx.caller, body.came(), ctx.now), added)


@router.get(
    "/unannounced-parcels",
    summary="List parcels that nobody announced",
    response_model=UnannouncedParcelPage,
    responses={**ok("unannounced_parcels"), **responses(400)},
)
async def list_unannounced_parcels(ctx: ReadsClaims, listing: Annotated[UnannouncedListing, Query()]) -> Response:
    """The newest parcel comes first. With `matched=false`: those that wait for a claim."""
    return await page(
        ctx,
        listing,
        BY_ID,
        lambda tx, limit, after: unannounced_parcels.page(
            tx, ctx.caller, limit=limit, after=after and after[0], matched=listing.matched
        ),
        place=lambda view: (view.parcel.parcel_id,),
        body=body_of,
    )


@router.get(
    "/unannounced-parcels/{parcel_id}",
    summary="Read a parcel that nobody announced",
    response_model=ReturnParcelBody,
    responses={**ok("unannounced_parcel"), **responses(404)},
)
async def get_unannounced_parcel(parcel_id: ParcelId, ctx: ReadsClaims) -> Response:
    """Return the parcel, and its claim if somebody has matched it."""
    view = await ctx.read(lambda tx: unannounced_parcels.read(tx, ctx.caller, parcel_id))
    return Response(dump(body_of(view)), media_type="application/json")


@router.post(
    "/unannounced-parcels/{parcel_id}/match",
    summary="Match a parcel that nobody announced",
    response_model=ReturnParcelBody,
    responses={**ok("matched_parcel"), **responses(400, 404, 409, 415)},
)
async def match_unannounced_parcel(
    parcel_id: ParcelId, body: MatchUnannouncedParcelRequest, ctx: DecidesClaims, key: IdempotencyKey
) -> Response:
    """The claim receives the units of the parcel at the instant at which the parcel came, but not before the claim was
    requested."""
    by = ctx.actor(Role.SELLER, body.actor)
    return await ctx.once(
        key,
        lambda tx: unannounced_parcels.match(tx, ctx.caller, parcel_id, body.claim_id, body.command(by), by, ctx.now),
        answer_of,
    )
