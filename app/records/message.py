"""Messages that people read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MessageStatus(StrEnum):
    QUEUED = "queued"
    WAITING = "waiting"
    MERGED = "merged"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    LEFT_TO_STOREFRONT = "left_to_storefront"
    NOT_SENT = "not_sent"
    """Of test mode: no worker sends the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`template_version` is None for a built-in template. `next_at` is the next attempt of a queued message.
    `digest_at` is the digest that a message waits for (`waiting`), or was put into (`merged`).
    A message about a withdrawal may have no order.
    `last_error` is the last answer of the mail server. Addresses and texts are personal data: not for logs."""

    merchant_id: str
    message_id: str
    event_id: str
    event: str
    audience: str
    language: str
    order_id: str | None
    subject: str
    text: str
    status: MessageStatus
    created_at: datetime
    claim_id: str | None = None
    template_version: int | None = None
    to_address: str | None = None
    attempts: int = 0
    next_at: datetime | None = None
    digest_at: datetime | None = None
    last_error: str | None = None
    sent_at: datetime | None = None
    withdrawal_id: str | None = None
