"""The routes of files that show facts of a claim."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from app.api.claims import ClaimId
from app.api.context import (
    DecidesClaims,
    IdempotencyKey,
    ReadsClaims,
    RequestContext,
    WritesClaims,
    require,
)
from app.api.examples import ok
from app.api.messages import MessageListing
from app.api.paging import BY_ID, page
from app.api.problem_examples import responses
from app.api.schemas.claim_files import AddClaimFileUrlRequest, ClaimFilePage, FileNoteInput, form_of
from app.api.schemas.common import Name
from app.api.uploads import after_upload, keep_upload, upload_of
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.json_text import dump
from app.records.api_key import Scope
from app.records.claim_file import ClaimFile
from app.service import file_keeping, files
from app.service.idempotency import Answer
from app.service.resources.claim_file import ClaimFileBody, claim_file_body

router = APIRouter(
    prefix="/v1/claims/{claim_id}/files", tags=["files"], responses=responses(401, 403, 404, 413, 422, 429, 503)
)

FileId = Annotated[Name, Path(description="The file's id.")]


@router.post(
    "",
    status_code=201,
    summary="Add a file to a claim",
    response_model=ClaimFileBody,
    responses={**ok("claim_file", 201), **responses(400, 409, 415, 507)},
    openapi_extra=form_of("AddClaimFileRequest"),
)
async def add_claim_file(claim_id: ClaimId, ctx: WritesClaims, key: IdempotencyKey) -> Response:
    """Send a form with a photo, a document or a short video. An image is re-encoded: its location and everything else
    but its pixels are left out."""
    await ctx.read(lambda tx: files.require_claim(tx, ctx.caller, claim_id))
    async with upload_of(ctx.request, FileNoteInput) as upload:
        note = upload.note.note(_actor(ctx, upload.note))
        kept = await keep_upload(ctx, upload.file)
    limits = ctx.app_state.files.limits
    return await after_upload(ctx, upload).once(
        key,
        lambda tx: files.add(tx, ctx.caller, claim_id, kept, note, ctx.now, limits=limits),
        _added,
    )


@router.post(
    "/url",
    status_code=201,
    summary="Add a file by its URL",
    response_model=ClaimFileBody,
    responses={**ok("claim_file_url", 201), **responses(400, 409, 415)},
)
async def add_claim_file_url(
    claim_id: ClaimId, body: AddClaimFileUrlRequest, ctx: WritesClaims, key: IdempotencyKey
) -> Response:
    """Keep the URL of a file that is somewhere else, such as a buyer's photo at a marketplace. The service does not
    fetch the URL."""
    note, limits = body.note(_actor(ctx, body)), ctx.app_state.files.limits
    return await ctx.once(
        key,
        lambda tx: files.add_url(tx, ctx.caller, claim_id, body.url, note, ctx.now, limits=limits),
        _added,
    )


@router.get(
    "",
    summary="List the files of a claim",
    response_model=ClaimFilePage,
    responses={**ok("claim_files"), **responses(400)},
)
async def list_claim_files(
    claim_id: ClaimId, ctx: ReadsClaims, listing: Annotated[MessageListing, Query()]
) -> Response:
    """The oldest file comes first. Each file has a link to its bytes that ends soon."""
    return await page(
        ctx,
        listing,
        BY_ID,
        lambda tx, limit, after: files.page(tx, ctx.caller, claim_id, limit=limit, after=after and after[0]),
        place=lambda file: (file.file_id,),
        body=lambda file: _with_link(ctx, file),
    )


@router.get(
    "/{file_id}",
    summary="Read a file of a claim",
    response_model=ClaimFileBody,
    responses=ok("claim_file_with_link"),
)
async def get_claim_file(claim_id: ClaimId, file_id: FileId, ctx: ReadsClaims) -> Response:
    """Return what is known about the file, and a link to its bytes that ends soon."""
    file = await ctx.read(lambda tx: files.read(tx, ctx.caller, claim_id, file_id))
    return Response(dump(_with_link(ctx, file)), media_type="application/json")


@router.delete(
    "/{file_id}",
    summary="Erase a file of a claim",
    response_model=ClaimFileBody,
    responses={**ok("erased_claim_file"), **responses(409)},
)
async def delete_claim_file(
    claim_id: ClaimId,
    file_id: FileId,
    ctx: DecidesClaims,
    actor: Annotated[Name | None, Query(description="The person behind the call.")] = None,
) -> Response:
    """Erase the bytes, the caption and the URL. The record stays, with the SHA-256 and with who erased the file."""
    by = ctx.actor(Role.SELLER, actor)
    answer = await ctx.write(
        lambda tx: files.erase(tx, ctx.caller, claim_id, file_id, by, ctx.now),
        lambda file: Answer(status=200, body=dump(claim_file_body(file))),
    )
    state = ctx.app_state
    await file_keeping.discard(state.database, state.files.store, ctx.caller.merchant_id, file_id)
    return answer


def _actor(ctx: RequestContext, note: FileNoteInput) -> Actor:
    if note.role is not Role.BUYER:
        require(ctx.caller, Scope.CLAIMS_DECIDE)
    return ctx.actor(note.role, note.actor)


def _added(file: ClaimFile) -> Answer:
    location = f"/v1/claims/{file.claim_id}/files/{file.file_id}"
    return Answer(status=201, body=dump(claim_file_body(file)), headers={"Location": location})


def _with_link(ctx: RequestContext, file: ClaimFile) -> dict[str, Any]:
    url, ends_at = linked(ctx, file)
    return claim_file_body(file, url=url, url_ends_at=ends_at)


def linked(ctx: RequestContext, file: ClaimFile) -> tuple[str | None, datetime | None]:
    """The path to the bytes, and when it ends."""
    if not file_keeping.is_readable(file):
        return None, None
    token, ends_at = ctx.app_state.files.links.sign(ctx.caller.merchant_id, file.file_id, ctx.system_now)
    return f"/files/{token}", ends_at
