"""The routes that list deliveries, read a delivery with its attempts, and send a delivery again."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.context import IdempotencyKey, ReadsWebhooks, WritesWebhooks
from app.api.endpoints import EndpointId, Nothing
from app.api.examples import ok
from app.api.paging import BY_ID, page
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.endpoints import DeliveryPage, DeliveryWithAttempts
from app.api.serializers import delivery_body
from app.json_text import dump
from app.records.delivery import Attempt, Delivery, DeliveryStatus
from app.service import deliveries
from app.service.idempotency import Answer

router = APIRouter(prefix="/v1", tags=["webhooks"], responses=responses(401, 403, 413, 422, 429, 503))

DeliveryId = Annotated[Name, Path(description="The delivery's id.")]
_DELIVERY = ok("delivery")


class DeliveryListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    status: DeliveryStatus | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


def _with_attempts(delivery_and_attempts: tuple[Delivery, list[Attempt]]) -> dict[str, Any]:
    delivery, attempts = delivery_and_attempts
    return {**delivery_body(delivery), "attempts_made": [_attempt_body(attempt) for attempt in attempts]}


def _attempt_body(attempt: Attempt) -> dict[str, Any]:
    same = ("number", "status", "latency_ms", "error", "answer")
    return {"attempted_at": attempt.at, **{name: getattr(attempt, name) for name in same}}


@router.get(
    "/webhook-endpoints/{endpoint_id}/deliveries",
    summary="List deliveries",
    response_model=DeliveryPage,
    responses={**ok("deliveries"), **responses(400, 404)},
)
async def list_deliveries(
    endpoint_id: EndpointId, ctx: ReadsWebhooks, listing: Annotated[DeliveryListing, Query()]
) -> Response:
    """Return the deliveries to one endpoint, newest first. `status=exhausted`: all attempts have failed."""
    return await page(
        ctx,
        listing,
        BY_ID,
        lambda tx, limit, after: deliveries.page(
            tx, ctx.caller, endpoint_id, limit=limit, status=listing.status, after=after and after[0]
        ),
        place=lambda delivery: (delivery.event_id,),
        body=delivery_body,
    )


@router.get(
    "/deliveries/{delivery_id}",
    summary="Read a delivery",
    response_model=DeliveryWithAttempts,
    responses={**_DELIVERY, **responses(404)},
)
async def get_delivery(delivery_id: DeliveryId, ctx: ReadsWebhooks) -> Response:
    """Return one delivery with every attempt: its status, its latency and the beginning of the answer."""
    delivery = await ctx.read(lambda tx: deliveries.read(tx, ctx.caller, delivery_id))
    return Response(dump(_with_attempts(delivery)), media_type="application/json")


@router.post(
    "/deliveries/{delivery_id}/resend",
    summary="Resend a delivery",
    response_model=DeliveryWithAttempts,
    responses={**_DELIVERY, **responses(400, 404, 409, 415)},
)
async def resend_delivery(delivery_id: DeliveryId, _: Nothing, ctx: WritesWebhooks, key: IdempotencyKey) -> Response:
    """Send a delivery again at once, in any status. The `webhook-id` stays the same."""

    return await ctx.once(
        key,
        lambda tx: deliveries.resend(tx, ctx.caller, delivery_id, ctx.system_now),
        lambda delivery: Answer(status=200, body=dump(_with_attempts(delivery))),
    )
