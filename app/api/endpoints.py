"""The routes that create, change, test and delete webhook endpoints, and that send missed events again."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Response

from app.api.context import IdempotencyKey, IfVersion, ReadsWebhooks, WritesWebhooks, respond
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.endpoints import (
    CreateWebhookEndpointRequest,
    EmptyRequest,
    RecoverWebhookEndpointRequest,
    RecoveryResult,
    ReplayEventsRequest,
    ReplayResult,
    TestEvent,
    UpdateWebhookEndpointRequest,
    WebhookEndpoint,
    WebhookEndpointList,
    WebhookEndpointWithSecret,
)
from app.api.serializers import endpoint_body
from app.json_text import dump
from app.records.endpoint import Endpoint
from app.service import deliveries, endpoints
from app.service.idempotency import Answer

router = APIRouter(prefix="/v1/webhook-endpoints", tags=["webhooks"], responses=responses(401, 403, 413, 422, 429, 503))

EndpointId = Annotated[Name, Path(description="The endpoint's id.")]
Nothing = Annotated[EmptyRequest, Body(default_factory=EmptyRequest)]
_ENDPOINT = ok("endpoint")


def _answer(endpoint: Endpoint, *, status: int = 200, **more: Any) -> Answer:
    headers = {"ETag": f'"{endpoint.version}"'}
    if status == 201:
        headers["Location"] = f"/v1/webhook-endpoints/{endpoint.endpoint_id}"
    body = dump({**endpoint_body(endpoint), **more})
    return Answer(status=status, body=body, headers=headers, is_secret="secret" in more)


@router.post(
    "",
    status_code=201,
    summary="Create a webhook endpoint",
    response_model=WebhookEndpointWithSecret,
    responses={**ok("endpoint_with_secret", 201), **responses(400, 409, 415)},
)
async def create_webhook_endpoint(
    body: CreateWebhookEndpointRequest, ctx: WritesWebhooks, key: IdempotencyKey
) -> Response:
    """From now on the endpoint receives every event of its types. Only this answer shows the secret."""
    return await ctx.once(
        key,
        lambda tx: endpoints.create(tx, ctx.caller, body.endpoint(), ctx.system_now, reach=ctx.app_state.webhook_reach),
        lambda created: _answer(created[0], status=201, secret=created[1]),
    )


@router.get("", summary="List webhook endpoints", response_model=WebhookEndpointList, responses=ok("endpoints"))
async def list_webhook_endpoints(ctx: ReadsWebhooks) -> Response:
    """Return all endpoints, in the order of their creation."""
    stored = await ctx.read(lambda tx: endpoints.listed(tx, ctx.caller))
    return Response(dump({"data": [endpoint_body(endpoint) for endpoint in stored]}), media_type="application/json")


@router.get(
    "/{endpoint_id}",
    summary="Read a webhook endpoint",
    response_model=WebhookEndpoint,
    responses={**_ENDPOINT, **responses(404)},
)
async def get_webhook_endpoint(endpoint_id: EndpointId, ctx: ReadsWebhooks) -> Response:
    """Return one endpoint, and how its deliveries go."""
    endpoint = await ctx.read(lambda tx: endpoints.read(tx, ctx.caller, endpoint_id))
    return respond(_answer(endpoint))


@router.patch(
    "/{endpoint_id}",
    summary="Update a webhook endpoint",
    response_model=WebhookEndpoint,
    responses={**_ENDPOINT, **responses(400, 404, 409, 412, 415)},
)
async def update_webhook_endpoint(
    endpoint_id: EndpointId, body: UpdateWebhookEndpointRequest, ctx: WritesWebhooks, version: IfVersion
) -> Response:
    """A field that you omit does not change. `"disabled": false` enables an endpoint that was disabled."""

    return await ctx.write(
        lambda tx: endpoints.change(
            tx,
            ctx.caller,
            endpoint_id,
            body.changes(),
            ctx.system_now,
            version=version,
            reach=ctx.app_state.webhook_reach,
        ),
        _answer,
    )


@router.delete(
    "/{endpoint_id}",
    summary="Delete a webhook endpoint",
    response_model=WebhookEndpoint,
    responses={**_ENDPOINT, **responses(400, 404, 409, 412)},
)
async def delete_webhook_endpoint(endpoint_id: EndpointId, ctx: WritesWebhooks, version: IfVersion) -> Response:
    """Stop all deliveries to the endpoint and delete its secrets. The answer is the endpoint before the deletion."""

    return await ctx.write(
        lambda tx: endpoints.remove(tx, ctx.caller, endpoint_id, ctx.system_now, version=version), _answer
    )


@router.post(
    "/{endpoint_id}/rotate-secret",
    summary="Rotate the secret of a webhook endpoint",
    response_model=WebhookEndpointWithSecret,
    responses={**ok("endpoint_with_secret"), **responses(400, 404, 409, 415)},
)
async def rotate_webhook_secret(
    endpoint_id: EndpointId, _: Nothing, ctx: WritesWebhooks, key: IdempotencyKey
) -> Response:
    """Only this answer shows the new secret. For 24 hours both secrets sign, so you can change your receiver."""

    return await ctx.once(
        key,
        lambda tx: endpoints.rotate_secret(tx, ctx.caller, endpoint_id, ctx.system_now),
        lambda rotated: _answer(rotated[0], secret=rotated[1]),
    )


@router.post(
    "/{endpoint_id}/test",
    summary="Send a test event",
    response_model=TestEvent,
    responses={**ok("test_event"), **responses(400, 404, 409, 415)},
)
async def send_test_event(endpoint_id: EndpointId, _: Nothing, ctx: WritesWebhooks, key: IdempotencyKey) -> Response:
    """Publish an `endpoint.test` event. Only this endpoint receives the event, with any `types`."""

    return await ctx.once(
        key,
        lambda tx: endpoints.test(tx, ctx.caller, endpoint_id, ctx.system_now),
        lambda event_id: Answer(status=200, body=dump({"event_id": event_id})),
    )


@router.post(
    "/{endpoint_id}/recover",
    summary="Resend failed deliveries",
    response_model=RecoveryResult,
    responses={**ok("resent_deliveries"), **responses(400, 404, 409, 415)},
)
async def recover_webhook_endpoint(
    endpoint_id: EndpointId, body: RecoverWebhookEndpointRequest, ctx: WritesWebhooks, key: IdempotencyKey
) -> Response:
    """Send the failed deliveries since an instant again at once, the oldest first. One call takes up to 10,000.

    Left out are deliveries that your endpoint has answered with 2xx, deliveries that wait for their first attempt, and
    events from the time when the endpoint was disabled: replay these.
    """

    return await ctx.once(
        key,
        lambda tx: deliveries.recover(tx, ctx.caller, endpoint_id, body.from_at, ctx.system_now, cursor=body.cursor),
        lambda recovered: Answer(
            status=200, body=dump({**asdict(recovered), "more": recovered.next_cursor is not None})
        ),
    )


@router.post(
    "/{endpoint_id}/replay",
    summary="Replay events to a webhook endpoint",
    response_model=ReplayResult,
    responses={**ok("replayed_events"), **responses(400, 404, 409, 415)},
)
async def replay_events(
    endpoint_id: EndpointId, body: ReplayEventsRequest, ctx: WritesWebhooks, key: IdempotencyKey
) -> Response:
    """Send a range of the feed to the endpoint again: all events of its types, delivered before or not."""

    return await ctx.once(
        key,
        lambda tx: deliveries.replay(tx, ctx.caller, endpoint_id, body.range(), ctx.system_now),
        lambda replay: Answer(status=200, body=dump({"queued": replay[0], "next_position": replay[1]})),
    )
