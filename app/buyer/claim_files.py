"""The routes on which a buyer shows the seller photos, documents and videos."""

from typing import Any

from fastapi import APIRouter, Response

from app.api.claim_files import linked
from app.api.context import IdempotencyKey
from app.api.examples import ok
from app.api.problem_examples import responses, responses_to_buyers
from app.api.schemas.claim_files import FileNoteForBuyer, form_of
from app.api.uploads import after_upload, keep_upload, upload_of
from app.buyer.answers import listed
from app.buyer.claims import ClaimId
from app.buyer.context import ActsAsBuyer, BuyerContext
from app.buyer.shapes import body_for_buyer, for_buyer, list_for_buyer
from app.json_text import dump
from app.records.claim_file import ClaimFile
from app.service import files
from app.service.idempotency import Answer
from app.service.resources.claim_file import ClaimFileBody, claim_file_body

router = APIRouter(
    prefix="/buyer/v1/claims/{claim_id}/files",
    tags=["buyer"],
    responses={**responses_to_buyers(401, 403, 429), **responses(404, 413, 422, 503)},
)


@router.post(
    "",
    status_code=201,
    summary="Add a file to a claim of yours",
    response_model=for_buyer(ClaimFileBody),
    responses={**ok("claim_file_for_buyer", 201), **responses(400, 409, 415, 507)},
    openapi_extra=form_of("AddClaimFileForBuyerRequest"),
)
async def add_claim_file_for_buyer(claim_id: ClaimId, ctx: ActsAsBuyer, key: IdempotencyKey) -> Response:
    """Send a form with a photo, a document or a short video. An image is re-encoded: its location and everything else
    but its pixels are left out."""
    await ctx.read(lambda tx: files.require_claim(tx, ctx.caller, claim_id))
    async with upload_of(ctx.request, FileNoteForBuyer) as upload:
        kept = await keep_upload(ctx, upload.file)
    note, limits = upload.note.note(ctx.buyer), ctx.app_state.files.limits
    return await after_upload(ctx, upload).once(
        key,
        lambda tx: files.add(tx, ctx.caller, claim_id, kept, note, ctx.now, limits=limits),
        lambda file: Answer(status=201, body=dump(body_for_buyer(ClaimFileBody, claim_file_body(file)))),
    )


@router.get(
    "",
    summary="List the files that you added",
    response_model=list_for_buyer("ClaimFileForBuyerList", ClaimFileBody, "The oldest file comes first."),
    responses=ok("claim_files_for_buyer"),
)
async def list_claim_files_for_buyer(claim_id: ClaimId, ctx: ActsAsBuyer) -> Response:
    """Each file has a link to its bytes that ends soon. The files of the seller are not among them."""
    own = await ctx.read(lambda tx: files.of_buyer(tx, ctx.caller, claim_id))
    return listed(body_for_buyer(ClaimFileBody, _with_link(ctx, file)) for file in own)


def _with_link(ctx: BuyerContext, file: ClaimFile) -> dict[str, Any]:
    url, ends_at = linked(ctx, file)
    return claim_file_body(file, url=url, url_ends_at=ends_at)
