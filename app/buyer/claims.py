"""The routes on which a buyer asks for a claim, reads the claims of the order, and answers the seller."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Response

from app.api.context import IdempotencyKey, IfVersion
from app.api.examples import ok
from app.api.problem_examples import responses, responses_to_buyers
from app.api.schemas.claims import QuoteBody
from app.api.schemas.common import Name
from app.api.serializers import quote_body
from app.buyer.answers import claim_answer, claim_for_buyer, json, listed
from app.buyer.context import ActsAsBuyer, BuyerContext
from app.buyer.schemas.claims import (
    AcceptOfferForBuyerRequest,
    DeclineOfferForBuyerRequest,
    DispatchGoodsForBuyerRequest,
    OpenClaimForBuyerRequest,
    RetractClaimForBuyerRequest,
)
from app.buyer.schemas.edits import EditClaimForBuyerRequest
from app.buyer.shapes import body_for_buyer, for_buyer, list_for_buyer
from app.engine.model.commands import AcceptOffer, Command
from app.records.claim import ClaimFilter
from app.records.sorting import PageQuery, Sort
from app.service import claims
from app.service.ids import new_id
from app.service.resources.claim import ClaimBody

router = APIRouter(
    prefix="/buyer/v1/claims",
    tags=["buyer"],
    responses={**responses_to_buyers(401, 403, 429), **responses(413, 422, 503)},
)

MOST_CLAIMS = 100
CLAIM = for_buyer(ClaimBody)
CLAIMS = list_for_buyer("ClaimForBuyerList", ClaimBody, "The newest 100 claims of the order, the newest first.")

ClaimId = Annotated[Name, Path(description="The claim's id.")]
OfferId = Annotated[Name, Path(description="The offer's id.")]


def _after(command: str) -> dict[int | str, dict[str, Any]]:
    return {**ok(f"{command}_for_buyer"), **responses(400, 404, 409, 412, 415)}


@router.post(
    "/quote",
    summary="Quote a claim of yours",
    response_model=for_buyer(QuoteBody),
    responses={**ok("quote_for_buyer"), **responses(400, 409, 415)},
)
async def quote_claim_for_buyer(body: OpenClaimForBuyerRequest, ctx: ActsAsBuyer) -> Response:
    """Return the assessment and the amounts that a claim would have. The same code runs. Nothing is stored."""
    command = body.command(new_id(ctx.now), ctx.buyer, ctx.now)
    quote = await ctx.read(lambda tx: claims.quote(tx, ctx.caller, ctx.order_id, command, ctx.now))
    return json(body_for_buyer(QuoteBody, quote_body(quote)))


@router.post(
    "",
    status_code=201,
    summary="Open a claim of yours",
    response_model=CLAIM,
    responses={**ok("claim_for_buyer", 201), **responses(400, 409, 415)},
)
async def open_claim_for_buyer(body: OpenClaimForBuyerRequest, ctx: ActsAsBuyer, key: IdempotencyKey) -> Response:
    """Request a cancellation, a return, an exchange, a repair or a refund. The seller decides an ineligible claim too.
    A request for units that another claim holds is refused."""
    command = body.command(new_id(ctx.now), ctx.buyer, ctx.now)
    return await ctx.once(
        key,
        lambda tx: claims.request(tx, ctx.caller, ctx.order_id, command, ctx.now),
        lambda view: claim_answer(view, status=201, headers={"Location": f"/buyer/v1/claims/{view.claim.claim_id}"}),
    )


@router.get("", summary="List your claims", response_model=CLAIMS, responses=ok("claims_for_buyer"))
async def list_claims_for_buyer(ctx: ActsAsBuyer) -> Response:
    """Return the claims of the order, each with the commands that you may give."""
    query = PageQuery(sort=Sort.LAST_CREATED, limit=MOST_CLAIMS)
    where = ClaimFilter(order_id=ctx.order_id)
    page = await ctx.read(lambda tx: claims.page(tx, ctx.caller, query, where, ctx.now))
    return listed(claim_for_buyer(view) for view in page.rows)


@router.get(
    "/{claim_id}",
    summary="Read a claim of yours",
    response_model=CLAIM,
    responses={**ok("claim_for_buyer"), **responses(404)},
)
async def get_claim_for_buyer(claim_id: ClaimId, ctx: ActsAsBuyer) -> Response:
    """Return the claim with its assessment, its amounts, its deadlines and the commands that you may give."""
    view = await ctx.read(lambda tx: claims.read(tx, ctx.caller, claim_id, ctx.now))
    answer = claim_answer(view)
    return Response(answer.body, headers=answer.headers, media_type="application/json")


@router.post("/{claim_id}/edit", summary="Edit a claim of yours", response_model=CLAIM, responses=_after("edit_claim"))
async def edit_claim_for_buyer(
    claim_id: ClaimId, body: EditClaimForBuyerRequest, ctx: ActsAsBuyer, if_version: IfVersion, key: IdempotencyKey
) -> Response:
    """Change what you ask for. This is possible until the decision. The claim is judged anew. What you asked for in
    time stays in time."""
    return await _carry_out(ctx, key, claim_id, if_version, body.command(ctx.buyer))


@router.post(
    "/{claim_id}/edit/quote",
    summary="Quote an edit of a claim of yours",
    response_model=for_buyer(QuoteBody),
    responses={**ok("quote_for_buyer"), **responses(400, 404, 409, 415)},
)
async def quote_edit_for_buyer(claim_id: ClaimId, body: EditClaimForBuyerRequest, ctx: ActsAsBuyer) -> Response:
    """Return the assessment and the amounts that the claim would have after the edit. Nothing is stored."""
    command = body.command(ctx.buyer)
    quote = await ctx.read(lambda tx: claims.quote_edit(tx, ctx.caller, claim_id, command, ctx.now))
    return json(body_for_buyer(QuoteBody, quote_body(quote)))


@router.post(
    "/{claim_id}/retract", summary="Retract a claim of yours", response_model=CLAIM, responses=_after("retract_claim")
)
async def retract_claim_for_buyer(
    claim_id: ClaimId,
    ctx: ActsAsBuyer,
    body: Annotated[RetractClaimForBuyerRequest, Body(default_factory=RetractClaimForBuyerRequest)],
    if_version: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """Take the claim back. This is possible until the goods are received."""
    return await _carry_out(ctx, key, claim_id, if_version, body.command(ctx.buyer))


@router.post(
    "/{claim_id}/dispatch",
    summary="Report that you sent the goods back",
    response_model=CLAIM,
    responses=_after("dispatch_goods"),
)
async def dispatch_goods_for_buyer(
    claim_id: ClaimId,
    ctx: ActsAsBuyer,
    body: Annotated[DispatchGoodsForBuyerRequest, Body(default_factory=DispatchGoodsForBuyerRequest)],
    if_version: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The goods are on their way back. A tracking number shows that you sent the goods."""
    return await _carry_out(ctx, key, claim_id, if_version, body.command(ctx.buyer))


