"""Commands to a claim, one typed endpoint each; every answer is the whole claim."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Response

from app.api.context import DecidesClaims, IdempotencyKey, IfVersion, RequestContext, WritesClaims, require
from app.api.examples import ok
from app.api.problems import responses
from app.api.schemas.commands import (
    AcceptOfferRequest,
    ApproveClaimRequest,
    ConfirmClaimPaymentRequest,
    ConvertClaimRequest,
    DeclineOfferRequest,
    ExpireClaimRequest,
    HoldClaimRequest,
    MakeOfferRequest,
    ReclassifyClaimRequest,
    RejectClaimRequest,
    ReleaseClaimRequest,
    RetractClaimRequest,
)
from app.api.schemas.common import Name
from app.api.schemas.goods import (
    ConfirmClaimDeliveryRequest,
    DispatchGoodsRequest,
    InspectGoodsRequest,
    ReceiveGoodsRequest,
    ReshipGoodsRequest,
)
from app.api.serializers import claim_body, claim_headers
from app.engine.model.commands import AcceptOffer, Command
from app.engine.model.vocabulary import Role
from app.json_text import dump
from app.service import claims
from app.service.callers import Scope
from app.service.idempotency import Answer
from app.service.ids import new_id
from app.service.resources.claim import ClaimBody

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["commands"], responses=responses(401, 403, 413, 422, 503))

ClaimId = Annotated[Name, Path(description="The claim's id.")]
OfferId = Annotated[Name, Path(description="The offer's id.")]


def _after(command: str) -> dict[int | str, dict[str, Any]]:
    return {**ok(command), **responses(400, 404, 409, 412, 415)}


@router.post("/approve", summary="Approve a claim", response_model=ClaimBody, responses=_after("approve_claim"))
async def approve_claim(
    claim_id: ClaimId,
    body: Annotated[ApproveClaimRequest, Body(default_factory=ApproveClaimRequest)],
    ctx: DecidesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """Grant the claim: a cancellation or refund then owes its money, a return or exchange awaits the goods."""
    if body.override is not None:
        require(ctx.caller, Scope.CLAIMS_OVERRIDE)
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post("/reject", summary="Reject a claim", response_model=ClaimBody, responses=_after("reject_claim"))
async def reject_claim(
    claim_id: ClaimId, body: RejectClaimRequest, ctx: DecidesClaims, seen: IfVersion, key: IdempotencyKey
) -> Response:
    """Refuse the claim, on a ground that the facts support. What the buyer is entitled to cannot be refused."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post("/retract", summary="Retract a claim", response_model=ClaimBody, responses=_after("retract_claim"))
async def retract_claim(
    claim_id: ClaimId,
    body: Annotated[RetractClaimRequest, Body(default_factory=RetractClaimRequest)],
    ctx: WritesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The buyer lets go of the claim, until the goods are back."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.BUYER, body.actor)))


@router.post("/hold", summary="Hold a claim", response_model=ClaimBody, responses=_after("hold_claim"))
async def hold_claim(
    claim_id: ClaimId, body: HoldClaimRequest, ctx: DecidesClaims, seen: IfVersion, key: IdempotencyKey
) -> Response:
    """Stop the claim where it is; only release and retract are taken until then."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post("/release", summary="Release a held claim", response_model=ClaimBody, responses=_after("release_claim"))
async def release_claim(
    claim_id: ClaimId,
    body: Annotated[ReleaseClaimRequest, Body(default_factory=ReleaseClaimRequest)],
    ctx: DecidesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """Let a held claim go on."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post(
    "/reclassify", summary="Reclassify a claim", response_model=ClaimBody, responses=_after("reclassify_claim")
)
async def reclassify_claim(
    claim_id: ClaimId, body: ReclassifyClaimRequest, ctx: DecidesClaims, seen: IfVersion, key: IdempotencyKey
) -> Response:
    """Change the reason, the fault or the replacements, with evidence; costs and amounts follow."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post("/offers", summary="Make an offer", response_model=ClaimBody, responses=_after("make_offer"))
async def make_offer(
    claim_id: ClaimId, body: MakeOfferRequest, ctx: DecidesClaims, seen: IfVersion, key: IdempotencyKey
) -> Response:
    """Put an alternative to the buyer. Declined, it leaves the buyer's right as it was."""
    command = body.command(new_id(ctx.now), ctx.actor(Role.SELLER, body.actor))
    return await _give(ctx, key, claim_id, seen, command)


