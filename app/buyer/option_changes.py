"""The routes on which a buyer asks for another option before the goods are shipped."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from app.api.context import IdempotencyKey
from app.api.examples import ok
from app.api.option_changes import ChangeId, option_change_body
from app.api.problem_examples import responses, responses_to_buyers
from app.api.schemas.option_changes import OptionChangeBody, OptionChangeList
from app.buyer.answers import listed
from app.buyer.context import ActsAsBuyer
from app.buyer.schemas.option_changes import OptionChangeForBuyerRequest, RetractOptionChangeForBuyerRequest
from app.json_text import dump
from app.service import option_changes
from app.service.idempotency import Answer

router = APIRouter(
    prefix="/buyer/v1/option-changes",
    tags=["buyer"],
    responses={**responses_to_buyers(401, 403, 429), **responses(413, 422, 503)},
)


@router.post(
    "",
    status_code=201,
    summary="Request another option",
    response_model=OptionChangeBody,
    responses={**ok("option_change", 201), **responses(400, 409, 415)},
)
async def request_option_change_for_buyer(
    body: OptionChangeForBuyerRequest, ctx: ActsAsBuyer, key: IdempotencyKey
) -> Response:
    """Ask for another option, such as another size, for units that were not shipped. The seller accepts or refuses it,
    and tells you first if it costs more."""
    return await ctx.once(
        key,
        lambda tx: option_changes.request(tx, ctx.caller, ctx.order_id, body.wanted(), ctx.now),
        lambda change: Answer(status=201, body=dump(option_change_body(change))),
    )


@router.get("", summary="List your option changes", response_model=OptionChangeList, responses=ok("option_changes"))
async def list_option_changes_for_buyer(ctx: ActsAsBuyer) -> Response:
    """The newest change comes first. At most 100 changes."""
    changes = await ctx.read(lambda tx: option_changes.of_order(tx, ctx.caller, ctx.order_id))
    return listed(option_change_body(change) for change in changes)


@router.post(
    "/{change_id}/retract",
    summary="Retract an option change of yours",
    response_model=OptionChangeBody,
    responses={**ok("option_change"), **responses(400, 404, 409, 415)},
)
async def retract_option_change_for_buyer(
    change_id: ChangeId,
    body: Annotated[RetractOptionChangeForBuyerRequest, Body(default_factory=RetractOptionChangeForBuyerRequest)],  # noqa: ARG001 - refuses unknown fields
    ctx: ActsAsBuyer,
    key: IdempotencyKey,
) -> Response:
    """Take the request back. The units keep their option."""
    return await ctx.once(
        key,
        lambda tx: option_changes.retract(tx, ctx.caller, ctx.order_id, change_id, ctx.now),
        lambda change: Answer(status=200, body=dump(option_change_body(change))),
    )
