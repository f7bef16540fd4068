"""The routes of a buyer for parcels with goods on their way back: the way, the return number, the label."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.context import IdempotencyKey
from app.api.examples import ok
from app.api.language import language
from app.api.pdf_answer import PDF
from app.api.problem_examples import responses, responses_to_buyers
from app.api.return_papers import paper_answer
from app.api.schemas.common import Name
from app.api.schemas.return_parcels import AddReturnParcelForBuyerRequest
from app.buyer.answers import listed
from app.buyer.claims import ClaimId
from app.buyer.context import ActsAsBuyer
from app.buyer.shapes import body_for_buyer, for_buyer, list_for_buyer
from app.json_text import dump
from app.service import return_parcels
from app.service.idempotency import Answer
from app.service.resources.return_parcel import ReturnParcelBody, return_parcel_body
from app.service.return_papers import Paper
from app.service.return_parcels import ParcelView

router = APIRouter(
    prefix="/buyer/v1/claims/{claim_id}/parcels",
    tags=["buyer"],
    responses={**responses_to_buyers(401, 403, 429), **responses(404, 413, 422, 503)},
)

ParcelId = Annotated[Name, Path(description="The parcel's id.")]


def parcel_for_buyer(view: ParcelView) -> dict[str, object]:
    shown: dict[str, object] = body_for_buyer(ReturnParcelBody, return_parcel_body(view.parcel, view.return_number))
    return shown


@router.post(
    "",
    status_code=201,
    summary="Announce a return parcel of yours",
    response_model=for_buyer(ReturnParcelBody),
    responses={**ok("return_parcel_for_buyer", 201), **responses(400, 409, 415)},
)
async def add_return_parcel_for_buyer(
    claim_id: ClaimId, body: AddReturnParcelForBuyerRequest, ctx: ActsAsBuyer, key: IdempotencyKey
) -> Response:
    """Choose how the goods come back. The answer has the return number. When you have sent the parcel, report the
    carrier's number with `dispatch`."""
    return await ctx.once(
        key,
        lambda tx: return_parcels.announce(tx, ctx.caller, claim_id, body.new(), ctx.buyer, ctx.now),
        lambda view: Answer(status=201, body=dump(parcel_for_buyer(view))),
    )


@router.get(
    "",
    summary="List your return parcels",
    response_model=list_for_buyer("ReturnParcelForBuyerList", ReturnParcelBody, "The first parcel comes first."),
    responses=ok("return_parcels_for_buyer"),
)
async def list_return_parcels_for_buyer(claim_id: ClaimId, ctx: ActsAsBuyer) -> Response:
    """Return the parcels of the claim, each with its state."""
    found = await ctx.read(lambda tx: return_parcels.of_claim(tx, ctx.caller, claim_id))
    return listed(parcel_for_buyer(view) for view in found)


@router.get(
    "/{parcel_id}/label",
    summary="Read the label of a return parcel of yours",
    response_class=Response,
    responses={200: {"content": PDF}},
)
async def get_return_label_for_buyer(claim_id: ClaimId, parcel_id: ParcelId, ctx: ActsAsBuyer) -> Response:
    """A PDF for the outside of the box, in the language of the answer."""
    async with ctx.turn():
        return await paper_answer(ctx, claim_id, parcel_id, Paper.LABEL, language.get())


@router.get(
    "/{parcel_id}/packing-slip",
    summary="Read the packing slip of a return parcel of yours",
    response_class=Response,
    responses={200: {"content": PDF}},
)
async def get_packing_slip_for_buyer(claim_id: ClaimId, parcel_id: ParcelId, ctx: ActsAsBuyer) -> Response:
    """A PDF for the inside of the box, in the language of the answer."""
    async with ctx.turn():
        return await paper_answer(ctx, claim_id, parcel_id, Paper.SLIP, language.get())
