"""The replies of a claim: texts that are filled from the facts of the claim now."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.vocabulary import DelayReason, Reason, State
from app.messages.context import of_parcel
from app.messages.message_rules import Audience
from app.messages.reply_texts import FilledReply, filled_replies
from app.messages.translations import FALLBACK, LANGUAGES
from app.service.callers import Caller
from app.service.events.event import PublishedEvent
from app.service.files import require_claim
from app.service.message_context import scene_of
from app.service.shipping_states import ShippingState, shipping_of
from app.store.database import Tx

_QUESTION = "claim.question_asked"
"""The message whose variables a reply has."""
_FAULTS = frozenset({Reason.DEFECTIVE, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.MISSING_ITEM})
_NOT_OURS = frozenset({DelayReason.CUSTOMER_REQUEST, DelayReason.RESERVED_DISPATCH})
_BEFORE_SHIPPING = frozenset({ShippingState.UNPACKED, ShippingState.IN_PRODUCTION, ShippingState.READY})


async def of_claim(
    tx: Tx, caller: Caller, claim_id: str, language: str | None, now: datetime
) -> tuple[str, list[FilledReply]]:  # fmt: skip
    """The language, and the replies by number. Without `language`: that of the buyer. Raises NotFoundError."""
    stored = await require_claim(tx, caller, claim_id)
    event = PublishedEvent(
        merchant_id=caller.merchant_id,
        event_id="",
        type=_QUESTION,
        at=now,
        subject="claim",
        subject_id=claim_id,
        data={},
    )
    scene = await scene_of(tx, event)
    if scene is None:
        raise LookupError(f"claim {claim_id} has no order")
    chosen = next((each for each in (language, scene.language(Audience.BUYER)) if each in LANGUAGES), FALLBACK)
    facts = {**scene.variables(chosen), **_more_facts(stored.claim, stored.order, scene.today)}
    return chosen, filled_replies(chosen, facts)


def _more_facts(claim: Claim, order: Order, today: date) -> Mapping[str, Any]:
    """What the variables of messages do not tell: what is undecided, on its way, or late."""
    back = claim.collection
    return {
        "is_undecided": claim.state is State.REQUESTED,
        "reports_a_fault": claim.reason in _FAULTS,
        "is_about_size": claim.reason is Reason.SIZE_OR_COLOR,
        "is_on_its_way_back": claim.state is State.COLLECTING and claim.received_at is None,
        **(of_parcel(back.carrier, back.number) if back else {}),
        **_delay(order, today),
    }


def _delay(order: Order, today: date) -> Mapping[str, Any]:
    """The delay that the shop has told, until the goods leave."""
    expected, reason = order.expected_ship_on, order.delay_reason
    waits = shipping_of(order, ()).state in _BEFORE_SHIPPING
    is_ours = reason is not None and reason not in _NOT_OURS
    return {
        "ship_on": expected if waits and expected is not None and expected >= today else None,
        "delay_reason": reason if waits and is_ours else None,
    }
