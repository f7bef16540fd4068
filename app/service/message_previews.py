"""The messages that a buyer would read about decisions that nobody has taken yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app import json_text
from app.engine.policy.facts import Facts
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.render import Rendered
from app.records.buyer import Buyer
from app.records.shop import Shop
from app.service.events.event import PublishedEvent
from app.service.message_context import Scene
from app.service.messages import SAYS_WHAT_IS_REFUNDED, is_covered, render_first
from app.service.persistence import EventDraft
from app.store import buyers, documents, message_templates, shops
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedMessage:
    """`language` is the language of the text."""

    event: str
    language: str
    text: Rendered


async def messages_to_buyer(
    tx: Tx, merchant_id: str, drafts: Sequence[EventDraft], facts: Facts
) -> list[ExpectedMessage]:  # fmt: skip
    """In the order of the events. `facts` are those after the decisions."""
    shop = await shops.load(tx, merchant_id)
    buyer = await buyers.load(tx, merchant_id, facts.order.order_id) or Buyer()
    has_refunds_told = any(name in SAYS_WHAT_IS_REFUNDED for name, _ in drafts)
    told = [draft for draft in drafts if _is_told(draft[0], shop) and not (has_refunds_told and draft[0] == _CREATED)]
    messages: list[ExpectedMessage] = []
    for name, data in told:
        event = _event(merchant_id, name, json_text.load(json_text.dump(data)), facts)
        claim = documents.claim_of_event(event.data["claim"]) if "claim" in event.data else None
        if claim is None or is_covered(event):
            continue
        scene = Scene(event, claim=claim, state=claim.state, facts=facts, people=(shop, buyer))
        rendered = render_first(scene, Audience.BUYER, await message_templates.of_event(tx, merchant_id, name))
        if rendered is not None:
            messages.append(ExpectedMessage(event=name, language=rendered[0], text=rendered[2]))
    return messages


_CREATED = "refund.created"


def _is_told(name: str, shop: Shop) -> bool:
    """Whether the buyer of this shop hears of such events."""
    rule = MESSAGE_RULES.get(name)
    return rule is not None and Audience.BUYER in rule.to and (name, Audience.BUYER) not in shop.message_settings.off


def _event(merchant_id: str, name: str, data: dict[str, Any], facts: Facts) -> PublishedEvent:
    return PublishedEvent(
        merchant_id=merchant_id,
        event_id="",
        type=name,
        at=facts.now,
        subject="claim",
        subject_id=data.get("claim", {}).get("claim_id", ""),
        data=data,
    )
