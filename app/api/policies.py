"""The routes of policies: the presets, and the policies that sellers check and publish."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import HTMLResponse

from app.api.context import IdempotencyKey, ReadsPolicies, RequestContext, WritesPolicies
from app.api.examples import Example, ok
from app.api.problem_examples import responses
from app.api.schemas.policies import CheckPolicyRequest, Language, PolicyId, PublishPolicyRequest, policy_schema
from app.api.schemas.policy_answers import (
    PolicyBody,
    PolicyCheck,
    PolicyComparison,
    PolicyList,
    PresetList,
)
from app.engine.policy.departures import Departure
from app.json_text import dump, load
from app.messages.policy_page import PolicyPage, as_html, policy_page
from app.presets.documents import preset_names
from app.presets.loader import policy_by_key, preset
from app.records.policy import StoredPolicy
from app.service import policies
from app.service.idempotency import Answer
from app.service.policies import Checked
from app.service.transactions import Tx
from app.turns import OneByOne

router = APIRouter(prefix="/v1", tags=["policies"], responses=responses(401, 403, 413, 422, 429, 503))

PolicyIdInPath = Annotated[PolicyId, Path(description="The policy's id.")]
LanguageInQuery = Annotated[Language | None, Query(description="The default is the language of the policy.")]
Version = Annotated[int, Path(ge=1, lt=2**31, description="The policy's version.")]


def _check_body(checked: Checked) -> dict[str, Any]:
    return {
        "violations": checked.violations,
        "departures": checked.departures,
        "policy": _published(dump(checked.policy)),
    }


def policy_body(stored: StoredPolicy, departures: Sequence[Departure]) -> dict[str, Any]:
    return {
        **_summary(stored),
        "departures": departures,
        "terms": _published(stored.terms),
        "policy": _published(stored.document),
    }


def _published(document: str) -> dict[str, Any]:
    """A policy or terms in the names of the API, where the fee of a return is `return`."""
    published: dict[str, Any] = load(document)
    if published["fees"]:
        names = {"return_shipping": "return"}
        published["fees"] = {names.get(name, name): amount for name, amount in published["fees"].items()}
    return published


def _summary(stored: StoredPolicy) -> dict[str, Any]:
    same = ("key", "policy_id", "version", "base", "created_at")
    return {
        **{name: getattr(stored, name) for name in same},
        "effective_at": stored.effective_from,
        "violations": load(stored.violations),
    }


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in sorted(before.keys() | after.keys()):
        if name != "version" and before.get(name) != after.get(name):
            yield {"field": name, "before": before.get(name), "after": after.get(name)}


async def compared(ctx: RequestContext, body: CheckPolicyRequest) -> Checked:
    """The terms, compared with their base. The comparison takes a tenth of a second, so that a merchant compares one
    policy at a time."""
    return await _COMPARISONS.run(ctx.caller.merchant_id, policies.check, body.base, body.terms.terms(), ctx.now)


_COMPARISONS = OneByOne()
_PUBLISHED = ok("policy")


@router.get(
    "/presets",
    summary="List presets",
    response_model=PresetList,
    responses=ok("presets"),
)
async def list_presets(_: ReadsPolicies) -> Response:
    """Return the laws and the marketplaces that a policy can extend, with the article behind each rule."""
    presets = [_published(dump(preset(name))) for name in preset_names()]
    return Response(dump({"data": presets}), media_type="application/json")


@router.get(
    "/policies/schema",
    summary="Read the JSON Schema of terms",
    response_model=dict[str, Any],
    responses=ok("terms_schema"),
)
async def get_terms_schema(_: ReadsPolicies) -> Response:
    """Return the JSON Schema for the body of `POST /v1/policies/check` and for files of `recourse policy check`."""
    return Response(dump(policy_schema()), media_type="application/schema+json")


@router.post(
    "/policies/check",
    summary="Check terms",
    response_model=PolicyCheck,
    responses={
        **ok("checked_terms"),
        **responses(400, 415),
    },
)
async def check_policy(body: CheckPolicyRequest, ctx: ReadsPolicies) -> Response:
    """Return the policy that would bind with your terms, every term that the law forbids, and every term that gives
    the buyer less than default law, each with the article."""
    checked = await compared(ctx, body)
    return Response(dump(_check_body(checked)), media_type="application/json")


@router.post(
    "/policies",
    status_code=201,
    summary="Publish a policy",
    response_model=PolicyBody,
    responses={201: _PUBLISHED[200], **responses(400, 409, 415)},
)
async def publish_policy(body: PublishPolicyRequest, ctx: WritesPolicies, key: IdempotencyKey) -> Response:
    """Publish the next version. A published version never changes. Terms that the law forbids are reported
    and do not bind. Terms that depart from default law are reported and bind."""

    checked = await compared(ctx, body)

    async def publish(tx: Tx) -> StoredPolicy:
        published = await policies.publish(
            tx, ctx.caller, body.policy_id, checked, ctx.now, effective_at=body.effective_at
        )
        if body.is_default:
            await policies.make_default(tx, ctx.caller, body.policy_id)
        return published

    def answer(published: StoredPolicy) -> Answer:
        location = f"/v1/policies/{published.policy_id}/{published.version}"
        body = policy_body(published, checked.departures)
        return Answer(status=201, body=dump(body), headers={"Location": location})

    return await ctx.once(key, publish, answer)


@router.get(
    "/policies",
    summary="List policies",
    response_model=PolicyList,
    responses=ok("policies"),
)
async def list_policies(ctx: ReadsPolicies) -> Response:
    """Return every version of your policies, newest first."""
    versions = await ctx.read(lambda tx: policies.list_versions(tx, ctx.caller))
    return Response(dump({"data": [_summary(stored) for stored in versions]}), media_type="application/json")


@router.get(
    "/policies/{policy_id}/{version}",
    summary="Read a policy",
    response_model=PolicyBody,
    responses={**_PUBLISHED, **responses(404)},
)
async def get_policy(policy_id: PolicyIdInPath, version: Version, ctx: ReadsPolicies) -> Response:
    """Return one version: its terms and the rules that bind."""
    stored = await ctx.read(lambda tx: policies.read(tx, ctx.caller, policy_id, version))
    departures = await _COMPARISONS.run(ctx.caller.merchant_id, policies.departures_of, stored)
    return Response(dump(policy_body(stored, departures)), media_type="application/json")


@router.get(
    "/policies/{policy_id}/{version}/page",
    summary="Read the policy page",
    response_model=PolicyPage,
    responses={**ok("policy_page"), **responses(404)},
)
async def get_policy_page(
    policy_id: PolicyIdInPath,
    version: Version,
    ctx: ReadsPolicies,
    language: LanguageInQuery = None,
) -> Response:
    """Return the policy in sentences for buyers: which goods can be cancelled, until when, who pays, and when the
    refund comes. A preset has its name as the id, and version 1."""
    return Response(dump(await _page(ctx, policy_id, version, language)), media_type="application/json")


@router.get(
    "/policies/{policy_id}/{version}/page.html",
    summary="Read the policy page as HTML",
    response_class=HTMLResponse,
    responses={
        200: {"content": {"text/html": {"example": Example("policy_page.html")}}},
        **responses(404),
    },
)
async def get_policy_page_html(
    policy_id: PolicyIdInPath, version: Version, ctx: ReadsPolicies, language: LanguageInQuery = None
) -> HTMLResponse:
    """Return the policy page as a plain document with one style, without scripts or anything to load."""
    return HTMLResponse(as_html(await _page(ctx, policy_id, version, language)))


async def _page(ctx: RequestContext, policy_id: str, version: int, language: Language | None) -> PolicyPage:
    key = f"{policy_id}@{version}"
    policy = await ctx.read(lambda tx: policies.get(tx, ctx.caller, key))
    return policy_page(policy, language or policy.language)


@router.get(
    "/policies/{policy_id}/{version}/diff",
    summary="Compare two versions of a policy",
    response_model=PolicyComparison,
    responses={**ok("policy_comparison"), **responses(404)},
)
async def compare_policies(
    policy_id: PolicyIdInPath,
    version: Version,
    ctx: ReadsPolicies,
    against: Annotated[int | None, Query(ge=1, lt=2**31, description="The default is the version before.")] = None,
) -> Response:
    """Return the rules that differ between two versions. The first version is compared with its base."""
    after = await ctx.read(lambda tx: policies.read(tx, ctx.caller, policy_id, version))
    number = against or version - 1
    if number:
        earlier = await ctx.read(lambda tx: policies.read(tx, ctx.caller, policy_id, number))
        before, document = earlier.key, _published(earlier.document)
    else:
        before, document = after.base, _published(dump(policy_by_key(after.base)))
    comparison = {
        "before": before,
        "after": after.key,
        "differences": list(_differences(document, _published(after.document))),
    }
    return Response(dump(comparison), media_type="application/json")
