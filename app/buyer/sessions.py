"""The routes of the buyer's session: opened by a link, once, and ended by the buyer, by time or by the seller."""

import asyncio

from fastapi import APIRouter, Request, Response

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN
from app.api.examples import ok
from app.api.problem_examples import responses, responses_to_buyers
from app.api.problems import ProblemError
from app.api.schemas.buyer_access import BuyerAccessBody, access_body
from app.buyer.context import ActsAsBuyer
from app.buyer.lookups import NO_KEY
from app.buyer.merchant_time import time_of_link
from app.buyer.schemas.sessions import BuyerSessionBody, BuyerSessionWithToken, OpenBuyerSessionRequest
from app.json_text import dump
from app.service import buyer_access
from app.service.idempotency import Answer

router = APIRouter(
    prefix="/buyer/v1/sessions",
    tags=["buyer"],
    responses={**responses_to_buyers(401, 403, 429), **responses(413, 422, 503)},
)


@router.post(
    "",
    status_code=201,
    summary="Open a session with a link",
    response_model=BuyerSessionWithToken,
    responses={**ok("buyer_session_with_token", 201), **responses(400, 415)},
)
async def open_buyer_session(body: OpenBuyerSessionRequest, request: Request) -> Response:
    """Use up the link. Only this answer shows the token of the session, and the link opens no second session. Send the
    token as `Authorization: Bearer rbs_...`."""
    state = app_state(request)
    async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(NO_KEY):
        now = await time_of_link(state, body.token)
        new = await state.database.write(lambda tx: buyer_access.open_session(tx, body.token, now))
    if new is None:
        raise ProblemError(401, "invalid_buyer_link", headers={"WWW-Authenticate": "Bearer"})
    content = {**access_body(new.access), "idle_by": new.access.idle_by, "token": new.token}
    return Response(dump(content), 201, media_type="application/json")


@router.get(
    "/current",
    summary="Read the session",
    response_model=BuyerSessionBody,
    responses=ok("buyer_session"),
)
async def get_buyer_session(ctx: ActsAsBuyer) -> Response:
    """Return the session or the token of the request: its order and its end."""
    content = {**access_body(ctx.access), "idle_by": ctx.access.idle_by}
    return Response(dump(content), media_type="application/json")


@router.delete(
    "/current",
    summary="End the session",
    response_model=BuyerAccessBody,
    responses={**ok("ended_buyer_session"), **responses(404, 409)},
)
async def delete_buyer_session(ctx: ActsAsBuyer) -> Response:
    """End the session or the token of the request, at once."""
    return await ctx.write(
        lambda tx: buyer_access.end_session(tx, ctx.caller, ctx.now),
        lambda ended: Answer(status=200, body=dump(access_body(ended))),
    )
