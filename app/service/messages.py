"""Messages to buyers and sellers: rendered and stored once, in the transaction that publishes their event.

A message never blocks its event. If the merchant's own template fails, the built-in template is used. If the built-in
template fails too, there is no message, and the log has a line without personal data.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

from app.engine.model.vocabulary import State
from app.messages.built_in import built_in
from app.messages.context import Variables
from app.messages.grammar import UnsoundTemplateError
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.render import Rendered, render
from app.records.message import Message, MessageStatus
from app.records.message_template import StoredTemplate
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.events.event import PublishedEvent
from app.service.ids import new_id
from app.service.message_context import Scene, scene_of
from app.service.resources.message import message_body
from app.store import claims, message_templates, messages, orders
from app.store.database import Tx

logger = logging.getLogger(__name__)

Templates = dict[tuple[str, str], StoredTemplate]
After = tuple[str, str] | None
"""The event and the audience of the last message of the previous page."""


async def compose(tx: Tx, event: PublishedEvent) -> list[dict[str, Any]]:
    """Render and store the messages of an event, once. Returns the bodies for the webhook of the event."""
    if event.type not in MESSAGE_RULES or _is_covered_by_question(event):
        return []
    stored = await messages.of_event(tx, event.merchant_id, event.event_id)
    if not stored:
        stored = [message async for message in _compose_each(tx, event)]
        await messages.add(tx, stored)
    return [message_body(message) for message in stored]


async def of_claim(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: After) -> list[Message]:
    """The oldest message comes first. Raises NotFoundError."""
    rows = await messages.page(tx, caller.merchant_id, limit=limit, after=after, claim=claim_id)
    if not rows and await claims.load(tx, caller.merchant_id, claim_id) is None:
        raise NotFoundError("claim", claim_id)
    return rows


async def of_order(tx: Tx, caller: Caller, order_id: str, *, limit: int, after: After) -> list[Message]:
    """The messages of the order and its claims, oldest first. Raises NotFoundError."""
    rows = await messages.page(tx, caller.merchant_id, limit=limit, after=after, order=order_id)
    if not rows and await orders.load(tx, caller.merchant_id, order_id) is None:
        raise NotFoundError("order", order_id)
    return rows


def _is_covered_by_question(event: PublishedEvent) -> bool:
    """A hold for a question needs no own message: the message with the question is enough."""
    hold = (event.data.get("claim") or {}).get("hold") or {}
    return event.type == "claim.held" and hold.get("reason") == "buyer_question"


def _is_settled(scene: Scene, audience: Audience) -> bool:
    """The seller gets no request for a decision that is already made, for example by an automatic approval."""
    return (
        audience is Audience.SELLER
        and scene.event.type in _REQUESTS_FOR_DECISION
        and scene.state is not State.REQUESTED
    )


_REQUESTS_FOR_DECISION = ("claim.requested", "claim.response_overdue")


async def _compose_each(tx: Tx, event: PublishedEvent) -> AsyncIterator[Message]:
    try:
        scene = await scene_of(tx, event)
    except (LookupError, TypeError, ValueError) as error:
        logger.warning("event %s makes no message: its data is not sound (%s)", event.event_id, type(error).__name__)
        return
    if scene is None:
        logger.warning("event %s makes no message: its claim or order does not exist", event.event_id)
        return
    own = await message_templates.of_event(tx, event.merchant_id, event.type)
    for audience in MESSAGE_RULES[event.type].to:
        message = None if _is_settled(scene, audience) else _message(scene, audience, own)
        if message is not None:
            yield message


def _message(scene: Scene, audience: Audience, own: Templates) -> Message | None:
    event, language, address = scene.event, scene.language(audience), scene.address(audience)
    rendered = _render_first(scene, audience, language, own)
    if rendered is None:
        return None
    version, text = rendered
    return Message(
        merchant_id=event.merchant_id,
        message_id=new_id(event.at),
        event_id=event.event_id,
        event=event.type,
        audience=audience.value,
        language=language,
        order_id=scene.order.order_id,
        claim_id=scene.claim.claim_id if scene.claim else None,
        subject=text.subject,
        text=text.text,
        template_version=version,
        to_address=address,
        status=MessageStatus.QUEUED if address else MessageStatus.LEFT_TO_STOREFRONT,
        next_at=event.at if address else None,
        created_at=event.at,
    )


def _render_first(
    scene: Scene, audience: Audience, language: str, own: Templates
) -> tuple[int | None, Rendered] | None:  # fmt: skip
    """The version and text of the first template that renders."""
    event = scene.event
    try:
        variables = scene.variables(language)
    except (LookupError, TypeError, ValueError) as error:
        logger.warning("event %s makes no message: its data is not sound (%s)", event.event_id, type(error).__name__)
        return None
    for version, text in _templates(event.type, audience, language, own):
        rendered = _try_render(event, text, language, variables, version)
        if rendered is not None:
            return version, rendered
    return None


def _templates(
    event: str, audience: Audience, language: str, own: Templates
) -> Iterator[tuple[int | None, str]]:  # fmt: skip
    version = own.get((audience.value, language))
    if version is not None and version.text is not None:
        yield version.version, version.text
    yield None, built_in(event, audience, language)


def _try_render(
    event: PublishedEvent, text: str, language: str, variables: Variables, version: int | None
) -> Rendered | None:
    try:
        return render(text, event.type, language, variables)
    except UnsoundTemplateError as error:
        template = "the built-in template" if version is None else f"template version {version}"
        logger.warning("event %s (%s): %s gives no text: %s", event.event_id, event.type, template, error.code)
        return None
