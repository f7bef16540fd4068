"""The log of contacts on a claim: questions to the buyer, answers and notes.

A question holds the claim, and the answer releases it. A note is only for the shop: no event and no message has it.
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
    """Add a contact to the log. Publish its event unless the contact is a note.

    Raises NotFoundError, RefusedError if the claim cannot be held, and ConflictError for an answer without a
    question.
    """
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await _load(tx, caller, claim_id)
    contact = Contact(
        contact_id=new_id(now),
        claim_id=claim_id,
        kind=new.kind,
        role=new.by.role.value,
        author=new.by.name,
        text=new.text,
        at=now,
    )
    match new.kind:
        case ContactKind.QUESTION:
            stored = await _hold(tx, caller, stored, new, now)
            await _publish(tx, caller, "claim.question_asked", stored, contact, new.by, now)
        case ContactKind.ANSWER:
            await _refuse_answer_without_question(tx, caller, claim_id)
            stored = await _publish(tx, caller, "claim.question_answered", stored, contact, new.by, now)
            await _release(tx, caller, stored, new, now)
        case ContactKind.NOTE:
            pass
    await contacts.add(tx, caller.merchant_id, contact)
    if new.kind is not ContactKind.NOTE:
        answered_at = now if new.kind is ContactKind.ANSWER else None
        await contacts.note_last_word(tx, caller.merchant_id, claim_id, answered_at=answered_at)
    return contact


async def page(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: str | None) -> list[Contact]:
    """The oldest contact comes first. Raises NotFoundError."""
    rows = await contacts.page(tx, caller.merchant_id, claim_id, limit=limit, after=after)
    if not rows:
        await _load(tx, caller, claim_id)
    return rows


async def conversation(tx: Tx, caller: Caller, claim_id: str) -> list[Contact]:
    """The questions and answers of a claim, the oldest first, without notes. Raises NotFoundError."""
    await _load(tx, caller, claim_id)
    rows = await contacts.page(tx, caller.merchant_id, claim_id, limit=LONGEST_CONVERSATION)
    return [contact for contact in rows if contact.kind is not ContactKind.NOTE]


async def _hold(tx: Tx, caller: Caller, stored: StoredClaim, new: NewContact, now: datetime) -> StoredClaim:
    """A claim that is already on hold keeps its hold."""
    if stored.claim.hold is not None:
        return stored
    hold = HoldClaim(by=new.by, reason=HoldReason.BUYER_QUESTION, ends_at=new.ends_at)
    return (await carry_out(tx, caller.merchant_id, stored, hold, now)).stored


async def _release(tx: Tx, caller: Caller, stored: StoredClaim, new: NewContact, now: datetime) -> None:
    hold = stored.claim.hold
    if hold is not None and hold.reason is HoldReason.BUYER_QUESTION:
        await carry_out(tx, caller.merchant_id, stored, Release(by=new.by), now)


async def _refuse_answer_without_question(tx: Tx, caller: Caller, claim_id: str) -> None:
    if not await contacts.page(tx, caller.merchant_id, claim_id, limit=1, kind=ContactKind.QUESTION):
        raise ConflictError("nothing_asked", field="kind")


async def _publish(
    tx: Tx, caller: Caller, name: str, stored: StoredClaim, contact: Contact, by: Actor, now: datetime
) -> StoredClaim:
    standing = standing_of(stored.claim, await facts_of(tx, caller.merchant_id, stored, now))
    data: dict[str, Any] = {
        "by": by,
        "contact": {"contact_id": contact.contact_id, "kind": contact.kind, "text": contact.text},
        "claim": stored.claim,
        **beside(stored.claim, standing),
    }
    return await record_aside(tx, caller.merchant_id, stored, name, data, now)


async def _load(tx: Tx, caller: Caller, claim_id: str) -> StoredClaim:
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None or not caller.reaches(stored.claim.order_id):
        raise NotFoundError("claim", claim_id)
    return stored
