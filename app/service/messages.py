"""Messages to buyers and sellers: rendered and stored once, in the transaction that publishes their event.

A message never blocks its event. If the merchant's own template fails, the built-in template is used. If the reader's
language has neither, the English ones are used. If they fail too, there is no message, and the log has a line without
personal data.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

from app import json_text
from app.engine.model.vocabulary import Role, State
from app.messages.built_in import built_in, has_built_in
from app.messages.context import Variables
from app.messages.grammar import UnsoundTemplateError
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.render import Rendered, render
from app.messages.sending_times import digest_at, first_attempt_at
from app.messages.translations import message_languages
from app.records.claim_event import ClaimEvent
from app.records.merchant import Mode
from app.records.message import Message, MessageStatus
from app.records.message_template import StoredTemplate
from app.records.option_change import OvertakenReason
from app.service.buyer_lookups import LINK_REQUESTED
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.events.event import PublishedEvent
from app.service.ids import new_id
from app.service.message_context import Scene, scene_of
from app.service.resources.message import message_body
from app.service.schema import refuse_newer
from app.service.withdrawal_messages import WithdrawalScene, scene_of_withdrawal
from app.store import claims, events, message_templates, messages, orders
from app.store.database import Tx

logger = logging.getLogger(__name__)

Templates = dict[tuple[str, str], StoredTemplate]
After = tuple[str, str] | None
"""The event and the audience of the last message of the previous page."""


async def compose(tx: Tx, event: PublishedEvent) -> list[dict[str, Any]]:
    """Render and store the messages of an event, once. Returns the bodies for the webhook of the event."""
    if event.type not in MESSAGE_RULES or event.data.get("quiet") or is_covered(event):
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


def is_covered(event: PublishedEvent) -> bool:
    """A hold for a question needs no own message: the message with the question is enough. Nor does a change of option
    whose units a claim has taken."""
    if event.type == "order.option_change_overtaken":
        return str(event.data["overtaken_by"]) != OvertakenReason.SHIPMENT
    hold = (event.data.get("claim") or {}).get("hold") or {}
    return event.type == "claim.held" and hold.get("reason") == "buyer_question"


def _is_settled(scene: Scene | WithdrawalScene) -> bool:
    """The seller gets no request for a decision that is already made, for example by an automatic approval. Of
    approvals, the seller hears only of those that the seller did not give. Of withdrawals, the seller hears by their
    claims, if they have some."""
    if isinstance(scene, WithdrawalScene):
        return scene.is_told_by_claims
    if scene.event.type == _APPROVED:
        return str(scene.event.data["by"]["role"]) != Role.SYSTEM
    return scene.event.type in _REQUESTS_FOR_DECISION and scene.state is not State.REQUESTED


_APPROVED = "claim.approved"
_REQUESTS_FOR_DECISION = ("claim.requested", "claim.response_overdue")


async def _is_told_by_neighbour(tx: Tx, event: PublishedEvent) -> bool:
    """One decision makes one message to the buyer. What the message of a neighbour in the claim's history says too, as
    both happened in one transaction, has no message of its own. A second failure of a refund has none either."""
    seq = event.data.get("seq")
    if event.type not in _TOLD_BY_NEIGHBOURS or seq is None:
        return False
    if event.type == "refund.failed":
        return await _has_failed_before(tx, event, seq)
    history = await events.of_claim(tx, event.merchant_id, event.subject_id, after=seq - 1 - _NEAR, limit=2 * _NEAR + 1)
    if event.type == "refund.created":
        decisions = [each for each in history if each.seq < seq and not each.type.startswith("refund.")]
        return bool(decisions) and decisions[-1].at == event.at and decisions[-1].type in SAYS_WHAT_IS_REFUNDED
    following = next((each for each in history if each.seq == seq + 1 and each.at == event.at), None)
    return following is not None and _is_told_by_following(event, following)


async def _has_failed_before(tx: Tx, event: PublishedEvent, seq: int) -> bool:
    """The buyer hears of the first failure of a refund. The seller hears of each."""
    earlier = await events.of_claim(tx, event.merchant_id, event.subject_id, after=0, limit=seq - 1) if seq > 1 else []
    refund_id = event.data["refund"]["refund_id"]
    failures = (json_text.load(each.data)["refund"] for each in earlier if each.type == "refund.failed")
    return any(failed["refund_id"] == refund_id for failed in failures)


def _is_told_by_following(event: PublishedEvent, following: ClaimEvent) -> bool:
    if event.type == "claim.requested":
        return following.type == _APPROVED and json_text.load(following.data)["by"]["role"] == Role.SYSTEM
    return following.type == "claim.refunded" and not event.data["refund"].get("late_interest")


_TOLD_BY_NEIGHBOURS = ("claim.requested", "refund.created", "refund.succeeded", "refund.failed")
SAYS_WHAT_IS_REFUNDED = (_APPROVED, "claim.accepted", "claim.converted", "claim.payment_confirmed")
_NEAR = 10
"""So many events before and after an event are read. A decision creates one refund for each payment of the order."""


async def _compose_each(tx: Tx, event: PublishedEvent) -> AsyncIterator[Message]:
    try:
        scene = await (scene_of_withdrawal if event.subject == "withdrawal" else scene_of)(tx, event)
    except _NOT_SOUND as error:
        await _leave_out(tx, event, error)
        return
    if scene is None:
        logger.warning("event %s makes no message: its claim or order does not exist", event.event_id)
        return
    own = await message_templates.of_event(tx, event.merchant_id, event.type)
    told_by_neighbour = await _is_told_by_neighbour(tx, event)
    for audience in MESSAGE_RULES[event.type].to:
        if (event.type, audience) in scene.shop.message_settings.off:
            continue
        if told_by_neighbour if audience is Audience.BUYER else _is_settled(scene):
            continue
        try:
            message = _message(scene, audience, own)
        except _NOT_SOUND as error:
            await _leave_out(tx, event, error)
            continue
        if message is not None:
            yield message


_NOT_SOUND = (LookupError, TypeError, ValueError)
"""The data of an event, or of its claim or order, is not what this code knows."""


async def _leave_out(tx: Tx, event: PublishedEvent, error: Exception) -> None:
    """Raises NewerSchemaError where a newer release can still make the message."""
    await refuse_newer(tx)
    logger.warning("event %s makes no message: its data is not sound (%s)", event.event_id, type(error).__name__)


def _message(scene: Scene | WithdrawalScene, audience: Audience, own: Templates) -> Message | None:
    event, address = scene.event, scene.address(audience)
    rendered = render_first(scene, audience, own)
    if rendered is None:
        return None
    written_in, version, text = rendered
    settings = scene.shop.message_settings
    is_sent = address is not None and event.mode is Mode.LIVE
    digest = digest_at(settings, event.type, audience, event.at) if is_sent else None
    return Message(
        merchant_id=event.merchant_id,
        message_id=new_id(event.at),
        event_id=event.event_id,
        event=event.type,
        audience=audience.value,
        language=written_in,
        order_id=scene.order_id,
        claim_id=scene.claim_id,
        withdrawal_id=scene.withdrawal_id,
        subject=text.subject,
        text=text.text,
        template_version=version,
        to_address=address,
        status=_first_status(event, address, digest),
        next_at=_first_attempt(scene) if is_sent and not digest else None,
        digest_at=digest,
        created_at=event.at,
    )


def _first_status(event: PublishedEvent, address: str | None, digest: datetime | None) -> MessageStatus:
    """A message of test mode is stored and never sent: its address may be that of a real person."""
    if address is None:
        return MessageStatus.LEFT_TO_STOREFRONT
    if event.mode is Mode.TEST:
        return MessageStatus.NOT_SENT
    return MessageStatus.WAITING if digest else MessageStatus.QUEUED


def _first_attempt(scene: Scene | WithdrawalScene) -> datetime:
    """Quiet hours hold no message that its reader waits for, or that the law wants without delay."""
    event = scene.event
    return event.at if event.type in _AT_ONCE else first_attempt_at(scene.shop.message_settings, event.at)


_AT_ONCE = (LINK_REQUESTED, "withdrawal.received")
"""EU CRD 11a(4) wants the acknowledgement of a withdrawal without undue delay."""


def render_first(
    scene: Scene | WithdrawalScene, audience: Audience, own: Templates
) -> tuple[str, int | None, Rendered] | None:
    """The language, the version and the text of the first template that renders."""
    event = scene.event
    for language in message_languages(scene.language(audience)):
        variables = scene.variables(language)
        for version, text in _templates(event.type, audience, language, own):
            rendered = _try_render(event, text, language, variables, version)
            if rendered is not None:
                return language, version, rendered
    return None


def _templates(
    event: str, audience: Audience, language: str, own: Templates
) -> Iterator[tuple[int | None, str]]:  # fmt: skip
    version = own.get((audience.value, language))
    if version is not None and version.text is not None:
        yield version.version, version.text
    if has_built_in(event, audience, language):
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
