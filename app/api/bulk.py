"""The route that gives one command to many claims: each claim is a transaction with a result of its own."""

from typing import Any

import orjson
from fastapi import APIRouter, Response

from app.api.bulk_parts import Result, body_of_one, counted, key_of, take_key
from app.api.context import DecidesClaims, IdempotencyKey, RequestContext, require
from app.api.examples import ok
from app.api.language import language, language_headers
from app.api.problem_examples import responses
from app.api.problems import problem_of
from app.api.schemas.bulk import BODIES, BulkOutcome, BulkResultsBody, DecideClaimsRequest
from app.api.schemas.commands import ApproveClaimRequest
from app.api.schemas.rejections import RejectClaimRequest
from app.engine.model.commands import Command
from app.engine.model.vocabulary import Role
from app.json_text import dump
from app.records.api_key import Scope
from app.service import claims, previews
from app.service.claims import ClaimView
from app.service.errors import NotFoundError, ServiceError
from app.service.idempotency import Answer
from app.service.ids import new_id

router = APIRouter(prefix="/v1/claims", tags=["commands"], responses=responses(401, 403, 413, 422, 429, 503))


@router.post(
    "/bulk",
    summary="Decide many claims",
    response_model=BulkResultsBody,
    responses={**ok("bulk_results"), **responses(400, 409, 415)},
)
async def decide_claims(body: DecideClaimsRequest, ctx: DecidesClaims, key: IdempotencyKey) -> Response:
    """Give one command to up to 200 claims. Each claim is decided alone: a claim that refuses the command does not stop
    the others. A repeated request with the same Idempotency-Key continues: what was accepted is answered again and not
    done again, and what was refused is tried again. With `dry_run` nothing is changed."""
    answer = await decide_each(ctx, body, key)
    return Response(dump(answer), headers=language_headers(language.get()), media_type="application/json")


async def decide_each(ctx: RequestContext, body: DecideClaimsRequest, key: str) -> dict[str, Any]:
    """The result of each claim, and how many of each outcome there are."""
    command = _command(body, ctx)
    if not body.dry_run:
        await take_key(ctx, key)
    results = [await _result(ctx, key, claim_id, body, command) for claim_id in body.claim_ids]
    return counted(results, dry_run=body.dry_run)


def _command(body: DecideClaimsRequest, ctx: RequestContext) -> Command:
    """Raises RequestValidationError for a body that the command does not take."""
    of_one = body_of_one(BODIES[body.command], body.body)
    by = ctx.actor(Role.SELLER, of_one.actor)
    if isinstance(of_one, ApproveClaimRequest) and of_one.override is not None:
        require(ctx.caller, Scope.CLAIMS_OVERRIDE)
    if isinstance(of_one, RejectClaimRequest):
        return of_one.command(by, lambda: new_id(ctx.now))
    command: Command = of_one.command(by)  # type: ignore[attr-defined] # each of the others makes its command of `by`
    return command


async def _result(ctx: RequestContext, key: str, claim_id: str, body: DecideClaimsRequest, command: Command) -> Result:
    try:
        if body.dry_run:
            preview = await ctx.read(lambda tx: previews.preview(tx, ctx.caller, claim_id, command, ctx.now))
            return _refused(claim_id, preview.above) if preview.above else _accepted(claim_id, preview.after)
        kept = await ctx.once(
            key_of(key, claim_id),
            lambda tx: claims.act(tx, ctx.caller, claim_id, command, ctx.now),
            lambda view: Answer(status=200, body=dump(_accepted(claim_id, view))),
        )
    except ServiceError as error:
        return _refused(claim_id, error)
    accepted: Result = orjson.loads(kept.body)
    return accepted


def _accepted(claim_id: str, view: ClaimView) -> Result:
    claim = view.claim
    return {
        "claim_id": claim_id,
        "outcome": BulkOutcome.ACCEPTED,
        "state": claim.state,
        "turn": claim.turn and claim.turn.party,
        "refund": view.amounts.total if claim.amounts or not claim.is_final else 0,
        "code": None,
        "detail": None,
        "refusals": [],
    }


def _refused(claim_id: str, error: ServiceError) -> Result:
    problem = problem_of(error)
    return {
        "claim_id": claim_id,
        "outcome": BulkOutcome.NOT_FOUND if isinstance(error, NotFoundError) else BulkOutcome.REFUSED,
        **dict.fromkeys(("state", "turn", "refund")),
        "code": problem["code"],
        "detail": problem["detail"],
        "refusals": problem.get("refusals") or [],
    }
