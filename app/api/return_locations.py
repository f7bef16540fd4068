"""The routes of return locations: where goods go back to, by rule."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from app.api.context import ReadsMessages, WritesMessages
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.return_locations import PutReturnLocationRequest, ReturnLocationBody, ReturnLocationList
from app.json_text import dump
from app.records.return_location import ReturnLocation
from app.service import return_locations
from app.service.idempotency import Answer

router = APIRouter(prefix="/v1/return-locations", tags=["returns"], responses=responses(401, 403, 413, 422, 429, 503))

LocationId = Annotated[Name, Path(description="Your id of the location.")]
_ONE = ok("return_location")


def return_location_body(location: ReturnLocation) -> dict[str, Any]:
    rule = {name: sorted(values) for name, values in asdict(location.rule).items()}
    return {**asdict(location), "rule": rule}


@router.get("", summary="List return locations", response_model=ReturnLocationList, responses=ok("return_locations"))
async def list_return_locations(ctx: ReadsMessages) -> Response:
    """Return every location of the shop."""
    found = await ctx.read(lambda tx: return_locations.list_all(tx, ctx.caller))
    return Response(dump({"data": [return_location_body(each) for each in found]}), media_type="application/json")


@router.get(
    "/{location_id}",
    summary="Read a return location",
    response_model=ReturnLocationBody,
    responses={**_ONE, **responses(404)},
)
async def get_return_location(location_id: LocationId, ctx: ReadsMessages) -> Response:
    """Return the location."""
    location = await ctx.read(lambda tx: return_locations.read(tx, ctx.caller, location_id))
    return Response(dump(return_location_body(location)), media_type="application/json")


@router.put(
    "/{location_id}",
    summary="Put a return location",
    response_model=ReturnLocationBody,
    responses={**_ONE, **responses(400, 409, 415)},
)
async def put_return_location(
    location_id: LocationId, body: PutReturnLocationRequest, ctx: WritesMessages
) -> Response:  # fmt: skip
    """Store the location and its rule. The rules choose the location of each claim, for the buyer's page, for messages
    and for new parcels. A parcel that is announced keeps its address."""
    location = body.location(location_id, ctx.now)
    return await ctx.write(
        lambda tx: return_locations.put(tx, ctx.caller, location, ctx.now),
        lambda stored: Answer(status=200, body=dump(return_location_body(stored))),
    )


@router.delete(
    "/{location_id}",
    summary="Delete a return location",
    response_model=ReturnLocationBody,
    responses={**_ONE, **responses(404, 409)},
)
async def delete_return_location(location_id: LocationId, ctx: WritesMessages) -> Response:
    """The default goes last: make another location the default first. Parcels keep their address. The answer is the
    location before the deletion."""
    return await ctx.write(
        lambda tx: return_locations.remove(tx, ctx.caller, location_id),
        lambda removed: Answer(status=200, body=dump(return_location_body(removed))),
    )
