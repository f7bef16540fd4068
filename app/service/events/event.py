"""What has happened, on its way to whoever is told: one committed event, the same for webhooks and messages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEvent:
    """`subject` is `claim`, `order` or `endpoint`, and `subject_id` which one. `at` is the event's own instant,
    and `data` what rides in the webhook under that name."""

    merchant_id: str
    event_id: str
    type: str
    at: datetime
    subject: str
    subject_id: str
    data: dict[str, Any]


Compose = Callable[[Tx, PublishedEvent], Awaitable[list[dict[str, Any]]]]
"""Makes and stores the messages of an event, in the transaction that tells it; what rides in the webhook."""


async def no_messages(_tx: Tx, _told: PublishedEvent) -> list[dict[str, Any]]:
    return []
