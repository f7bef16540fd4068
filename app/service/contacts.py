"""The log of contacts on a claim: questions to the buyer, answers, notes and noted calls.

A question holds the claim, and the answer releases it. A note or a call is only for the shop: no event and no message
has it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.engine import standing_of
from app.engine.model.claim import Actor
from app.engine.model.commands import HoldClaim, Release
from app.engine.model.vocabulary import HoldReason
from app.records.claim import StoredClaim
from app.records.contact import Contact, ContactKind
from app.service.callers import Caller
from app.service.decisions import carry_out, facts_of
from app.service.errors import ConflictError, NotFoundError
from app.service.ids import new_id
from app.service.persistence import record_aside
from app.service.standing import beside
from app.store import claims, contacts
from app.store.database import Tx

LONGEST_CONVERSATION = 500
"""How many contacts of a claim a buyer reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A new contact. The text is stored unchanged. `ends_at` ends the hold of a question."""

    kind: ContactKind
    by: Actor
    text: str
    ends_at: datetime | None = None


async def add(tx: Tx, caller: Caller, claim_id: str, new: NewContact, now: datetime) -> Contact:
    """Add a contact to the log. Publish its event unless the contact is only for the shop.

    Raises NotFoundError, RefusedError if the claim cannot be held, and ConflictError for an answer without a
    question.
    """
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await _load(tx, caller, claim_id)
    contact = _contact(claim_id, new, now)
    merchant_id = caller.merchant_id
    match new.kind:
        case ContactKind.QUESTION:
            await _ask(tx, merchant_id, stored, contact, new, now)
        case ContactKind.ANSWER:
            await _refuse_answer_without_question(tx, caller, claim_id)
            stored = await _publish(tx, merchant_id, "claim.question_answered", stored, contact, new.by, now)
            await _release(tx, caller, stored, new, now)
            await contacts.add(tx, merchant_id, contact)
            await contacts.note_last_word(tx, merchant_id, claim_id, answered_at=now)
        case ContactKind.NOTE | ContactKind.CALL:
            await contacts.add(tx, merchant_id, contact)
    return contact


async def ask(tx: Tx, merchant_id: str, stored: StoredClaim, new: NewContact, now: datetime) -> StoredClaim:
    """Ask the buyer a question in the transaction of the caller, who holds the lock of the claim's order. Raises
    RefusedError if the claim cannot be held."""
    return await _ask(tx, merchant_id, stored, _contact(stored.claim.claim_id, new, now), new, now)


async def _ask(
    tx: Tx, merchant_id: str, stored: StoredClaim, contact: Contact, new: NewContact, now: datetime
) -> StoredClaim:
    stored = await _hold(tx, merchant_id, stored, new, now)
    stored = await _publish(tx, merchant_id, "claim.question_asked", stored, contact, new.by, now)
    await contacts.add(tx, merchant_id, contact)
    await contacts.note_last_word(tx, merchant_id, stored.claim.claim_id, answered_at=None)
    return stored


def _contact(claim_id: str, new: NewContact, now: datetime) -> Contact:
    return Contact(
        contact_id=new_id(now),
        claim_id=claim_id,
        kind=new.kind,
        role=new.by.role.value,
        author=new.by.name,
        text=new.text,
        at=now,
    )


async def page(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: str | None) -> list[Contact]:
    """The oldest contact comes first. Raises NotFoundError."""
    rows = await contacts.page(tx, caller.merchant_id, claim_id, limit=limit, after=after)
    if not rows:
        await _load(tx, caller, claim_id)
    return rows


async def conversation(tx: Tx, caller: Caller, claim_id: str) -> list[Contact]:
    """The questions and answers of a claim, the oldest first, without notes and calls. Raises NotFoundError."""
    await _load(tx, caller, claim_id)
    rows = await contacts.page(tx, caller.merchant_id, claim_id, limit=LONGEST_CONVERSATION)
    return [contact for contact in rows if not contact.kind.is_internal]


async def _hold(tx: Tx, merchant_id: str, stored: StoredClaim, new: NewContact, now: datetime) -> StoredClaim:
    """A claim that is already on hold keeps its hold."""
    if stored.claim.hold is not None:
        return stored
    hold = HoldClaim(by=new.by, reason=HoldReason.BUYER_QUESTION, ends_at=new.ends_at)
    return (await carry_out(tx, merchant_id, stored, hold, now)).stored


async def _release(tx: Tx, caller: Caller, stored: StoredClaim, new: NewContact, now: datetime) -> None:
    hold = stored.claim.hold
    if hold is not None and hold.reason is HoldReason.BUYER_QUESTION:
        await carry_out(tx, caller.merchant_id, stored, Release(by=new.by), now)


async def _refuse_answer_without_question(tx: Tx, caller: Caller, claim_id: str) -> None:
    if not await contacts.page(tx, caller.merchant_id, claim_id, limit=1, kind=ContactKind.QUESTION):
        raise ConflictError("nothing_asked", field="kind")


async def _publish(
    tx: Tx, merchant_id: str, name: str, stored: StoredClaim, contact: Contact, by: Actor, now: datetime
) -> StoredClaim:
    standing = standing_of(stored.claim, await facts_of(tx, merchant_id, stored, now))
    data: dict[str, Any] = {
        "by": by,
        "contact": {"contact_id": contact.contact_id, "kind": contact.kind, "text": contact.text},
        "claim": stored.claim,
        **beside(stored.claim, standing),
    }
    return await record_aside(tx, merchant_id, stored, name, data, now)


async def _load(tx: Tx, caller: Caller, claim_id: str) -> StoredClaim:
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None or not caller.reaches(stored.claim.order_id):
        raise NotFoundError("claim", claim_id)
    return stored
