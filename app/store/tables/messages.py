"""Tables of messages: their readers, their templates, and the messages themselves."""

from sqlalchemy import (
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

from app.store.tables.schema import ADDRESS, ID, NAME, WORD, metadata
from app.store.types import Instant

shops = Table(  # the merchant in messages
    "shops",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("name", NAME),
    Column("contact_email", ADDRESS),
    Column("language", WORD),
    Column("bounce", Text),
    Column("bounced_at", Instant),
    Column("profile", Text),
    Column("message_settings", Text),
    Column("updated_at", Instant, nullable=False),
)

buyers = Table(  # apart from the order, so that no event and no claim has an address
    "buyers",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("name", NAME),
    Column("email", ADDRESS),
    Column("language", WORD),
    Column("bounce", Text),
    Column("bounced_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Column("phone_ending", WORD),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
)

message_templates = Table(  # a version without a text removes the template
    "message_templates",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("event", WORD, primary_key=True),
    Column("audience", WORD, primary_key=True),
    Column("language", WORD, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text),
    Column("created_at", Instant, nullable=False),
)

faq_entries = Table(  # a version without an answer removes the entry
    "faq_entries",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("language", WORD, primary_key=True),
    Column("entry_id", WORD, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("question", Text, nullable=False),
    Column("phrasings", Text, nullable=False),
    Column("answer", Text),
    Column("written_by", NAME, nullable=False),
    Column("created_at", Instant, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("message_id", ID, primary_key=True),
    Column("event_id", ID, nullable=False),
    Column("event", WORD, nullable=False),
    Column("audience", WORD, nullable=False),
    Column("language", WORD, nullable=False),
    Column("template_version", Integer),
    Column("claim_id", ID),
    Column("order_id", NAME),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("to_address", ADDRESS),
    Column("status", WORD, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant),
    Column("leased_until", Instant),
    Column("last_error", Text),
    Column("sent_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("digest_at", Instant),
    Column("withdrawal_id", ID),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    UniqueConstraint("merchant_id", "event_id", "audience"),
    ForeignKeyConstraint(["merchant_id", "withdrawal_id"], ["withdrawals.merchant_id", "withdrawals.withdrawal_id"]),
    CheckConstraint("order_id IS NOT NULL OR withdrawal_id IS NOT NULL OR audience = 'staff'", name="about_something"),
    CheckConstraint("(status = 'queued') = (next_at IS NOT NULL)", name="queued_for_when"),
    CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_when"),
    CheckConstraint("status = 'left_to_storefront' OR to_address IS NOT NULL", name="sent_somewhere"),
    Index(None, "merchant_id", "claim_id"),
    Index(None, "merchant_id", "order_id"),
    Index(None, "next_at"),
    Index(
        "ix_messages_delays",
        "merchant_id",
        "created_at",
        "order_id",
        sqlite_where=text("event = 'order.delayed' AND audience = 'buyer'"),
        postgresql_where=text("event = 'order.delayed' AND audience = 'buyer'"),
    ),
    Index(
        "ix_messages_digest_at",
        "digest_at",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
)
