"""The routes of API keys: a key makes, rotates and revokes the keys of its side."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.api.context import IdempotencyKey, ReadsApiKeys, RequestContext, WritesApiKeys
from app.api.examples import ok
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.schemas.api_keys import (
    ApiKeyPage,
    ApiKeyWithSecret,
    CreateApiKeyRequest,
    RotateApiKeyRequest,
    UpdateApiKeyRequest,
)
from app.api.schemas.common import Instant, Name
from app.api.schemas.endpoints import EmptyRequest
from app.json_text import dump
from app.records.api_key import ApiKey
from app.service import api_keys
from app.service.idempotency import Answer
from app.service.resources.api_key import ApiKeyBody, api_key_body

router = APIRouter(prefix="/v1/api-keys", tags=["access"], responses=responses(401, 403, 413, 422, 429, 503))

KeyId = Annotated[Name, Path(description="The id of the key.")]
Nothing = Annotated[EmptyRequest, Body(default_factory=EmptyRequest)]
_BY_CREATION = TypeAdapter(tuple[Instant, Name])
"""The cursors: the instant and the id of a key."""


class ApiKeyListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


@router.post(
    "",
    status_code=201,
    summary="Create an API key",
    response_model=ApiKeyWithSecret,
    responses={**ok("api_key_with_secret", 201), **responses(400, 409, 415)},
)
async def create_api_key(body: CreateApiKeyRequest, ctx: WritesApiKeys) -> Response:
    """Only this answer shows the secret. The key is of the side of your own key, live or test, and has no scope that
    your own key lacks."""
    return await ctx.write(lambda tx: api_keys.create(tx, _maker(ctx), body.new_key()), _made)


@router.get("", summary="List API keys", response_model=ApiKeyPage, responses={**ok("api_keys"), **responses(400)})
async def list_api_keys(ctx: ReadsApiKeys, listing: Annotated[ApiKeyListing, Query()]) -> Response:
    """Return the keys of the side of your own key, the newest first, with those that are revoked or have expired."""
    return await page(
        ctx,
        listing,
        _BY_CREATION,
        lambda tx, limit, after: api_keys.page(tx, ctx.caller, limit=limit, after=after),
        place=lambda key: (key.created_at, key.key_id),
        body=api_key_body,
    )


@router.get(
    "/{key_id}",
    summary="Read an API key",
    response_model=ApiKeyBody,
    responses={**ok("api_key"), **responses(404)},
)
async def get_api_key(key_id: KeyId, ctx: ReadsApiKeys) -> Response:
    """Return one key, and when it was used last."""
    key = await ctx.read(lambda tx: api_keys.read(tx, ctx.caller, key_id))
    return Response(dump(api_key_body(key)), media_type="application/json")


@router.patch(
    "/{key_id}",
    summary="Change the rate limit of an API key",
    response_model=ApiKeyBody,
    responses={**ok("limited_api_key"), **responses(400, 404, 409, 415)},
)
async def update_api_key(key_id: KeyId, body: UpdateApiKeyRequest, ctx: WritesApiKeys) -> Response:
    """Give a key a rate limit, or `null` for that of the service. The limit is never above that of your own key, which
    must have every scope of the key."""
    answer = await ctx.write(
        lambda tx: api_keys.limit_rate(tx, _maker(ctx), key_id, body.limit()),
        lambda limited: Answer(status=200, body=dump(api_key_body(limited))),
    )
    return _known(ctx, answer)


@router.post(
    "/{key_id}/rotate",
    status_code=201,
    summary="Rotate an API key",
    response_model=ApiKeyWithSecret,
    responses={**ok("rotated_api_key", 201), **responses(400, 404, 409, 415)},
)
async def rotate_api_key(key_id: KeyId, body: RotateApiKeyRequest, ctx: WritesApiKeys) -> Response:
    """Make a key with the same name and scopes. Only this answer shows its secret. The old key works until the overlap
    has passed. Your own key must have every scope of the key."""
    answer = await ctx.write(lambda tx: api_keys.rotate(tx, _maker(ctx), key_id, body.rotation()), _made)
    return _known(ctx, answer)


@router.post(
    "/{key_id}/revoke",
    summary="Revoke an API key",
    response_model=ApiKeyBody,
    responses={**ok("revoked_api_key"), **responses(400, 404, 409, 415)},
)
async def revoke_api_key(key_id: KeyId, _: Nothing, ctx: WritesApiKeys, key: IdempotencyKey) -> Response:
    """The key is refused from now on, for good. Other processes of the service refuse it within some seconds. Your own
    key must have every scope of the key."""
    answer = await ctx.once(
        key,
        lambda tx: api_keys.revoke(tx, _maker(ctx), key_id),
        lambda revoked: Answer(status=200, body=dump(api_key_body(revoked))),
    )
    return _known(ctx, answer)


def _maker(ctx: RequestContext) -> api_keys.KeyMaker:
    limits = ctx.app_state.key_limits
    return api_keys.KeyMaker(
        caller=ctx.caller,
        by=ctx.audit_actor,
        now=ctx.system_now,
        own=limits.limit_of(ctx.caller),
        default=limits.default,
    )


def _made(made: tuple[ApiKey, str]) -> Answer:
    key, secret = made
    return Answer(
        status=201,
        body=dump({**api_key_body(key), "secret": secret}),
        headers={"Location": f"/v1/api-keys/{key.key_id}"},
    )


def _known(ctx: RequestContext, answer: Response) -> Response:
    """The change of a key is committed, and this process knows of it."""
    ctx.app_state.callers.forget()
    return answer
