"""The forms and papers of return parcels on the page of a claim."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from app.api.return_papers import paper_answer
from app.api.schemas.return_parcels import AddReturnParcelForBuyerRequest
from app.buyer.claims import ClaimId
from app.buyer.pages.claim import checked_form, claim_page, show_after
from app.buyer.pages.route import PageRoute
from app.buyer.pages.visit import OnPage, PostedForm
from app.buyer.return_parcels import ParcelId
from app.service import return_parcels
from app.service.return_papers import Paper

router = APIRouter(prefix="/order/claims/{claim_id}/parcels", route_class=PageRoute, include_in_schema=False)
_WAY = {"way": "way"}


@router.post("")
async def choose_way(seen: OnPage, claim_id: ClaimId, form: PostedForm) -> Response:
    """All goods come in one parcel. A buyer who needs several asks the shop."""
    body: Mapping[str, Any] = {"way": form.get("way", "")}
    asked, errors = checked_form(seen, AddReturnParcelForBuyerRequest, body, _WAY)
    if asked is None:
        return await claim_page(seen, claim_id, form=form, errors=errors, status=422)
    new = asked.new()
    return await show_after(
        seen,
        claim_id,
        form,
        lambda tx: return_parcels.announce(tx, seen.caller, claim_id, new, seen.buyer, seen.now),
    )


@router.get("/{parcel_id}/label")
async def show_label(seen: OnPage, claim_id: ClaimId, parcel_id: ParcelId) -> Response:
    async with seen.turn():
        return await paper_answer(seen, claim_id, parcel_id, Paper.LABEL, seen.language)


@router.get("/{parcel_id}/packing-slip")
async def show_packing_slip(seen: OnPage, claim_id: ClaimId, parcel_id: ParcelId) -> Response:
    async with seen.turn():
        return await paper_answer(seen, claim_id, parcel_id, Paper.SLIP, seen.language)