@router.post(
    "/{claim_id}/offers/{offer_id}/accept",
    summary="Accept an offer of the seller",
    response_model=CLAIM,
    responses=_after("accept_offer"),
)
async def accept_offer_for_buyer(
    claim_id: ClaimId,
    offer_id: OfferId,
    ctx: ActsAsBuyer,
    _: Annotated[AcceptOfferForBuyerRequest, Body(default_factory=AcceptOfferForBuyerRequest)],
    if_version: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The claim continues with the alternative, or ends with it. After a rejection with offers, you choose one."""
    return await _carry_out(ctx, key, claim_id, if_version, AcceptOffer(by=ctx.buyer, offer_id=offer_id))


@router.post(
    "/{claim_id}/offers/{offer_id}/decline",
    summary="Decline an offer of the seller",
    response_model=CLAIM,
    responses=_after("decline_offer"),
)
async def decline_offer_for_buyer(
    claim_id: ClaimId,
    offer_id: OfferId,
    ctx: ActsAsBuyer,
    body: Annotated[DeclineOfferForBuyerRequest, Body(default_factory=DeclineOfferForBuyerRequest)],
    if_version: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The claim does not change, and you keep the same rights."""
    return await _carry_out(ctx, key, claim_id, if_version, body.command(offer_id, ctx.buyer))


async def _carry_out(
    ctx: BuyerContext, key: str, claim_id: str, if_version: int | None, command: Command
) -> Response:  # fmt: skip
    return await ctx.once(
        key,
        lambda tx: claims.act(tx, ctx.caller, claim_id, command, ctx.now, if_version=if_version),
        claim_answer,
    )
