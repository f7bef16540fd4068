"""One event in the history of a claim. Each event is hashed over its content and the event before it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvent:
    """`data` is JSON text, exactly as it was hashed."""

    merchant_id: str
    claim_id: str
    seq: int
    event_id: str
    type: str
    at: datetime
    data: str
    previous: str
    hash: str = ""


def digest(event: ClaimEvent) -> str:
    """SHA-256 over the previous hash and the fields of this event, one field a line. `data` comes last."""
    moment = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    place = (event.previous, event.merchant_id, event.claim_id, str(event.seq))
    content = "\n".join((*place, event.event_id, event.type, moment, event.data))
    return hashlib.sha256(content.encode()).hexdigest()


def seal(event: ClaimEvent) -> ClaimEvent:
    """The event with its hash."""
    return replace(event, hash=digest(event))


def break_after(before: ClaimEvent | None, event: ClaimEvent) -> str | None:
    """A sentence about an event that does not fit the event before it, or None before the first. None if it fits."""
    seq, previous = (before.seq + 1, before.hash) if before else (1, GENESIS)
    if event.seq != seq:
        return f"event {seq} is missing"
    if event.previous != previous:
        return f"event {seq} does not follow the one before it"
    if digest(event) != event.hash:
        return f"the content of event {seq} is not what was hashed"
    return None
