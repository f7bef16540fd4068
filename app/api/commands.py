"""Commands to a claim: one route for each row of COMMANDS, and five routes that need more than a body.

The answer to a command is the whole claim.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Response

from app.api.context import (
    BUYER_REPORTS_WITHIN,
    DecidesClaims,
    IdempotencyKey,
    IfVersion,
    RequestContext,
    WritesClaims,
    require,
)
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.commands import (
    ApproveClaimRequest,
    CommandRequest,
    ConfirmClaimPaymentRequest,
    ExpireClaimRequest,
    HoldClaimRequest,
    ReclassifyClaimRequest,
    ReleaseClaimRequest,
    RetractClaimRequest,
)
from app.api.schemas.common import Name
from app.api.schemas.goods import (
    CompleteClaimRepairRequest,
    ConfirmClaimDeliveryRequest,
    ConvertClaimRequest,
    DispatchGoodsRequest,
    InspectGoodsRequest,
    ReceiveGoodsRequest,
    ReshipGoodsRequest,
)
from app.api.schemas.offers import AcceptOfferRequest, DeclineOfferRequest, MakeOfferRequest
from app.api.schemas.rejections import RejectClaimRequest
from app.api.serializers import claim_body, claim_headers
from app.engine.model.commands import AcceptOffer, Command, happened_at
from app.engine.model.vocabulary import Role
from app.json_text import dump
from app.records.api_key import Scope
from app.service import claims
from app.service.idempotency import Answer
from app.service.ids import new_id
from app.service.resources.claim import ClaimBody

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["commands"], responses=responses(401, 403, 413, 422, 429, 503))

ClaimId = Annotated[Name, Path(description="The claim's id.")]
OfferId = Annotated[Name, Path(description="The offer's id.")]


def _after(command: str) -> dict[int | str, dict[str, Any]]:
    return {**ok(command), **responses(400, 404, 409, 412, 415)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEndpoint:
    """`name` is the operationId, `allowed` the dependency with the scope, `by` the role of the actor."""

    path: str
    name: str
    summary: str
    description: str
    body: type[CommandRequest]
    allowed: Any = DecidesClaims
    by: Role = Role.SELLER


COMMANDS = (
    CommandEndpoint(
        path="/retract",
        name="retract_claim",
        summary="Retract a claim",
        description="The buyer takes the claim back. This is possible until the goods are received.",
        body=RetractClaimRequest,
        allowed=WritesClaims,
        by=Role.BUYER,
    ),
    CommandEndpoint(
        path="/hold",
        name="hold_claim",
        summary="Hold a claim",
        description="Stop the claim in its state. While on hold, the claim accepts only release, retract and payments.",
        body=HoldClaimRequest,
    ),
    CommandEndpoint(
        path="/release",
        name="release_claim",
        summary="Release a held claim",
        description="Continue a claim that is on hold.",
        body=ReleaseClaimRequest,
    ),
    CommandEndpoint(
        path="/reclassify",
        name="reclassify_claim",
        summary="Reclassify a claim",
        description="Change the reason, the fault or the replacements, with evidence. The amounts change with them. "
        "`knowable_at` says when the buyer could have known of the defect.",
        body=ReclassifyClaimRequest,
    ),
    CommandEndpoint(
        path="/dispatch",
        name="dispatch_goods",
        summary="Report that the goods were sent back",
        description="The goods are on their way back.",
        body=DispatchGoodsRequest,
        allowed=WritesClaims,
        by=Role.BUYER,
    ),
    CommandEndpoint(
        path="/receive",
        name="receive_goods",
        summary="Receive returned goods",
        description="Report goods that came back, counted by line and condition. Goods may come back in parts.",
        body=ReceiveGoodsRequest,
    ),
    CommandEndpoint(
        path="/inspect",
        name="inspect_goods",
        summary="Inspect returned goods",
        description="Accept the goods line by line, or send them back to the buyer with a ground.",
        body=InspectGoodsRequest,
    ),
    CommandEndpoint(
        path="/complete-repair",
        name="complete_claim_repair",
        summary="Report that the goods are repaired",
        description="The accepted goods are repaired. They wait to be sent to the buyer.",
        body=CompleteClaimRepairRequest,
    ),
    CommandEndpoint(
        path="/reship",
        name="reship_goods",
        summary="Send the replacement or the repaired goods",
        description="The goods were sent to the buyer. A replacement becomes a line of the order.",
        body=ReshipGoodsRequest,
    ),
    CommandEndpoint(
        path="/confirm-delivery",
        name="confirm_claim_delivery",
        summary="Confirm that the goods arrived",
        description="The replacement or the repaired goods are with the buyer. The exchange or the repair is complete.",
        body=ConfirmClaimDeliveryRequest,
        allowed=WritesClaims,
    ),
    CommandEndpoint(
        path="/confirm-payment",
        name="confirm_claim_payment",
        summary="Confirm that the buyer paid",
        description="The buyer has paid what they owed on the claim. The steps that waited for the payment continue.",
        body=ConfirmClaimPaymentRequest,
    ),
    CommandEndpoint(
        path="/expire",
        name="expire_claim",
        summary="Expire a claim",
        description="The time to send the goods back has passed. If nothing was sent, the claim expires by itself. "
        "If the goods were reported as sent and were not, you expire the claim. The buyer then owes for a replacement "
        "that was sent in advance.",
        body=ExpireClaimRequest,
    ),
    CommandEndpoint(
        path="/convert",
        name="convert_claim",
        summary="Convert a claim to another remedy",
        description="Refund the goods of an exchange or a repair, or exchange goods that cannot be repaired. A "
        "cancellation of goods that had left goes on as a return. `because` is stored with the order lines, and can "
        "open a further remedy.",
        body=ConvertClaimRequest,
    ),
)


def _add(endpoint: CommandEndpoint) -> None:
    async def carry_out(claim_id: ClaimId, body: Any, ctx: Any, if_version: IfVersion, key: IdempotencyKey) -> Response:
        command = body.command(ctx.actor(endpoint.by, body.actor))
        happened = happened_at(command)
        if happened is not None and happened < ctx.now - BUYER_REPORTS_WITHIN:
            require(ctx.caller, Scope.CLAIMS_DECIDE)
        return await _carry_out(ctx, key, claim_id, if_version, command)

    carry_out.__annotations__ |= {"body": _optional(endpoint.body), "ctx": endpoint.allowed}
    router.add_api_route(
        endpoint.path,
        carry_out,
        methods=["POST"],
        name=endpoint.name,
        summary=endpoint.summary,
        description=endpoint.description,
        response_model=ClaimBody,
        responses=_after(endpoint.name),
    )


def _optional(body: type[CommandRequest]) -> Any:
    """A request may omit a body without required fields."""
    required = any(field.is_required() for field in body.model_fields.values())
    return body if required else Annotated[body, Body(default_factory=body)]


for command_endpoint in COMMANDS:
    _add(command_endpoint)


@router.post("/approve", summary="Approve a claim", response_model=ClaimBody, responses=_after("approve_claim"))
async def approve_claim(
    claim_id: ClaimId,
    body: Annotated[ApproveClaimRequest, Body(default_factory=ApproveClaimRequest)],
    ctx: DecidesClaims,
    if_version: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """Approve the claim. A cancellation or a refund then owes money; any other claim waits for the goods."""
    if body.override is not None:
        require(ctx.caller, Scope.CLAIMS_OVERRIDE)
    return await _carry_out(ctx, key, claim_id, if_version, body.command(ctx.actor(Role.SELLER, body.actor)))


@router.post("/reject", summary="Reject a claim", response_model=ClaimBody, responses=_after("reject_claim"))
async def reject_claim(
    claim_id: ClaimId, body: RejectClaimRequest, ctx: DecidesClaims, if_version: IfVersion, key: IdempotencyKey
) -> Response:
    """Reject the claim, or some of its lines, on a ground that the facts or your evidence show. If other lines remain,
    they go on: the claim stays `requested`, and the rejected lines are in `rejected_lines`. Lines that the buyer is
    entitled to cannot be rejected. `offers` open with the rejection, and the buyer chooses one of them."""
    command = body.command(ctx.actor(Role.SELLER, body.actor), lambda: new_id(ctx.now))
    return await _carry_out(ctx, key, claim_id, if_version, command)


@router.post("/offers", summary="Make an offer", response_model=ClaimBody, responses=_after("make_offer"))
async def make_offer(
    claim_id: ClaimId, body: MakeOfferRequest, ctx: DecidesClaims, if_version: IfVersion, key: IdempotencyKey
) -> Response:
    """Offer the buyer an alternative. If the buyer declines the offer, the buyer keeps the same rights."""
    command = body.command(new_id(ctx.now), ctx.actor(Role.SELLER, body.actor))
    return await _carry_out(ctx, key, claim_id, if_version, command)


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
    if_version: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The buyer accepts the alternative. The claim continues with the alternative, or ends with it."""
    command = AcceptOffer(by=ctx.actor(Role.BUYER, body.actor), offer_id=offer_id)
    return await _carry_out(ctx, key, claim_id, if_version, command)


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
    if_version: IfVersion,
    key: IdempotencyKey,
) -> Response:
    """The buyer declines the alternative. The claim does not change."""
    command = body.command(offer_id, ctx.actor(Role.BUYER, body.actor))
    return await _carry_out(ctx, key, claim_id, if_version, command)


async def _carry_out(
    ctx: RequestContext, key: str, claim_id: str, if_version: int | None, command: Command
) -> Response:
    return await ctx.once(
        key,
        lambda tx: claims.act(tx, ctx.caller, claim_id, command, ctx.now, if_version=if_version),
        lambda view: Answer(status=200, body=dump(claim_body(view)), headers=claim_headers(view)),
    )
