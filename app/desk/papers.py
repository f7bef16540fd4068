"""The label and the packing slip of a return parcel, for a browser with a session."""

from fastapi import APIRouter, Response

from app.api.claims import ClaimId
from app.api.return_papers import paper_answer
from app.api.return_parcels import ParcelId
from app.desk.route import DeskRoute
from app.desk.visit import PATH, ReadsClaims
from app.service.return_papers import Paper

router = APIRouter(
    prefix=f"{PATH}/claims/{{claim_id}}/parcels/{{parcel_id}}", route_class=DeskRoute, include_in_schema=False
)


@router.get("/label")
async def get_label(seen: ReadsClaims, claim_id: ClaimId, parcel_id: ParcelId) -> Response:
    async with seen.turn():
        return await paper_answer(seen, claim_id, parcel_id, Paper.LABEL, None)


@router.get("/packing-slip")
async def get_slip(seen: ReadsClaims, claim_id: ClaimId, parcel_id: ParcelId) -> Response:
    async with seen.turn():
        return await paper_answer(seen, claim_id, parcel_id, Paper.SLIP, None)
