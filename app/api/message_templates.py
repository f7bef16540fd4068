"""The routes of message templates: the built-in templates, and the versions of a merchant."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict

from app.api.context import IdempotencyKey, ReadsMessages, WritesMessages
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.messages import EventName, MessageTemplateDetail, MessageTemplateList, PutMessageTemplateRequest
from app.api.schemas.policies import Language
from app.json_text import dump
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.samples import VARIABLES
from app.service import message_templates
from app.service.idempotency import Answer
from app.service.message_templates import TemplateKey, TemplateView

router = APIRouter(prefix="/v1/message-templates", tags=["messages"], responses=responses(401, 403, 413, 422, 429, 503))

EventInPath = Annotated[EventName, Path(description="The event, such as `claim.rejected`.")]
AudienceInPath = Annotated[Audience, Path(description="Who reads the message.")]
LanguageInPath = Annotated[Language, Path(description="The language of the template.")]


class TemplateListing(BaseModel):
    """The filters of the list."""

    model_config = ConfigDict(extra="forbid")

    event: EventName | None = None
    audience: Audience | None = None
    language: Language | None = None

    def matches(self, key: TemplateKey) -> bool:
        criteria = self.model_dump(exclude_none=True)
        return all(getattr(key, name) == value for name, value in criteria.items())


def template_body(view: TemplateView) -> dict[str, Any]:
    key = view.key
    return {
        "event": key.event,
        "audience": key.audience,
        "language": key.language,
        "text_language": view.text_language,
        "version": view.version,
        "created_at": view.created_at,
        "text": view.text,
    }


def template_detail(view: TemplateView) -> dict[str, Any]:
    row = MESSAGE_RULES[view.key.event]
    variables = [
        {"name": name, "means": VARIABLES[name].means, "always": name in row.always}
        for name in (*row.always, *row.sometimes)
    ]
    return {**template_body(view), "variables": variables}


_TEMPLATE = ok("message_template")


@router.get(
    "",
    summary="List message templates",
    response_model=MessageTemplateList,
    responses=ok("message_templates"),
)
async def list_message_templates(ctx: ReadsMessages, listing: Annotated[TemplateListing, Query()]) -> Response:
    """Return the template in force for each event, audience and language: your version or the built-in template."""
    views = await ctx.read(lambda tx: message_templates.list_templates(tx, ctx.caller))
    rows = [template_body(view) for view in views if listing.matches(view.key)]
    return Response(dump({"data": rows}), media_type="application/json")


@router.get(
    "/{event}/{audience}/{language}",
    summary="Read a message template",
    response_model=MessageTemplateDetail,
    responses=_TEMPLATE,
)
async def get_message_template(
    event: EventInPath, audience: AudienceInPath, language: LanguageInPath, ctx: ReadsMessages
) -> Response:
    """Return the template in force, with every variable that the template may use."""
    key = TemplateKey(event=event, audience=audience, language=language)
    view = await ctx.read(lambda tx: message_templates.in_force(tx, ctx.caller, key))
    return Response(dump(template_detail(view)), media_type="application/json")


@router.post(
    "",
    status_code=201,
    summary="Override a message template",
    response_model=MessageTemplateDetail,
    responses={**ok("message_template", 201), **responses(400, 409, 415)},
)
async def put_message_template(body: PutMessageTemplateRequest, ctx: WritesMessages, key: IdempotencyKey) -> Response:
    """Store a new version of your template. The version is in force at once. The service first renders the version
    for every combination of variables. If a variable can be missing, the error names the variable and the line."""
    template = body.template_key()
    await message_templates.check_template(template, body.text)

    location = f"/v1/message-templates/{template.event}/{template.audience}/{template.language}"
    return await ctx.once(
        key,
        lambda tx: message_templates.put(tx, ctx.caller, template, body.text, ctx.now),
        lambda view: Answer(status=201, body=dump(template_detail(view)), headers={"Location": location}),
    )


@router.delete(
    "/{event}/{audience}/{language}",
    summary="Restore the built-in message template",
    response_model=MessageTemplateDetail,
    responses={**_TEMPLATE, **responses(409)},
)
async def delete_message_template(
    event: EventInPath, audience: AudienceInPath, language: LanguageInPath, ctx: WritesMessages
) -> Response:
    """Use the built-in template again. Your versions stay on record. The answer is the template in force."""
    key = TemplateKey(event=event, audience=audience, language=language)

    return await ctx.write(
        lambda tx: message_templates.reset(tx, ctx.caller, key, ctx.now),
        lambda view: Answer(status=200, body=dump(template_detail(view))),
    )
