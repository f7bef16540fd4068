"""The routes of rules: the draft, its check, and the published versions."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from app.api.context import IdempotencyKey, ReadsPolicies, WritesPolicies
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.endpoints import EmptyRequest
from app.api.schemas.rules import CheckRulesRequest, PutRulesRequest, RuleCheck, RuleSetList
from app.json_text import dump
from app.service import rules
from app.service.idempotency import Answer
from app.service.resources.rules import RulesBody, RuleSetBody, finding_bodies, rule_set_body, rules_body
from app.service.rules import RulesView

router = APIRouter(prefix="/v1/rules", tags=["rules"], responses=responses(401, 403, 413, 422, 429, 503))

Version = Annotated[int, Path(ge=1, lt=2**31, description="The version of the rules.")]


@router.get("", summary="Read the rules", response_model=RulesBody, responses=ok("rules"))
async def get_rules(ctx: ReadsPolicies) -> Response:
    """Return the draft with what keeps it from being published, and the version in force."""
    view = await ctx.read(lambda tx: rules.read(tx, ctx.caller, ctx.now))
    return Response(_text(view), media_type="application/json")


@router.put(
    "",
    summary="Store the draft of the rules",
    response_model=RulesBody,
    responses={**ok("rules"), **responses(400, 409, 415)},
)
async def put_rules(body: PutRulesRequest, ctx: WritesPolicies) -> Response:
    """Replace the draft. A draft decides nothing, and may have rules that the law forbids."""
    return await ctx.write(
        lambda tx: rules.put_draft(tx, ctx.caller, body.in_order(), ctx.now),
        lambda view: Answer(status=200, body=_text(view)),
    )


@router.post(
    "/check",
    summary="Check rules",
    response_model=RuleCheck,
    responses={**ok("checked_rules"), **responses(400, 415)},
)
async def check_rules(body: CheckRulesRequest, ctx: ReadsPolicies) -> Response:
    """Return every rule that the law of one of your policies forbids, with the article. Nothing is stored."""
    found = await ctx.read(lambda tx: rules.check(tx, ctx.caller, body.in_order(), ctx.now))
    return Response(dump({"findings": finding_bodies(found)}), media_type="application/json")


@router.post(
    "/publish",
    status_code=201,
    summary="Publish the rules",
    response_model=RuleSetBody,
    responses={**ok("rule_set", 201), **responses(400, 409, 415)},
)
async def publish_rules(
    ctx: WritesPolicies,
    key: IdempotencyKey,
    body: Annotated[EmptyRequest, Body(default_factory=EmptyRequest)],  # noqa: ARG001 # refuses unknown fields
) -> Response:
    """Publish the draft as the next version. New claims have the rules of the version in force, within some seconds.
    The rules pay back no more than you may: the limits of authority that hold for you hold for them."""
    return await ctx.once(
        key,
        lambda tx: rules.publish(tx, ctx.caller, ctx.now),
        lambda published: Answer(status=201, body=dump(rule_set_body(published))),
    )


@router.get(
    "/versions", summary="List the versions of the rules", response_model=RuleSetList, responses=ok("rule_sets")
)
async def list_rule_sets(ctx: ReadsPolicies) -> Response:
    """Return the published versions, the newest first."""
    stored = await ctx.read(lambda tx: rules.versions(tx, ctx.caller))
    return Response(dump({"data": [rule_set_body(each) for each in stored]}), media_type="application/json")


@router.get(
    "/versions/{version}",
    summary="Read a version of the rules",
    response_model=RuleSetBody,
    responses={**ok("rule_set"), **responses(404)},
)
async def get_rule_set(version: Version, ctx: ReadsPolicies) -> Response:
    """Return one version. The history of a claim names the version that decided."""
    stored = await ctx.read(lambda tx: rules.version(tx, ctx.caller, version))
    return Response(dump(rule_set_body(stored)), media_type="application/json")


def _text(view: RulesView) -> str:
    return dump(rules_body(view.draft, view.findings, view.published))
