"""The routes that list the messages of a claim or an order, and that preview a message."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.api.context import ReadsMessages
from app.api.examples import ok
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.messages import MessagePage, MessagePreview, PreviewMessageRequest
from app.json_text import dump
from app.messages.render import Rendered, as_html
from app.records.message import Message
from app.service import message_templates, messages
from app.service.resources.message import message_body

router = APIRouter(prefix="/v1", tags=["messages"], responses=responses(401, 403, 413, 422, 429, 503))

ClaimId = Annotated[Name, Path(description="The claim's id.")]
OrderId = Annotated[Name, Path(description="Your own id of the order.")]


class MessageListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


_BY_EVENT = TypeAdapter(tuple[Name, Name])


def message_with_address(message: Message) -> dict[str, Any]:
    return {**message_body(message), "to_address": message.to_address}


def preview_body(message: Rendered, language: str) -> dict[str, Any]:
    return {"subject": message.subject, "text": message.text, "html": as_html(message, language)}


_MESSAGES = ok("messages")


@router.get(
    "/claims/{claim_id}/messages",
    summary="List the messages of a claim",
    response_model=MessagePage,
    responses={**_MESSAGES, **responses(400, 404)},
)
async def list_claim_messages(
    claim_id: ClaimId, ctx: ReadsMessages, listing: Annotated[MessageListing, Query()]
) -> Response:
    """Return the messages to the buyer and to the seller with their delivery status, oldest first."""
    return await page(
        ctx,
        listing,
        _BY_EVENT,
        lambda tx, limit, after: messages.of_claim(tx, ctx.caller, claim_id, limit=limit, after=after),
        place=_place,
        body=message_with_address,
    )


@router.get(
    "/orders/{order_id}/messages",
    summary="List the messages of an order",
    response_model=MessagePage,
    responses={**_MESSAGES, **responses(400, 404)},
)
async def list_order_messages(
    order_id: OrderId, ctx: ReadsMessages, listing: Annotated[MessageListing, Query()]
) -> Response:
    """Return the messages of an order and of its claims, oldest first."""
    return await page(
        ctx,
        listing,
        _BY_EVENT,
        lambda tx, limit, after: messages.of_order(tx, ctx.caller, order_id, limit=limit, after=after),
        place=_place,
        body=message_with_address,
    )


@router.post(
    "/messages/preview",
    summary="Preview a message",
    response_model=MessagePreview,
    responses={**ok("message_preview"), **responses(400, 404, 415)},
)
async def preview_message(body: PreviewMessageRequest, ctx: ReadsMessages) -> Response:
    """Render a message without storing it, from your text or from the template in force, for a claim or for a
    sample. `situation` chooses another sample. Variables that only the event has, such as a question, come from the
    sample."""
    view = await ctx.read(lambda tx: message_templates.view_to_preview(tx, ctx.caller, body.template_key(), body.text))
    if body.claim_id is not None:
        claim_id = body.claim_id
        variables = await ctx.read(
            lambda tx: message_templates.variables_to_preview(tx, ctx.caller, view, claim_id, ctx.now)
        )
        message = await message_templates.preview(view, variables)
    elif body.situation is not None:
        message = await message_templates.preview_situation(view, body.situation)
    else:
        message = await message_templates.check_template(view.text_key, view.text)
    return Response(dump(preview_body(message, view.text_language)), media_type="application/json")


def _place(message: Message) -> tuple[str, str]:
    return message.event_id, message.audience
