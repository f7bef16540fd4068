"""Message templates: the built-in templates, and a merchant's versions. A version is checked before it is stored."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.messages.built_in import built_in
from app.messages.grammar import UnsoundTemplateError
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.render import Rendered, check, render
from app.messages.samples import SAMPLES
from app.messages.translations import LANGUAGES
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
    """The template in force. `version` and `created_at` are None for a built-in template.

    A merchant's versions count from 1. A reset to the built-in template is a version too.
    """

    key: TemplateKey
    text: str
    version: int | None = None
    created_at: datetime | None = None


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


async def preview(
    tx: Tx, caller: Caller, key: TemplateKey, text: str | None, claim_id: str, now: datetime
) -> Rendered:  # fmt: skip
    """The message that a template would make for a claim now. Variables that only the event has are samples.

    Raises NotFoundError and InvalidError.
    """
    require_message(key)
    scene = await _scene(tx, caller, key, claim_id, now)
    source = (await in_force(tx, caller, key)).text if text is None else text
    samples = {name: SAMPLES[name] for name in MESSAGE_RULES[key.event].always}
    try:
        return render(source, key.event, key.language, {**samples, **scene.variables(key.language)})
    except UnsoundTemplateError as error:
        raise _refused(error) from None


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
    return [_view(key, own.get((key.event, key.audience, key.language))) for key in _all_keys()]


async def put(tx: Tx, caller: Caller, key: TemplateKey, text: str, now: datetime) -> TemplateView:
    """Store a new version of a template that `check_template` has accepted."""
    return _view(key, await _add(tx, caller, key, text, now))


async def reset(tx: Tx, caller: Caller, key: TemplateKey, now: datetime) -> TemplateView:
    """Put the built-in template in force again, and return it. Earlier versions stay stored."""
    if (await in_force(tx, caller, key)).version is not None:
        await _add(tx, caller, key, None, now)
    return _view(key, None)


async def in_force(tx: Tx, caller: Caller, key: TemplateKey) -> TemplateView:
    """Raises InvalidError for an event that has no message to this audience."""
    require_message(key)
    own = await message_templates.of_event(tx, caller.merchant_id, key.event)
    return _view(key, own.get((key.audience, key.language)))


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


def _view(key: TemplateKey, stored: StoredTemplate | None) -> TemplateView:
    if stored is None or stored.text is None:
        return TemplateView(key=key, text=built_in(key.event, key.audience, key.language))
    return TemplateView(key=key, text=stored.text, version=stored.version, created_at=stored.created_at)


def _all_keys() -> Iterator[TemplateKey]:
    for event, row in MESSAGE_RULES.items():
        for audience in row.to:
            for language in LANGUAGES:
                yield TemplateKey(event=event, audience=audience, language=language)


def _refused(error: UnsoundTemplateError) -> InvalidError:
    line = {"line": error.line} if error.line else {}
    return InvalidError(error.code, complaint=error.detail, **line, field="text")
