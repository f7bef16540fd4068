"""The routes of the shop's own work on claims: assignee, seen, snooze and tags."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.context import DecidesClaims, ReadsClaims
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.claim_work import UpdateClaimWorkRequest
from app.api.schemas.common import Name
from app.json_text import dump
from app.service import claim_work
from app.service.idempotency import Answer
from app.service.resources.claim_work import ClaimWorkBody, claim_work_body

router = APIRouter(
    prefix="/v1/claims/{claim_id}/work", tags=["queue"], responses=responses(401, 403, 413, 422, 429, 503)
)

ClaimId = Annotated[Name, Path(description="The claim's id.")]
_WORK = ok("claim_work")


@router.get("", summary="Read the work on a claim", response_model=ClaimWorkBody, responses={**_WORK, **responses(404)})
async def get_claim_work(claim_id: ClaimId, ctx: ReadsClaims) -> Response:
    """Whose the claim is, who has seen it, its tags, and until when it sleeps."""
    work = await ctx.read(lambda tx: claim_work.read(tx, ctx.caller, claim_id))
    return Response(dump(claim_work_body(work)), media_type="application/json")


@router.patch(
    "",
    summary="Update the work on a claim",
    response_model=ClaimWorkBody,
    responses={**_WORK, **responses(400, 404, 409, 415)},
)
async def update_claim_work(claim_id: ClaimId, body: UpdateClaimWorkRequest, ctx: DecidesClaims) -> Response:
    """Assign the claim, mark it as seen, let it sleep, or replace its tags. The claim itself, its version and its
    history do not change, and no event is published. Notes are contacts of kind `note`."""
    return await ctx.write(
        lambda tx: claim_work.change(tx, ctx.caller, claim_id, body.change(), ctx.now),
        lambda work: Answer(status=200, body=dump(claim_work_body(work))),
    )
