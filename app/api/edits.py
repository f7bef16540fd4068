"""The routes that edit a claim before its decision, and quote the edit."""

from fastapi import APIRouter, Response

from app.api.commands import ClaimId
from app.api.context import IdempotencyKey, IfVersion, WritesClaims
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.claims import QuoteBody
from app.api.schemas.edits import EditClaimRequest
from app.api.serializers import claim_body, claim_headers, quote_body
from app.engine.model.vocabulary import Role
from app.json_text import dump
from app.service import claims
from app.service.idempotency import Answer
from app.service.resources.claim import ClaimBody

router = APIRouter(
    prefix="/v1/claims/{claim_id}/edit", tags=["commands"], responses=responses(401, 403, 413, 422, 429, 503)
)


@router.post(
    "",
    summary="Edit a claim",
    response_model=ClaimBody,
    responses={**ok("edit_claim"), **responses(400, 404, 409, 412, 415)},
)
async def edit_claim(
    claim_id: ClaimId, body: EditClaimRequest, ctx: WritesClaims, if_version: IfVersion, key: IdempotencyKey
) -> Response:
    """The buyer changes what the claim asks for. This is possible until the decision. The claim is judged anew: what
    was asked for in time stays in time. The deadline of the answer stays too."""
    command = body.command(ctx.actor(Role.BUYER, body.actor))
    return await ctx.once(
        key,
        lambda tx: claims.act(tx, ctx.caller, claim_id, command, ctx.now, if_version=if_version),
        lambda view: Answer(status=200, body=dump(claim_body(view)), headers=claim_headers(view)),
    )


@router.post(
    "/quote",
    summary="Quote an edit of a claim",
    response_model=QuoteBody,
    responses={**ok("quote"), **responses(400, 404, 409, 415)},
)
async def quote_edit(claim_id: ClaimId, body: EditClaimRequest, ctx: WritesClaims) -> Response:
    """Return the assessment and the amounts that the claim would have after the edit. The same code runs. The units of
    the claim count as free. Nothing is stored."""
    command = body.command(ctx.actor(Role.BUYER, body.actor))
    quote = await ctx.read(lambda tx: claims.quote_edit(tx, ctx.caller, claim_id, command, ctx.now))
    return Response(dump(quote_body(quote)), media_type="application/json")
