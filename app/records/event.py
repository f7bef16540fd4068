"""Events outside of a claim's history, and events of every kind on their way into the feed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandaloneEvent:
    """An event in no claim's history. `subject` is `order`, `withdrawal` or `endpoint`, and `subject_id` is the id of
    that subject. `type` is in the past tense, such as `order.delayed`. `data` is JSON text."""

    merchant_id: str
    event_id: str
    subject: str
    subject_id: str
    type: str
    at: datetime
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpublishedEvent:
    """An event of a claim (`claim_id`, `seq`, `order_id`) or a standalone event (`subject`, `subject_id`). `data` is
    JSON text. `snapshot` is the data of the claim's last step, for an event whose own data has no claim.
    `metadata` is JSON text: the metadata of the refund, the claim or the order."""

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
    metadata: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """`body` is sent to the endpoints byte for byte."""

    merchant_id: str
    position: int
    event_id: str
    type: str
    at: datetime
    subject: str
    subject_id: str
    body: str
