"""The routes of case files: the facts of a claim for somebody outside of the shop."""

import logging
from collections.abc import AsyncIterator
from typing import IO, Annotated, Any, Literal, NoReturn

from anyio import to_thread
from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from app.api.claims import ClaimId
from app.api.context import ReadsClaims, RequestContext
from app.api.pdf_answer import PDF, pdf_answer
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.api.uploads import refuse_store
from app.files.store import StoreUnavailableError
from app.pdf.typesetting import PdfUnavailableError
from app.service.dossier_archives import dossier_archive
from app.service.dossiers import dossier_pdf

logger = logging.getLogger(__name__)
router = APIRouter(
    prefix="/v1/claims/{claim_id}/case-file", tags=["claims"], responses=responses(401, 403, 404, 413, 422, 429, 503)
)

InLanguage = Annotated[
    Literal["ko", "ja", "en"] | None,
    Query(description="The language of the case file. The default is that of the shop."),
]
_ZIP: dict[str, Any] = {
    "application/zip": {"schema": {"type": "string", "format": "binary"}, "example": "(the ZIP)"}
}  # fmt: skip
_BLOCK = 256 * 1024


@router.get(
    "",
    summary="Read the case file of a claim",
    response_class=Response,
    responses={200: {"content": PDF}},
)
async def get_claim_dossier(claim_id: ClaimId, ctx: ReadsClaims, language: InLanguage = None) -> Response:
    """A PDF for the support centre of a marketplace, or for a dispute: the facts, the amounts step by step, each step
    with its instant, its person and its articles, what the buyer was told, and the policy. Messages, questions and
    answers need `messages:read` too. Notes of the shop are left out."""
    async with ctx.turn():
        return await case_file_answer(ctx, claim_id, language)


@router.get(
    "/archive",
    summary="Read the case file of a claim as a ZIP",
    response_class=Response,
    responses={200: {"content": _ZIP}},
)
async def get_claim_dossier_archive(claim_id: ClaimId, ctx: ReadsClaims, language: InLanguage = None) -> Response:
    """The PDF, the same facts as JSON, the policy as the buyer reads it, the files of the claim, and `SHA256SUMS`. The
    README in the ZIP has the lines that check the hashes of the history. The same facts give the same bytes."""
    async with ctx.turn():
        return await case_archive_answer(ctx, claim_id, language)


async def case_file_answer(ctx: RequestContext, claim_id: str, language: str | None) -> Response:
    """Raises NotFoundError, and ProblemError if no PDF can be made."""
    state = ctx.app_state
    try:
        pdf = await dossier_pdf(state.database, state.receipts.typesetting, ctx.caller, claim_id, language)
    except PdfUnavailableError as error:
        _refuse_pdf(claim_id, error)
    return pdf_answer(pdf, f"claim-{claim_id}")


async def case_archive_answer(ctx: RequestContext, claim_id: str, language: str | None) -> Response:
    """Raises as `case_file_answer`, and ProblemError if the store of files cannot be used."""
    state = ctx.app_state
    try:
        archive = await dossier_archive(
            state.database, state.receipts.typesetting, state.files.store, ctx.caller, claim_id, language
        )
    except PdfUnavailableError as error:
        _refuse_pdf(claim_id, error)
    except StoreUnavailableError as error:
        refuse_store(error)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="claim-{claim_id}.zip"',
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_blocks(archive), headers=headers, media_type="application/zip")


def _refuse_pdf(claim_id: str, error: PdfUnavailableError) -> NoReturn:
    logger.warning("claim %s has no case file: %s", claim_id, error)
    raise ProblemError(503, "paper_unavailable") from None


async def _blocks(archive: IO[bytes]) -> AsyncIterator[bytes]:
    with archive:
        while block := await to_thread.run_sync(archive.read, _BLOCK):
            yield block
