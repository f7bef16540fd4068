"""The route of replies: texts for the buyer of a claim that fill themselves from its facts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from app.api.claims import ClaimId
from app.api.context import ReadsMessages
from app.api.examples import ok
from app.api.problem_examples import responses
from app.json_text import dump
from app.service import replies
from app.service.resources.reply import ReplyList, replies_body

router = APIRouter(prefix="/v1/claims", tags=["messages"], responses=responses(401, 403, 413, 422, 429, 503))

InLanguage = Annotated[
    Literal["ko", "ja", "en"] | None,
    Query(description="The language of the replies. The default is that of the buyer, or of the policy."),
]


@router.get(
    "/{claim_id}/replies",
    summary="Read the replies of a claim",
    response_model=ReplyList,
    responses={**ok("replies"), **responses(404)},
)
async def list_claim_replies(claim_id: ClaimId, ctx: ReadsMessages, language: InLanguage = None) -> Response:
    """Nine texts for a question or a phone call, filled from the facts of the claim now. A reply that lacks a fact has
    no text, and names the fact. Nothing is sent: send a text as a question, or note the call."""
    chosen, filled = await ctx.read(lambda tx: replies.of_claim(tx, ctx.caller, claim_id, language, ctx.now))
    return Response(dump(replies_body(chosen, filled)), media_type="application/json")
