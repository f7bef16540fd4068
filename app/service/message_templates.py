"""Message templates: the built-in templates, and a merchant's versions. A version is checked before it is stored."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.messages.built_in import built_in, has_built_in
from app.messages.grammar import UnsoundTemplateError
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.render import Rendered, check, render
from app.messages.sample_situations import Situation, sample_variables
from app.messages.samples import SAMPLES
from app.messages.translations import MESSAGE_LANGUAGES, message_languages
from app.records.message_template import StoredTemplate
from app.service.callers import Caller
from app.service.errors import InvalidError, NotFoundError
from app.service.events.event import PublishedEvent
from app.service.message_context import Scene, scene_of
from app.store import claims, message_templates
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateKey:
    """The key of one template. There is one template for each event, audience and language."""

    event: str
    audience: Audience
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    """The template in force. `version` and `created_at` are None for a built-in template. `text_language` is the
    language of the text: another one than the key's, if there is no template in the key's language.

    A merchant's versions count from 1. A reset to the built-in template is a version too.
    """

    key: TemplateKey
    text: str
    text_language: str
    version: int | None = None
    created_at: datetime | None = None

    @property
    def text_key(self) -> TemplateKey:
        """The key of the text itself."""
        return replace(self.key, language=self.text_language)


def require_message(key: TemplateKey) -> TemplateKey:
    """Raises InvalidError for an event that has no message to this audience."""
    row = MESSAGE_RULES.get(key.event)
    if row is None or key.audience not in row.to:
        raise InvalidError("no_such_message", event=key.event, audience=key.audience, field="event")
    return key


async def check_template(key: TemplateKey, text: str) -> Rendered:
    """Render a template with every variable set. Raises InvalidError that names the variable and the line."""
    require_message(key)
    try:
        return await asyncio.to_thread(check, text, key.event, key.language)
    except UnsoundTemplateError as error:
        raise _refused(error) from None


async def view_to_preview(tx: Tx, caller: Caller, key: TemplateKey, text: str | None) -> TemplateView:
    """The text to try out, or else the template in force. Raises InvalidError."""
    if text is None:
        return await in_force(tx, caller, key)
    return TemplateView(key=require_message(key), text=text, text_language=key.language)


async def variables_to_preview(
    tx: Tx, caller: Caller, view: TemplateView, claim_id: str, now: datetime
) -> Mapping[str, Any]:  # fmt: skip
    """The variables of a message for a claim now. Variables that only the event has are samples.

    Raises NotFoundError.
    """
    key = view.text_key
    scene = await _scene(tx, caller, key, claim_id, now)
    samples = {name: SAMPLES[name] for name in MESSAGE_RULES[key.event].always}
    return {**samples, **scene.variables(key.language)}


async def preview(view: TemplateView, variables: Mapping[str, Any]) -> Rendered:
    """The message that a template makes of the variables. Raises InvalidError."""
    try:
        return await asyncio.to_thread(render, view.text, view.key.event, view.text_language, variables)
    except UnsoundTemplateError as error:
        raise _refused(error) from None


async def preview_situation(view: TemplateView, situation: Situation) -> Rendered:
    """The message of a sample in a situation. Raises InvalidError."""
    return await preview(view, sample_variables(view.key.event, situation))


async def _scene(tx: Tx, caller: Caller, key: TemplateKey, claim_id: str, now: datetime) -> Scene:
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None:
        raise NotFoundError("claim", claim_id)
    is_claims = bool(MESSAGE_RULES[key.event].kinds)
    event = PublishedEvent(
        merchant_id=caller.merchant_id,
        event_id="",
        type=key.event,
        at=now,
        subject="claim" if is_claims else "order",
        subject_id=claim_id if is_claims else stored.claim.order_id,
        data={},
    )
    scene = await scene_of(tx, event)
    if scene is None:
        raise LookupError(f"claim {claim_id} has no order")
    return scene


async def list_templates(tx: Tx, caller: Caller) -> list[TemplateView]:
    """The template in force for each message."""
    own = {
        (row.event, row.audience, row.language): row for row in await message_templates.in_force(tx, caller.merchant_id)
    }
    return [_in_force(key, own) for key in _all_keys()]


async def put(tx: Tx, caller: Caller, key: TemplateKey, text: str, now: datetime) -> TemplateView:
    """Store a new version of a template that `check_template` has accepted."""
    return _view_of(key, await _add(tx, caller, key, text, now), text)


async def reset(tx: Tx, caller: Caller, key: TemplateKey, now: datetime) -> TemplateView:
    """Put the built-in template in force again, and return the template in force. Earlier versions stay stored."""
    view = await in_force(tx, caller, key)
    if view.version is None or view.text_key != key:
        return view
    await _add(tx, caller, key, None, now)
    return await in_force(tx, caller, key)


async def in_force(tx: Tx, caller: Caller, key: TemplateKey) -> TemplateView:
    """Raises InvalidError for an event that has no message to this audience."""
    require_message(key)
    own = await message_templates.of_event(tx, caller.merchant_id, key.event)
    return _in_force(key, {(key.event, *place): stored for place, stored in own.items()})


def _in_force(key: TemplateKey, own: Mapping[tuple[str, str, str], StoredTemplate]) -> TemplateView:
    """The merchant's template or the built-in one, in the first language that has one of them. English has all."""
    for language in message_languages(key.language):
        stored = own.get((key.event, key.audience, language))
        if stored is not None and stored.text is not None:
            return _view_of(key, stored, stored.text)
        if has_built_in(key.event, key.audience, language):
            break
    return TemplateView(key=key, text=built_in(key.event, key.audience, language), text_language=language)


async def _add(tx: Tx, caller: Caller, key: TemplateKey, text: str | None, now: datetime) -> StoredTemplate:
    place = (key.event, key.audience.value, key.language)
    template = StoredTemplate(
        merchant_id=caller.merchant_id,
        event=key.event,
        audience=key.audience.value,
        language=key.language,
        version=await message_templates.next_version(tx, caller.merchant_id, *place),
        text=text,
        created_at=now,
    )
    await message_templates.add(tx, template)
    return template


def _view_of(key: TemplateKey, stored: StoredTemplate, text: str) -> TemplateView:
    return TemplateView(
        key=key,
        text=text,
        text_language=stored.language,
        version=stored.version,
        created_at=stored.created_at,
    )


def _all_keys() -> Iterator[TemplateKey]:
    for event, row in MESSAGE_RULES.items():
        for audience in row.to:
            for language in MESSAGE_LANGUAGES:
                yield TemplateKey(event=event, audience=audience, language=language)


def _refused(error: UnsoundTemplateError) -> InvalidError:
    line = {"line": error.line} if error.line else {}
    return InvalidError(error.code, complaint=error.detail, **line, field="text")
