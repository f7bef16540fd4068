"""The routes of the settings of messages: off, quiet hours, digest."""

from fastapi import APIRouter, Response

from app.api.context import ReadsMessages, WritesMessages
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.message_settings import PutMessageSettingsRequest
from app.json_text import dump
from app.service import message_settings
from app.service.idempotency import Answer
from app.service.resources.message_settings import MessageSettingsBody, settings_body

router = APIRouter(prefix="/v1/message-settings", tags=["messages"], responses=responses(401, 403, 413, 422, 429, 503))

_SETTINGS = ok("message_settings")


@router.get("", summary="Read the settings of messages", response_model=MessageSettingsBody, responses=_SETTINGS)
async def get_message_settings(ctx: ReadsMessages) -> Response:
    """Return which messages are off, the quiet hours and the digest, and which messages the law wants sent."""
    settings = await ctx.read(lambda tx: message_settings.read(tx, ctx.caller, ctx.now))
    return Response(dump(settings_body(settings)), media_type="application/json")


@router.put(
    "",
    summary="Set the settings of messages",
    response_model=MessageSettingsBody,
    responses={**_SETTINGS, **responses(400, 409, 415)},
)
async def put_message_settings(body: PutMessageSettingsRequest, ctx: WritesMessages) -> Response:
    """Switch off single messages, set hours without mails, and choose what comes to you as one mail a day. The body
    replaces all settings. A message that a law wants sent cannot be off."""
    return await ctx.write(
        lambda tx: message_settings.put(tx, ctx.caller, body.settings(), ctx.now),
        lambda settings: Answer(status=200, body=dump(settings_body(settings))),
    )
