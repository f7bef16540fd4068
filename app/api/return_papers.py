"""The routes of the papers of a return parcel."""

import logging
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.claims import ClaimId
from app.api.context import ReadsClaims, RequestContext
from app.api.pdf_answer import PDF, pdf_answer
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.api.return_parcels import ParcelId
from app.api.schemas.policies import Language
from app.pdf.typesetting import PdfUnavailableError
from app.service.return_papers import Paper, paper_of

logger = logging.getLogger(__name__)
router = APIRouter(
    prefix="/v1/claims/{claim_id}/parcels/{parcel_id}",
    tags=["returns"],
    responses=responses(401, 403, 404, 413, 422, 429, 503),
)

InLanguage = Annotated[
    Language | None,
    Query(description="The language of the paper. The default is that of the buyer, or of the shop."),
]


@router.get(
    "/label",
    summary="Read the label of a return parcel",
    response_class=Response,
    responses={200: {"content": PDF}},
)
async def get_return_label(
    claim_id: ClaimId, parcel_id: ParcelId, ctx: ReadsClaims, language: InLanguage = None
) -> Response:
    """A PDF of 100 by 150 mm for the outside of the box: the address, the return number, and the code of the label as
    Code 128 and as a QR code."""
    async with ctx.turn():
        return await paper_answer(ctx, claim_id, parcel_id, Paper.LABEL, language)


@router.get(
    "/packing-slip",
    summary="Read the packing slip of a return parcel",
    response_class=Response,
    responses={200: {"content": PDF}},
)
async def get_packing_slip(
    claim_id: ClaimId, parcel_id: ParcelId, ctx: ReadsClaims, language: InLanguage = None
) -> Response:
    """A PDF of A4 for the inside of the box: the goods, the order, and the same codes as on the label."""
    async with ctx.turn():
        return await paper_answer(ctx, claim_id, parcel_id, Paper.SLIP, language)


async def paper_answer(
    ctx: RequestContext, claim_id: str, parcel_id: str, paper: Paper, language: str | None
) -> Response:
    """Raises NotFoundError, and ProblemError if no PDF can be made."""
    state = ctx.app_state
    try:
        pdf = await paper_of(
            state.database, state.receipts.typesetting, ctx.caller, claim_id, parcel_id, paper, language
        )
    except PdfUnavailableError as error:
        logger.warning("parcel %s has no %s: %s", parcel_id, paper, error)
        raise ProblemError(503, "paper_unavailable") from None
    return pdf_answer(pdf, f"return-{paper}-{parcel_id}")
