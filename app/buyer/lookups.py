"""The route of a buyer who has no link: the order's number and one fact about its buyer, for a mail with a link."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN
from app.api.examples import ok
from app.api.problem_examples import responses, responses_to_buyers
from app.api.problems import ProblemError
from app.api.schemas.common import Name
from app.buyer.schemas.lookups import BuyerLookupBody, BuyerLookupRequest
from app.json_text import dump
from app.service import buyer_lookups

router = APIRouter(
    prefix="/buyer/v1/shops", tags=["buyer"], responses={**responses_to_buyers(403), **responses(413, 422, 503)}
)

NO_KEY = ""
"""In place of a merchant: visitors without a key wait for each other, and take no turns from the merchants."""
ANSWER = {"status": "accepted"}


@router.post(
    "/{merchant_id}/lookups",
    status_code=202,
    summary="Ask for a link by mail",
    response_model=BuyerLookupBody,
    responses={**ok("buyer_lookup", 202), **responses(400, 404, 415, 429)},
)
async def request_link_by_lookup(
    merchant_id: Annotated[Name, Path(description="The id of the shop's merchant.")],
    body: BuyerLookupRequest,
    request: Request,
) -> Response:
    """If the shop has such an order, a link goes to the mail address of its buyer. The answer is always the same, and
    tells nothing about the order."""
    state = app_state(request)
    if not state.public_url:
        raise ProblemError(503, "lookups_not_configured")
    now = state.clock()
    new = body.lookup(request.client.host if request.client else None)
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY):
        await state.database.write(lambda tx: buyer_lookups.ask(tx, merchant_id, new, now))
    return Response(dump(ANSWER), 202, media_type="application/json")
