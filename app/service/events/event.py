"""A committed event on its way out, the same for webhooks and for messages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.records.merchant import Mode
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEvent:
    """`subject` is `claim`, `order`, `withdrawal` or `endpoint`, and `subject_id` is the id of that subject. `at` is
    when the event happened. `data` is the `data` of the webhook."""

    merchant_id: str
    event_id: str
    type: str
    at: datetime
    subject: str
    subject_id: str
    data: dict[str, Any]
    mode: Mode = Mode.LIVE


Compose = Callable[[Tx, PublishedEvent], Awaitable[list[dict[str, Any]]]]
"""Composes and stores the messages of an event, in the transaction that publishes it. Returns the `messages` of the
webhook."""


async def no_messages(_tx: Tx, _event: PublishedEvent) -> list[dict[str, Any]]:
    return []
