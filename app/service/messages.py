"""What people are told of an event: rendered and stored once, in the transaction that tells it.

A message is never in the way of the event: what cannot be said in a merchant's own words is said in the built-in
ones, and what cannot be said at all is left unsaid, with a line in the log that names no person.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

from app.engine.model.vocabulary import State
from app.messages.built_in import built_in
from app.messages.context import Known
from app.messages.grammar import UnsoundTemplateError
from app.messages.message_rules import TOLD, Audience
from app.messages.render import Rendered, render
from app.records.message import Message, MessageStatus
from app.records.message_template import StoredTemplate
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.events.event import PublishedEvent
from app.service.ids import new_id
from app.service.message_context import Scene, scene_of
from app.store import claims, message_templates, messages, orders
from app.store.database import Tx

logger = logging.getLogger(__name__)

Templates = dict[tuple[str, str], StoredTemplate]
After = tuple[str, str] | None
"""Behind which message a page begins: its event and audience."""


async def compose(tx: Tx, told: PublishedEvent) -> list[dict[str, Any]]:
    """Make and store the messages of an event; what rides in its webhook. The same event again gives the same."""
    if told.type not in TOLD or _goes_without_saying(told):
        return []
    made = await messages.of_event(tx, told.merchant_id, told.event_id)
    if not made:
        made = [message async for message in _made(tx, told)]
        await messages.add(tx, made)
    return [_in_brief(message) for message in made]


async def of_claim(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: After) -> list[Message]:
    """Oldest first. Raises NotFoundError."""
    found = await messages.page(tx, caller.merchant_id, limit=limit, after=after, claim=claim_id)
    if not found and await claims.load(tx, caller.merchant_id, claim_id) is None:
        raise NotFoundError(f"There is no claim {claim_id}.")
    return found


async def of_order(tx: Tx, caller: Caller, order_id: str, *, limit: int, after: After) -> list[Message]:
    """Those of its claims among them, oldest first. Raises NotFoundError."""
    found = await messages.page(tx, caller.merchant_id, limit=limit, after=after, order=order_id)
    if not found and await orders.load(tx, caller.merchant_id, order_id) is None:
        raise NotFoundError(f"There is no order {order_id}.")
    return found


def _goes_without_saying(told: PublishedEvent) -> bool:
    """A claim that waits for an answer is told of by its question."""
    hold = (told.data.get("claim") or {}).get("hold") or {}
    return told.type == "claim.held" and hold.get("reason") == "buyer_question"


def _is_settled(scene: Scene, audience: Audience) -> bool:
    """Nobody is asked for an answer that has been given: by a policy that approves by itself, say."""
    return audience is Audience.SELLER and scene.told.type in _ASKING and scene.state is not State.REQUESTED


_ASKING = ("claim.requested", "claim.response_overdue")


async def _made(tx: Tx, told: PublishedEvent) -> AsyncIterator[Message]:
    try:
        scene = await scene_of(tx, told)
    except (LookupError, TypeError, ValueError) as error:
        logger.warning("event %s makes no message: its data is not sound (%s)", told.event_id, type(error).__name__)
        return
    if scene is None:
        logger.warning("event %s makes no message: what it is about is not there", told.event_id)
        return
    own = await message_templates.of_event(tx, told.merchant_id, told.type)
    for audience in TOLD[told.type].to:
        message = None if _is_settled(scene, audience) else _message(scene, audience, own)
        if message is not None:
            yield message


def _message(scene: Scene, audience: Audience, own: Templates) -> Message | None:
    told, language, address = scene.told, scene.language(audience), scene.address(audience)
    rendered = _rendered(scene, audience, language, own)
    if rendered is None:
        return None
    version, words = rendered
    return Message(
        merchant_id=told.merchant_id,
        message_id=new_id(told.at),
        event_id=told.event_id,
        event=told.type,
        audience=audience.value,
        language=language,
        order_id=scene.order.order_id,
        claim_id=scene.claim.claim_id if scene.claim else None,
        subject=words.subject,
        text=words.text,
        template_version=version,
        to_address=address,
        status=MessageStatus.QUEUED if address else MessageStatus.LEFT_TO_STOREFRONT,
        next_at=told.at if address else None,
        created_at=told.at,
    )


def _rendered(
    scene: Scene, audience: Audience, language: str, own: Templates
) -> tuple[int | None, Rendered] | None:  # fmt: skip
    """The version and the words: of the first template that has any."""
    told = scene.told
    try:
        known = scene.known(language)
    except (LookupError, TypeError, ValueError) as error:
        logger.warning("event %s makes no message: its data is not sound (%s)", told.event_id, type(error).__name__)
        return None
    for version, text in _templates(told.type, audience, language, own):
        words = _tried(told, text, language, known, version)
        if words is not None:
            return version, words
    return None


def _templates(
    event: str, audience: Audience, language: str, own: Templates
) -> Iterator[tuple[int | None, str]]:  # fmt: skip
    mine = own.get((audience.value, language))
    if mine is not None and mine.text is not None:
        yield mine.version, mine.text
    yield None, built_in(event, audience, language)


def _tried(told: PublishedEvent, text: str, language: str, known: Known, version: int | None) -> Rendered | None:
    try:
        return render(text, told.type, language, known)
    except UnsoundTemplateError as error:
        whose = "the built-in template" if version is None else f"template version {version}"
        logger.warning("event %s (%s): %s says nothing: %s", told.event_id, told.type, whose, error.code)
        return None


def _in_brief(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in ("message_id", "audience", "language", "subject", "text")}