@router.post(
    "/offers/{offer_id}/accept",
    summary="Accept an offer",
    response_model=ClaimBody,
    responses=_after("accept_offer"),
)
async def accept_offer(
    claim_id: ClaimId,
    offer_id: OfferId,
    body: Annotated[AcceptOfferRequest, Body(default_factory=AcceptOfferRequest)],
    ctx: WritesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The buyer takes the alternative; the claim goes on, or ends, with it."""
    command = AcceptOffer(by=ctx.actor(Role.BUYER, body.actor), offer_id=offer_id)
    return await _give(ctx, key, claim_id, seen, command)


@router.post(
    "/offers/{offer_id}/decline",
    summary="Decline an offer",
    response_model=ClaimBody,
    responses=_after("decline_offer"),
)
async def decline_offer(
    claim_id: ClaimId,
    offer_id: OfferId,
    body: Annotated[DeclineOfferRequest, Body(default_factory=DeclineOfferRequest)],
    ctx: WritesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The buyer does not; the claim stands as it did."""
    command = body.command(offer_id, ctx.actor(Role.BUYER, body.actor))
    return await _give(ctx, key, claim_id, seen, command)


@router.post(
    "/dispatch",
    summary="Report that the goods were sent back",
    response_model=ClaimBody,
    responses=_after("dispatch_goods"),
)
async def dispatch_goods(
    claim_id: ClaimId,
    body: Annotated[DispatchGoodsRequest, Body(default_factory=DispatchGoodsRequest)],
    ctx: WritesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The goods are on their way back."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.BUYER, body.actor)))


@router.post("/receive", summary="Receive returned goods", response_model=ClaimBody, responses=_after("receive_goods"))
async def receive_goods(
    claim_id: ClaimId, body: ReceiveGoodsRequest, ctx: DecidesClaims, seen: IfVersion, key: IdempotencyKey
) -> Response:
    """Goods have come back, counted by line and condition; in parts if need be."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post("/inspect", summary="Inspect returned goods", response_model=ClaimBody, responses=_after("inspect_goods"))
async def inspect_goods(
    claim_id: ClaimId, body: InspectGoodsRequest, ctx: DecidesClaims, seen: IfVersion, key: IdempotencyKey
) -> Response:
    """Take the goods back, line by line, or send them back to the buyer with a ground."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post("/reship", summary="Send the replacement", response_model=ClaimBody, responses=_after("reship_goods"))
async def reship_goods(
    claim_id: ClaimId, body: ReshipGoodsRequest, ctx: DecidesClaims, seen: IfVersion, key: IdempotencyKey
) -> Response:
    """The replacement has left; it becomes a line of the order."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post(
    "/confirm-delivery",
    summary="Confirm that the replacement arrived",
    response_model=ClaimBody,
    responses=_after("confirm_claim_delivery"),
)
async def confirm_claim_delivery(
    claim_id: ClaimId,
    body: Annotated[ConfirmClaimDeliveryRequest, Body(default_factory=ConfirmClaimDeliveryRequest)],
    ctx: WritesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The replacement has arrived: the exchange is done."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post(
    "/confirm-payment",
    summary="Confirm that the buyer paid",
    response_model=ClaimBody,
    responses=_after("confirm_claim_payment"),
)
async def confirm_claim_payment(
    claim_id: ClaimId, body: ConfirmClaimPaymentRequest, ctx: WritesClaims, seen: IfVersion, key: IdempotencyKey
) -> Response:
    """The buyer has paid what they owed on the claim; what waited for it goes on."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post("/expire", summary="Expire a claim", response_model=ClaimBody, responses=_after("expire_claim"))
async def expire_claim(
    claim_id: ClaimId,
    body: Annotated[ExpireClaimRequest, Body(default_factory=ExpireClaimRequest)],
    ctx: DecidesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The time to send them back has passed. Where nothing was sent the claim ends by itself; where the goods were
    reported as sent and were not, you end it. A replacement that went in advance is then owed for."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post(
    "/convert", summary="Convert an exchange to a return", response_model=ClaimBody, responses=_after("convert_claim")
)
async def convert_claim(
    claim_id: ClaimId,
    body: Annotated[ConvertClaimRequest, Body(default_factory=ConvertClaimRequest)],
    ctx: DecidesClaims,
    seen: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """Pay back what was to be exchanged, because its replacement cannot be sent."""
    return await _give(ctx, key, claim_id, seen, body.command(ctx.actor(Role.SELLER, body.actor)))


async def _give(ctx: RequestContext, key: str, claim_id: str, seen: int | None, command: Command) -> Response:
    async def work(tx: Any) -> Answer:
        view = await claims.act(tx, ctx.caller, claim_id, command, ctx.now, if_version=seen)
        return Answer(status=200, body=dump(claim_body(view)), headers=claim_headers(view))

    return await ctx.once(key, work)
