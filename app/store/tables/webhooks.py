"""Tables of events on their way: from the outbox through the feed to each endpoint, no event twice."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.store.tables.schema import ID, NAME, TRACEPARENT, WORD, metadata
from app.store.types import Instant

notices = Table(
    "notices",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("event_id", ID, primary_key=True),
    Column("subject", WORD, nullable=False),
    Column("subject_id", NAME, nullable=False),
    Column("type", WORD, nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", Text, nullable=False),
    Index(None, "merchant_id", "subject", "subject_id"),
)

outbox = Table(  # filled by triggers on claim_events and notices
    "outbox",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("event_id", ID, primary_key=True),
    Column("claim_id", ID),
    Column("seq", Integer),
    Column("traceparent", TRACEPARENT),
    Index(None, "merchant_id", "claim_id", "seq"),
)

endpoints = Table(  # headers, secrets and signing keys are encrypted, if the environment has a key
    "endpoints",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("endpoint_id", ID, primary_key=True),
    Column("url", Text, nullable=False),
    Column("description", NAME),
    Column("types", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("secrets", Text, nullable=False),
    Column("signing_key", Text),
    Column("rate_limit", Integer),
    Column("paced_until", Instant),
    Column("paused", Boolean, nullable=False),
    Column("failing_since", Instant),
    Column("warned_at", Instant),
    Column("disabled_at", Instant),
    Column("disabled_reason", WORD),
    Column("deleted_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("missed_from_at", Instant),
    CheckConstraint("rate_limit IS NULL OR rate_limit > 0", name="rate_limit"),
    CheckConstraint("(disabled_at IS NULL) = (disabled_reason IS NULL)", name="disabled_for_a_reason"),
)

feed_heads = Table(  # the worker that locks a merchant's row gives out the next positions of the feed
    "feed_heads",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("told_at", Instant, nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("event_id", ID, nullable=False),
    Column("type", WORD, nullable=False),
    Column("at", Instant, nullable=False),
    Column("subject", WORD, nullable=False),
    Column("subject_id", NAME, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("merchant_id", "event_id"),
    CheckConstraint("position > 0", name="position"),
)

_PENDING = text("status = 'pending'")
_EXHAUSTED = text("status = 'exhausted'")

deliveries = Table(
    "deliveries",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("delivery_id", ID, primary_key=True),
    Column("endpoint_id", ID, nullable=False),
    Column("event_id", ID, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("status", WORD, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant),
    Column("lease", ID),
    Column("leased_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("traceparent", TRACEPARENT),
    ForeignKeyConstraint(["merchant_id", "endpoint_id"], ["endpoints.merchant_id", "endpoints.endpoint_id"]),
    ForeignKeyConstraint(["merchant_id", "position"], ["feed.merchant_id", "feed.position"]),
    UniqueConstraint("merchant_id", "endpoint_id", "event_id"),
    CheckConstraint("tries BETWEEN 0 AND attempts", name="tries"),
    CheckConstraint("(status = 'pending') = (next_at IS NOT NULL)", name="due_while_pending"),
    CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_at_an_instant"),
    Index(
        "ix_deliveries_due",
        "merchant_id",
        "endpoint_id",
        "next_at",
        "position",
        postgresql_where=_PENDING,
        sqlite_where=_PENDING,
    ),
    Index(
        "ix_deliveries_exhausted",
        "merchant_id",
        "endpoint_id",
        "event_id",
        postgresql_where=_EXHAUSTED,
        sqlite_where=_EXHAUSTED,
    ),
)

attempts = Table(
    "attempts",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("delivery_id", ID, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("status", Integer),
    Column("latency_ms", Integer, nullable=False),
    Column("error", Text),
    Column("answer", Text),
    ForeignKeyConstraint(["merchant_id", "delivery_id"], ["deliveries.merchant_id", "deliveries.delivery_id"]),
    CheckConstraint("number > 0", name="number"),
)
