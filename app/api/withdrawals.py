"""The routes of withdrawals from contracts: a storefront hands in what buyers declare, and the seller matches them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.context import (
    BUYER_REPORTS_WITHIN,
    DecidesClaims,
    IdempotencyKey,
    ReadsClaims,
    WritesClaims,
    require,
)
from app.api.examples import ok
from app.api.paging import BY_ID, page
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.withdrawals import (
    CloseWithdrawalRequest,
    MatchWithdrawalRequest,
    ReceiveWithdrawalRequest,
    WithdrawalPage,
)
from app.json_text import dump
from app.records.api_key import Scope
from app.records.withdrawal import Withdrawal
from app.service import withdrawals
from app.service.idempotency import Answer
from app.service.resources.withdrawal import WithdrawalDetail, withdrawal_detail

router = APIRouter(prefix="/v1/withdrawals", tags=["withdrawals"], responses=responses(401, 403, 413, 422, 429, 503))

WithdrawalId = Annotated[Name, Path(description="The id of the withdrawal.")]


class WithdrawalListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    matched: Annotated[bool | None, Field(description="`false`: those that wait for an order.")] = None
    order_id: Annotated[Name | None, Field(description="Those that are matched with this order.")] = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


@router.post(
    "",
    status_code=201,
    summary="Record a withdrawal",
    response_model=WithdrawalDetail,
    responses={**ok("withdrawal", 201), **responses(400, 409, 415)},
)
async def receive_withdrawal(body: ReceiveWithdrawalRequest, ctx: WritesClaims, key: IdempotencyKey) -> Response:
    """Record what a buyer declared on your own page. The buyer gets the acknowledgement at once. The service looks for
    the order afterwards, so that the answer is the same whether there is an order or not."""
    if body.declared_at is not None and body.declared_at < ctx.now - BUYER_REPORTS_WITHIN:
        require(ctx.caller, Scope.CLAIMS_DECIDE)

    def received(withdrawal: Withdrawal) -> Answer:
        location = f"/v1/withdrawals/{withdrawal.withdrawal_id}"
        return Answer(status=201, body=dump(withdrawal_detail(withdrawal)), headers={"Location": location})

    return await ctx.once(
        key, lambda tx: withdrawals.receive(tx, ctx.caller.merchant_id, body.declaration(), ctx.now), received
    )


@router.get(
    "",
    summary="List withdrawals",
    response_model=WithdrawalPage,
    responses={**ok("withdrawals"), **responses(400)},
)
async def list_withdrawals(ctx: ReadsClaims, listing: Annotated[WithdrawalListing, Query()]) -> Response:
    """The newest withdrawal comes first. With `matched=false`: the seller's queue of those that wait for an order."""
    return await page(
        ctx,
        listing,
        BY_ID,
        lambda tx, limit, after: withdrawals.page(
            tx,
            ctx.caller,
            limit=limit,
            matched=listing.matched,
            order_id=listing.order_id,
            after=after and after[0],
        ),
        place=lambda withdrawal: (withdrawal.withdrawal_id,),
        body=withdrawal_detail,
    )


@router.get(
    "/{withdrawal_id}",
    summary="Read a withdrawal",
    response_model=WithdrawalDetail,
    responses={**ok("withdrawal"), **responses(404)},
)
async def get_withdrawal(withdrawal_id: WithdrawalId, ctx: ReadsClaims) -> Response:
    """Return what the buyer declared, and what came of it."""
    withdrawal = await ctx.read(lambda tx: withdrawals.read(tx, ctx.caller, withdrawal_id))
    return Response(_answer(withdrawal).body, media_type="application/json")


@router.post(
    "/{withdrawal_id}/match",
    summary="Match a withdrawal with an order",
    response_model=WithdrawalDetail,
    responses={**ok("matched_withdrawal"), **responses(400, 404, 409, 415)},
)
async def match_withdrawal(
    withdrawal_id: WithdrawalId, body: MatchWithdrawalRequest, ctx: DecidesClaims, key: IdempotencyKey
) -> Response:
    """Name the order of a withdrawal that waits. Units that were not shipped are cancelled and shipped units are
    returned, each by a claim that is judged by the instant of the declaration."""
    lines = tuple(line.line() for line in body.lines)
    decided_by = ctx.caller.signs(body.actor)
    return await ctx.once(
        key,
        lambda tx: withdrawals.match(tx, ctx.caller, withdrawal_id, body.order_id, lines, decided_by, ctx.now),
        _answer,
    )


@router.post(
    "/{withdrawal_id}/close",
    summary="Close a withdrawal",
    response_model=WithdrawalDetail,
    responses={**ok("closed_withdrawal"), **responses(400, 404, 409, 415)},
)
async def close_withdrawal(
    withdrawal_id: WithdrawalId, body: CloseWithdrawalRequest, ctx: DecidesClaims, key: IdempotencyKey
) -> Response:
    """Close a withdrawal that no order fits. It stays on record. The buyer gets no message: answer the buyer yourself
    if the order is not yours."""
    decided_by = ctx.caller.signs(body.actor)
    return await ctx.once(
        key,
        lambda tx: withdrawals.close(tx, ctx.caller, withdrawal_id, body.reason, decided_by, ctx.now),
        _answer,
    )


def _answer(withdrawal: Withdrawal) -> Answer:
    return Answer(status=200, body=dump(withdrawal_detail(withdrawal)))
