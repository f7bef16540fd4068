"""Events outside of a claim's history, and events of every kind on their way into the feed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandaloneEvent:
    """`subject` is a kind of thing (`order`, `endpoint`) and `subject_id` which one; `type` is in the past tense,
    such as `order.delayed`; `data` is JSON text."""

    merchant_id: str
    event_id: str
    subject: str
    subject_id: str
    type: str
    at: datetime
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpublishedEvent:
    """An event of a claim (`claim_id`, `seq`, `order_id`), or else a notice (`subject`, `subject_id`). `data` is
    JSON text; `snapshot` that of the claim's last step before an event that carries no claim itself."""

    event_id: str
    type: str
    at: datetime
    data: str
    claim_id: str | None
    seq: int | None
    order_id: str | None
    snapshot: str | None
    claim_created_at: datetime | None
    subject: str | None
    subject_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """`body` is what goes over the wire, to the byte."""

    merchant_id: str
    position: int
    event_id: str
    type: str
    at: datetime
    subject: str
    subject_id: str
    body: str
