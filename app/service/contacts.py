"""The log of contacts on a claim: a question to the buyer makes it wait, and the answer lets it go on. A note is
nobody else's business: it is in no event and in no message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.engine.model.claim import Actor, Claim
from app.engine.model.commands import HoldClaim, Release
from app.engine.model.vocabulary import HoldReason
from app.records.claim import StoredClaim
from app.records.contact import Contact, ContactKind
from app.service import claims
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.ids import new_id
from app.service.persistence import record_aside
from app.store import claims as stored_claims
from app.store import contacts
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says, in the very words. `until` ends the wait for the answer to a question."""

    kind: ContactKind
    by: Actor
    text: str
    until: datetime | None = None


async def say(tx: Tx, caller: Caller, claim_id: str, said: Said, now: datetime) -> Contact:
    """Put it on record, and tell it unless it is a note.

    Raises NotFoundError, RefusedError where the claim cannot wait, and ConflictError for an answer to nothing.
    """
    await stored_claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    claim = (await _load(tx, caller, claim_id)).claim
    contact = Contact(
        contact_id=new_id(now),
        claim_id=claim_id,
        kind=said.kind,
        role=said.by.role.value,
        author=said.by.name,
        text=said.text,
        at=now,
    )
    match said.kind:
        case ContactKind.QUESTION:
            await _wait(tx, caller, claim, said, now)
            await _tell(tx, caller, "claim.question_asked", contact, said.by, now)
        case ContactKind.ANSWER:
            await _refuse_answer_to_nothing(tx, caller, claim_id)
            await _tell(tx, caller, "claim.question_answered", contact, said.by, now)
            await _go_on(tx, caller, claim, said, now)
        case ContactKind.NOTE:
            pass
    await contacts.add(tx, caller.merchant_id, contact)
    return contact


async def page(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: str | None) -> list[Contact]:
    """Oldest first. Raises NotFoundError."""
    found = await contacts.page(tx, caller.merchant_id, claim_id, limit=limit, after=after)
    if not found:
        await _load(tx, caller, claim_id)
    return found


async def _wait(tx: Tx, caller: Caller, claim: Claim, said: Said, now: datetime) -> None:
    """A claim that waits for something else already goes on waiting for that."""
    if claim.hold is None:
        hold = HoldClaim(by=said.by, reason=HoldReason.BUYER_QUESTION, until=said.until)
        await claims.act(tx, caller, claim.claim_id, hold, now)


async def _go_on(tx: Tx, caller: Caller, claim: Claim, said: Said, now: datetime) -> None:
    if claim.hold is not None and claim.hold.reason is HoldReason.BUYER_QUESTION:
        await claims.act(tx, caller, claim.claim_id, Release(by=said.by), now)


async def _refuse_answer_to_nothing(tx: Tx, caller: Caller, claim_id: str) -> None:
    if not await contacts.page(tx, caller.merchant_id, claim_id, limit=1, kind=ContactKind.QUESTION):
        raise ConflictError("nothing_asked", "The buyer has not been asked anything on this claim.", "kind")


async def _tell(tx: Tx, caller: Caller, name: str, contact: Contact, by: Actor, now: datetime) -> None:
    stored = await _load(tx, caller, contact.claim_id)
    data: dict[str, Any] = {
        "by": by,
        "contact": {"contact_id": contact.contact_id, "kind": contact.kind, "text": contact.text},
        "claim": stored.claim,
    }
    await record_aside(tx, caller.merchant_id, stored, name, data, now)


async def _load(tx: Tx, caller: Caller, claim_id: str) -> StoredClaim:
    stored = await stored_claims.load(tx, caller.merchant_id, claim_id)
    if stored is None:
        raise NotFoundError(f"There is no claim {claim_id}.")
    return stored
