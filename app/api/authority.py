"""The routes of authority: limits, and decisions that wait for a second person."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response

from app.api.context import DecidesClaims, IdempotencyKey, ReadsClaims, ReadsStaff, WritesStaff
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.authority import (
    ApprovalList,
    AuthorityLimitList,
    PutAuthorityLimitRequest,
    RefuseApprovalRequest,
)
from app.api.schemas.common import Name
from app.api.schemas.endpoints import EmptyRequest
from app.json_text import dump
from app.records.authority import Approval, ApprovalStatus, AuthorityLimit
from app.service import approvals, authority
from app.service.idempotency import Answer
from app.service.resources.authority import (
    ApprovalBody,
    AuthorityLimitBody,
    approval_body,
    authority_limit_body,
)

router = APIRouter(prefix="/v1", tags=["staff"], responses=responses(401, 403, 413, 422, 429, 503))

LimitId = Annotated[Name, Path(description="The id of the limit.")]
ApprovalId = Annotated[Name, Path(description="The id of the approval.")]


@router.get(
    "/authority-limits",
    summary="List the limits of authority",
    response_model=AuthorityLimitList,
    responses=ok("authority_limits"),
)
async def list_authority_limits(ctx: ReadsStaff) -> Response:
    """Return how much each role, person and key may pay back alone. Without a limit there is none."""
    limits = await ctx.read(lambda tx: authority.list_limits(tx, ctx.caller))
    return Response(dump({"data": [authority_limit_body(limit) for limit in limits]}), media_type="application/json")


@router.put(
    "/authority-limits",
    summary="Set a limit of authority",
    response_model=AuthorityLimitBody,
    responses={**ok("authority_limit"), **responses(400, 409, 415)},
)
async def put_authority_limit(body: PutAuthorityLimitRequest, ctx: WritesStaff) -> Response:
    """Limit what a role, a person or a key may pay back alone. A limit counts the refunds that a command of the seller
    leads to, and the money of the offers that it makes. Limits of a person or a key take the place of those of the
    role. Every limit that fits must hold. Nobody sets the limit that holds for themselves."""
    return await ctx.write(
        lambda tx: authority.put_limit(tx, ctx.caller, ctx.audit_actor, body.limit(), ctx.system_now), _limit
    )


@router.delete(
    "/authority-limits/{limit_id}",
    summary="Delete a limit of authority",
    response_model=AuthorityLimitBody,
    responses={**ok("authority_limit"), **responses(404, 409)},
)
async def delete_authority_limit(limit_id: LimitId, ctx: WritesStaff) -> Response:
    """The limit and its sums of the day are gone."""
    return await ctx.write(
        lambda tx: authority.delete_limit(tx, ctx.caller, ctx.audit_actor, limit_id, ctx.system_now), _limit
    )


@router.get("/approvals", summary="List approvals", response_model=ApprovalList, responses=ok("approvals"))
async def list_approvals(
    ctx: ReadsClaims,
    status: Annotated[ApprovalStatus | None, Query(description="Only approvals with this status.")] = None,
    claim_id: Annotated[Name | None, Query(description="Only approvals of this claim.")] = None,
) -> Response:
    """Return the commands above somebody's authority, the newest first."""
    latest = await ctx.read(lambda tx: approvals.latest(tx, ctx.caller, status=status, claim_id=claim_id))
    return Response(dump({"data": [approval_body(each) for each in latest]}), media_type="application/json")


@router.get(
    "/approvals/{approval_id}",
    summary="Read an approval",
    response_model=ApprovalBody,
    responses={**ok("approval"), **responses(404)},
)
async def get_approval(approval_id: ApprovalId, ctx: ReadsClaims) -> Response:
    """Return the command, who gave it, and what a second person decided."""
    approval = await ctx.read(lambda tx: approvals.read(tx, ctx.caller, approval_id))
    return Response(dump(approval_body(approval)), media_type="application/json")


@router.post(
    "/approvals/{approval_id}/grant",
    summary="Grant an approval",
    response_model=ApprovalBody,
    responses={**ok("granted_approval"), **responses(400, 404, 409, 415)},
)
async def confirm_approval(
    approval_id: ApprovalId,
    ctx: DecidesClaims,
    key: IdempotencyKey,
    body: Annotated[EmptyRequest, Body(default_factory=EmptyRequest)],  # noqa: ARG001 # refuses unknown fields
) -> Response:
    """Give the command as a second person, with enough authority of your own. The engine judges it as of now, and may
    refuse it: the approval then stays open. `by` in the history names both people, who asked first."""
    return await ctx.once(
        key,
        lambda tx: approvals.grant(tx, ctx.caller, ctx.audit_actor, approval_id, ctx.now, ctx.system_now),
        _approval,
    )


@router.post(
    "/approvals/{approval_id}/refuse",
    summary="Refuse an approval",
    response_model=ApprovalBody,
    responses={**ok("refused_approval"), **responses(400, 404, 409, 415)},
)
async def refuse_approval(
    approval_id: ApprovalId,
    body: Annotated[RefuseApprovalRequest, Body(default_factory=RefuseApprovalRequest)],
    ctx: DecidesClaims,
    key: IdempotencyKey,
) -> Response:
    """The command is not given, and the claim stays as it is. Whoever gave it cannot refuse it."""
    return await ctx.once(
        key,
        lambda tx: approvals.refuse(tx, ctx.caller, ctx.audit_actor, approval_id, body.note, ctx.system_now),
        _approval,
    )


def _limit(limit: AuthorityLimit) -> Answer:
    return Answer(status=200, body=dump(authority_limit_body(limit)))


def _approval(approval: Approval) -> Answer:
    return Answer(status=200, body=dump(approval_body(approval)))
