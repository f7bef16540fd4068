"""Reminders: whoever must act on a claim soon hears of it once, before the deadline."""

from datetime import datetime
from typing import Any

from app.engine import Reminder, ReminderName, standing_of
from app.engine.timeouts import CLOCK
from app.records.claim import StoredClaim
from app.records.contact import ContactKind
from app.service.decisions import facts_of
from app.service.persistence import record_aside
from app.service.standing import beside
from app.store import contacts
from app.store.database import Tx


async def remind(tx: Tx, merchant_id: str, stored: StoredClaim, reminder: Reminder, now: datetime) -> None:
    """Add the reminder to the history of the claim. The claim does not change."""
    standing = standing_of(stored.claim, await facts_of(tx, merchant_id, stored, now))
    data: dict[str, Any] = {
        "by": CLOCK,
        "due_at": reminder.due_at,
        "question": await _question(tx, merchant_id, stored) if reminder.name is ReminderName.ANSWER else None,
        "claim": stored.claim,
        **beside(stored.claim, standing),
    }
    await record_aside(tx, merchant_id, stored, f"claim.{reminder.name}_reminded", data, now)


async def _question(tx: Tx, merchant_id: str, stored: StoredClaim) -> str | None:
    """The newest question to the buyer."""
    asked = await contacts.page(tx, merchant_id, stored.claim.claim_id, limit=1000, kind=ContactKind.QUESTION)
    return asked[-1].text if asked else None
