"""The routes of parcels with goods on their way back."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.claims import ClaimId
from app.api.context import (
    BUYER_REPORTS_WITHIN,
    DecidesClaims,
    IdempotencyKey,
    ReadsClaims,
    RequestContext,
    WritesClaims,
    require,
)
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.return_parcels import (
    AddReturnParcelRequest,
    ReceiveReturnParcelRequest,
    ReturnParcelList,
    UpdateReturnParcelRequest,
)
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.json_text import dump
from app.records.api_key import Scope
from app.service import return_parcels
from app.service.idempotency import Answer
from app.service.resources.return_parcel import ReturnParcelBody, return_parcel_body
from app.service.return_parcels import ParcelView

router = APIRouter(
    prefix="/v1/claims/{claim_id}/parcels",
    tags=["returns"],
    responses=responses(401, 403, 404, 413, 422, 429, 503),
)

ParcelId = Annotated[Name, Path(description="The parcel's id.")]
_ONE = ok("return_parcel")


@router.post(
    "",
    status_code=201,
    summary="Announce a return parcel",
    response_model=ReturnParcelBody,
    responses={**ok("return_parcel", 201), **responses(400, 409, 415)},
)
async def add_return_parcel(
    claim_id: ClaimId, body: AddReturnParcelRequest, ctx: WritesClaims, key: IdempotencyKey
) -> Response:
    """Goods of the claim will come in this parcel. The first parcel gives the claim its return number. Units are in one
    parcel at a time."""
    by = _actor(ctx, body.actor)
    return await ctx.once(
        key, lambda tx: return_parcels.announce(tx, ctx.caller, claim_id, body.new(), by, ctx.now), _added
    )


@router.get(
    "",
    summary="List the return parcels of a claim",
    response_model=ReturnParcelList,
    responses=ok("return_parcels"),
)
async def list_return_parcels(claim_id: ClaimId, ctx: ReadsClaims) -> Response:
    """Return every parcel of the claim."""
    found = await ctx.read(lambda tx: return_parcels.of_claim(tx, ctx.caller, claim_id))
    return Response(dump({"data": [body_of(view) for view in found]}), media_type="application/json")


@router.get(
    "/{parcel_id}",
    summary="Read a return parcel",
    response_model=ReturnParcelBody,
    responses=_ONE,
)
async def get_return_parcel(claim_id: ClaimId, parcel_id: ParcelId, ctx: ReadsClaims) -> Response:
    """Return the parcel."""
    view = await ctx.read(lambda tx: return_parcels.read(tx, ctx.caller, claim_id, parcel_id))
    return Response(dump(body_of(view)), media_type="application/json")


@router.patch(
    "/{parcel_id}",
    summary="Report where a return parcel is",
    response_model=ReturnParcelBody,
    responses={**_ONE, **responses(400, 409, 415)},
)
async def update_return_parcel(
    claim_id: ClaimId, parcel_id: ParcelId, body: UpdateReturnParcelRequest, ctx: WritesClaims
) -> Response:
    """Report the carrier, its number or the state. The first parcel that the buyer has given away dispatches the claim,
    so the buyer is no longer late."""
    if body.happened_at is not None and body.happened_at < ctx.now - BUYER_REPORTS_WITHIN:
        require(ctx.caller, Scope.CLAIMS_DECIDE)
    by = _actor(ctx, body.actor)
    return await ctx.write(
        lambda tx: return_parcels.change(tx, ctx.caller, claim_id, parcel_id, body.change(), by, ctx.now), answer_of
    )


@router.post(
    "/{parcel_id}/receive",
    summary="Receive a return parcel",
    response_model=ReturnParcelBody,
    responses={**ok("received_return_parcel"), **responses(400, 409, 415)},
)
async def receive_return_parcel(
    claim_id: ClaimId, parcel_id: ParcelId, body: ReceiveReturnParcelRequest, ctx: DecidesClaims, key: IdempotencyKey
) -> Response:
    """The claim receives the units of the parcel. It is `received` with its last unit, and the time to pay the money
    back runs from that parcel."""
    command = body.command(ctx.actor(Role.SELLER, body.actor))
    return await ctx.once(
        key,
        lambda tx: return_parcels.receive(tx, ctx.caller, claim_id, parcel_id, command, ctx.now),
        answer_of,
    )


def body_of(view: ParcelView) -> dict[str, object]:
    return return_parcel_body(view.parcel, view.return_number)


def answer_of(view: ParcelView) -> Answer:
    return Answer(status=200, body=dump(body_of(view)))


def _actor(ctx: RequestContext, name: str | None) -> Actor:
    """A key that decides nothing speaks for the buyer."""
    return ctx.actor(Role.SELLER if ctx.caller.may(Scope.CLAIMS_DECIDE) else Role.BUYER, name)


def _added(view: ParcelView) -> Answer:
    location = f"/v1/claims/{view.parcel.claim_id}/parcels/{view.parcel.parcel_id}"
    return Answer(status=201, body=dump(body_of(view)), headers={"Location": location})
