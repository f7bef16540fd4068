"""The routes of accounts for refunds: money that cannot go back to its payment goes to an account of the buyer."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from app.api.context import IdempotencyKey, ReadsClaims, WritesClaims, WritesMessages, WritesRefunds
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.refunds import RefundId
from app.api.schemas.common import Name
from app.api.schemas.endpoints import EmptyRequest
from app.api.schemas.refund_accounts import PutRefundAccountRequest, RefundAccountNumber
from app.json_text import dump
from app.records.refund_account import RefundAccount
from app.service import refund_accounts
from app.service.idempotency import Answer
from app.service.resources.refund_account import RefundAccountBody, refund_account_body

router = APIRouter(prefix="/v1", tags=["refunds"], responses=responses(401, 403, 413, 422, 429, 503))

ClaimId = Annotated[Name, Path(description="The claim's id.")]
Nothing = Annotated[EmptyRequest, Body(default_factory=EmptyRequest)]
_ACCOUNT = ok("refund_account")


@router.put(
    "/claims/{claim_id}/refund-account",
    summary="Set the account for the refunds of a claim",
    response_model=RefundAccountBody,
    responses={**_ACCOUNT, **responses(400, 404, 409, 415)},
)
async def put_refund_account(claim_id: ClaimId, body: PutRefundAccountRequest, ctx: WritesClaims) -> Response:
    """The account that the buyer named. Only for money that cannot go back to its payment, or whose refund has failed.
    A new account replaces the stored one."""
    encryption = ctx.app_state.encryption
    return await ctx.write(
        lambda tx: refund_accounts.put(tx, ctx.caller, claim_id, body.account(), ctx.now, encryption=encryption),
        _answer,
    )


@router.get(
    "/claims/{claim_id}/refund-account",
    summary="Read the account for the refunds of a claim",
    response_model=RefundAccountBody,
    responses={**_ACCOUNT, **responses(404)},
)
async def get_refund_account(claim_id: ClaimId, ctx: ReadsClaims) -> Response:
    """Return the account with a masked number, and when the buyer was asked for it."""
    account = await ctx.read(lambda tx: refund_accounts.read(tx, ctx.caller, claim_id))
    return Response(_answer(account).body, media_type="application/json")


@router.post(
    "/claims/{claim_id}/refund-account/request",
    summary="Ask the buyer for an account",
    response_model=RefundAccountBody,
    responses={**_ACCOUNT, **responses(400, 404, 409, 415)},
)
async def request_refund_account(claim_id: ClaimId, _: Nothing, ctx: WritesMessages, key: IdempotencyKey) -> Response:
    """The buyer gets the question as a message. The service asks by itself when a refund is created that cannot go back
    to its payment. Ask again here, or after a refund has failed."""
    return await ctx.once(key, lambda tx: refund_accounts.ask(tx, ctx.caller, claim_id, ctx.now), _answer)


@router.get(
    "/refunds/{refund_id}/account",
    summary="Read the account of a refund in full",
    response_model=RefundAccountNumber,
    responses={**ok("refund_account_number"), **responses(404, 409)},
)
async def get_refund_account_number(refund_id: RefundId, ctx: WritesRefunds) -> Response:
    """For the payer of a refund that is not paid yet. The log says which key has read the account."""
    encryption = ctx.app_state.encryption
    account = await ctx.read(lambda tx: refund_accounts.reveal(tx, ctx.caller, refund_id, encryption=encryption))
    return Response(dump(asdict(account)), headers={"Cache-Control": "no-store"}, media_type="application/json")


def _answer(account: RefundAccount) -> Answer:
    return Answer(status=200, body=dump(refund_account_body(account)))
