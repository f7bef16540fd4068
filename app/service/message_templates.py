"""Templates of merchants' own, on top of those that come with the service: checked before they are taken."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.messages.built_in import built_in
from app.messages.grammar import UnsoundTemplateError
from app.messages.message_rules import TOLD, Audience
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
class Named:
    """Which of the templates: one for each event, audience and language."""

    event: str
    audience: Audience
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    """What is in force. `version` and `created_at` are None for a built-in one; a merchant's own versions count
    from 1, those that went back to the built-in one included."""

    named: Named
    text: str
    version: int | None = None
    created_at: datetime | None = None


def known(named: Named) -> Named:
    """Raises InvalidError for an event that makes no such message."""
    row = TOLD.get(named.event)
    if row is None or named.audience not in row.to:
        raise InvalidError(
            "no_such_message", f"{named.event} makes no message to the {named.audience}.", "event"
        )  # fmt: skip
    return named


async def checked(named: Named, text: str) -> Rendered:
    """The fullest message that a template could make. Raises InvalidError, naming the variable and the line."""
    known(named)
    try:
        return await asyncio.to_thread(check, text, named.event, named.language)
    except UnsoundTemplateError as error:
        raise _refused(error) from None


async def preview(
    tx: Tx, caller: Caller, named: Named, text: str | None, claim_id: str, now: datetime
) -> Rendered:  # fmt: skip
    """What would be said of a claim as it stands now; what only the event would bring is taken from the samples.

    Raises NotFoundError and InvalidError.
    """
    known(named)
    scene = await _scene(tx, caller, named, claim_id, now)
    source = (await in_force(tx, caller, named)).text if text is None else text
    samples = {name: SAMPLES[name] for name in TOLD[named.event].always}
    try:
        return render(source, named.event, named.language, {**samples, **scene.known(named.language)})
    except UnsoundTemplateError as error:
        raise _refused(error) from None


async def _scene(tx: Tx, caller: Caller, named: Named, claim_id: str, now: datetime) -> Scene:
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None:
        raise NotFoundError(f"There is no claim {claim_id}.")
    is_claims = bool(TOLD[named.event].kinds)
    told = PublishedEvent(
        merchant_id=caller.merchant_id,
        event_id="",
        type=named.event,
        at=now,
        subject="claim" if is_claims else "order",
        subject_id=claim_id if is_claims else stored.claim.order_id,
        data={},
    )
    scene = await scene_of(tx, told)
    if scene is None:
        raise LookupError(f"claim {claim_id} has no order")
    return scene


async def listed(tx: Tx, caller: Caller) -> list[TemplateView]:
    """What is in force for each message that there is."""
    own = {
        (found.event, found.audience, found.language): found
        for found in await message_templates.in_force(tx, caller.merchant_id)
    }
    return [_view(named, own.get((named.event, named.audience, named.language))) for named in _every()]


async def put(tx: Tx, caller: Caller, named: Named, text: str, now: datetime) -> TemplateView:
    """A new version of a template that has been `checked`."""
    return _view(named, await _add(tx, caller, named, text, now))


async def reset(tx: Tx, caller: Caller, named: Named, now: datetime) -> TemplateView:
    """Back to the built-in one, which is answered with. Nothing is lost; reset again, nothing changes."""
    if (await in_force(tx, caller, named)).version is not None:
        await _add(tx, caller, named, None, now)
    return _view(named, None)


async def in_force(tx: Tx, caller: Caller, named: Named) -> TemplateView:
    """Raises InvalidError for an event that makes no such message."""
    known(named)
    own = await message_templates.of_event(tx, caller.merchant_id, named.event)
    return _view(named, own.get((named.audience, named.language)))


async def _add(tx: Tx, caller: Caller, named: Named, text: str | None, now: datetime) -> StoredTemplate:
    key = (named.event, named.audience.value, named.language)
    template = StoredTemplate(
        merchant_id=caller.merchant_id,
        event=named.event,
        audience=named.audience.value,
        language=named.language,
        version=await message_templates.next_version(tx, caller.merchant_id, *key),
        text=text,
        created_at=now,
    )
    await message_templates.add(tx, template)
    return template


def _view(named: Named, stored: StoredTemplate | None) -> TemplateView:
    if stored is None or stored.text is None:
        return TemplateView(named=named, text=built_in(named.event, named.audience, named.language))
    return TemplateView(named=named, text=stored.text, version=stored.version, created_at=stored.created_at)


def _every() -> Iterator[Named]:
    for event, row in TOLD.items():
        for audience in row.to:
            for language in LANGUAGES:
                yield Named(event=event, audience=audience, language=language)


def _refused(error: UnsoundTemplateError) -> InvalidError:
    where = f"Line {error.line}: " if error.line else ""
    return InvalidError(error.code, f"{where}{error.detail}", field="text")
