"""The route of the PDF receipt of a withdrawal, and the answer that its link on the page has too."""

import logging
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.app_state import AppState
from app.api.context import ReadsClaims
from app.api.pdf_answer import PDF, pdf_answer
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.api.schemas.common import Name
from app.pdf.typesetting import PdfUnavailableError
from app.service.withdrawal_receipts import file_name, receipt_of

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/v1/withdrawals", tags=["withdrawals"], responses=responses(401, 403, 413, 422, 429, 503))


@router.get(
    "/{withdrawal_id}/receipt",
    summary="Read the receipt of a withdrawal",
    response_class=Response,
    responses={200: {"content": PDF}, **responses(404)},
)
async def get_withdrawal_receipt(
    withdrawal_id: Annotated[Name, Path(description="The id of the withdrawal.")], ctx: ReadsClaims
) -> Response:
    """Return the PDF that the buyer has. The service makes the PDF once, so every answer has the same bytes, and
    `recourse verify --receipt` compares them."""
    async with ctx.turn():
        return await receipt_answer(ctx.app_state, ctx.caller.merchant_id, withdrawal_id, ctx.now)


async def receipt_answer(state: AppState, merchant_id: str, withdrawal_id: str, now: datetime) -> Response:
    """The PDF, to be kept. Raises NotFoundError, and ProblemError if no PDF can be made."""
    try:
        pdf = await receipt_of(state.database, state.receipts.typesetting, merchant_id, withdrawal_id, now)
    except PdfUnavailableError as error:
        logger.warning("withdrawal %s has no receipt: %s", withdrawal_id, error)
        raise ProblemError(503, "receipt_unavailable") from None
    return pdf_answer(pdf, file_name(withdrawal_id))
