"""One schema for both databases. Every key leads with `merchant_id`, a shard key one day.

What must never happen is refused here: a unit claimed twice, a refund above what was captured, a transition
recorded twice, a history rewritten (by triggers, in the migrations).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.store.types import Instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ID = String(36)
"""Our own ids: UUIDv7 as text."""
NAME = String(200)
"""Ids and names that a merchant gives."""
WORD = String(40)
"""A word of a closed list."""
ADDRESS = String(254)
"""An e-mail address, as long as RFC 5321 lets it be."""


def _awake(name: str) -> Index:
    """Finds what is to be looked at by itself; most rows never will be again, and are not in it."""
    some = text("wakes_at IS NOT NULL")
    return Index(name, "wakes_at", sqlite_where=some, postgresql_where=some)


merchants = Table(
    "merchants",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("policy", NAME, nullable=False),
    Column("created_at", Instant, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("key_id", ID, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("name", NAME, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("merchant_id", "digest"),
)

policies = Table(
    "policies",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("policy_id", NAME, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("base", NAME, nullable=False),
    Column("effective_from", Instant, nullable=False),
    Column("terms", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("violations", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("policy", NAME, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("country", String(2), nullable=False),
    Column("time_zone", WORD),
    Column("buyer_id", NAME),
    Column("paid_at", Instant),
    Column("confirmed_at", Instant),
    Column("expected_ship_on", Date),
    Column("prices_include_tax", Boolean, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Column("discount_minimum", BigInteger),
    Column("shipping_charged", BigInteger, nullable=False),
    Column("shipping_tax", BigInteger, nullable=False),
    Column("shipping_refunded", BigInteger, nullable=False),
    Column("outbound_charged", BigInteger, nullable=False),
    Column("records", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("ready_to_ship_at", Instant),
    Column("delay_reason", WORD),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("alerted", WORD),
    Column("wakes_at", Instant),
    CheckConstraint(
        "discount >= 0 AND shipping_charged >= 0 AND shipping_tax >= 0 AND outbound_charged >= 0",
        name="amounts",
    ),
    CheckConstraint(
        "shipping_refunded BETWEEN 0 AND shipping_charged + shipping_tax", name="shipping_refunded_once"
    ),
    Index(None, "merchant_id", "created_at", "order_id"),
    Index(None, "merchant_id", "buyer_id"),
    _awake("ix_orders_wakes_at"),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("line_id", NAME, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("sku", NAME),
    Column("title", NAME),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Column("discountable", Boolean, nullable=False),
    Column("tax", BigInteger, nullable=False),
    Column("tax_rate", Integer),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("nature", WORD, nullable=False),
    Column("records", Text, nullable=False),
    Column("replaces", NAME),
    Column("shipped", Integer, nullable=False),
    Column("delivered", Integer, nullable=False),
    Column("shipped_at", Instant),
    Column("delivered_at", Instant),
    Column("credited", BigInteger, nullable=False),
    Column("recharged", BigInteger, nullable=False, server_default="0"),
    Column("open_cancel", Integer, nullable=False),
    Column("open_other", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("exchanged", Integer, nullable=False),
    Column("refunded", Integer, nullable=False),
    Column("deliver_on", Date),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    CheckConstraint("quantity >= 1 AND unit_price >= 0 AND discount >= 0 AND tax >= 0", name="amounts"),
    CheckConstraint("parts >= 1", name="parts"),
    CheckConstraint("recharged >= 0", name="recharged"),
    CheckConstraint("discount <= quantity * unit_price + tax", name="discount_within_price"),
    CheckConstraint(
        "open_cancel >= 0 AND open_other >= 0 AND cancelled >= 0 AND returned >= 0 AND exchanged >= 0"
        " AND refunded >= 0 AND credited >= 0",
        name="units_not_negative",
    ),
    CheckConstraint(
        "open_cancel + open_other + cancelled + returned + exchanged + refunded <= quantity",
        name="no_unit_twice",
    ),
    CheckConstraint("shipped >= 0 AND shipped + cancelled <= quantity", name="shipped_or_cancelled"),
    CheckConstraint("delivered BETWEEN 0 AND shipped", name="delivered_was_shipped"),
    CheckConstraint("open_other + returned + exchanged + refunded <= shipped", name="back_was_shipped"),
)

payments = Table(
    "payments",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("payment_id", NAME, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("method", WORD, nullable=False),
    Column("captured", BigInteger, nullable=False),
    Column("refunded", BigInteger, nullable=False),
    Column("captured_at", Instant, nullable=False),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    CheckConstraint("refunded BETWEEN 0 AND captured", name="refund_ceiling"),
)

shipments = Table(
    "shipments",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("carrier", WORD, primary_key=True),
    Column("tracking_number", NAME, primary_key=True),
    Column("lines", Text, nullable=False),
    Column("shipped_at", Instant),
    Column("delivered_at", Instant),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    CheckConstraint("shipped_at IS NOT NULL OR delivered_at IS NOT NULL", name="went_somewhere"),
)

address_changes = Table(
    "address_changes",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("order_id", NAME, primary_key=True),
    Column("change_id", ID, primary_key=True),
    Column("status", WORD, nullable=False),
    Column("address", Text),
    Column("reason", Text),
    Column("requested_at", Instant, nullable=False),
    Column("decided_at", Instant),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    CheckConstraint("(status = 'requested') = (decided_at IS NULL)", name="decided_once"),
    CheckConstraint("(status = 'refused') = (reason IS NOT NULL)", name="refused_for_a_reason"),
    CheckConstraint("status <> 'refused' OR address IS NULL", name="address_only_while_needed"),
    Index(
        "uq_address_changes_open",
        "merchant_id",
        "order_id",
        unique=True,
        sqlite_where=text("status = 'requested'"),
        postgresql_where=text("status = 'requested'"),
    ),
)

claims = Table(
    "claims",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("order_id", NAME, nullable=False),
    Column("kind", WORD, nullable=False),
    Column("state", WORD, nullable=False),
    Column("reason", WORD, nullable=False),
    Column("fault", WORD, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("version", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("wakes_at", Instant),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    _awake("ix_claims_wakes_at"),
    Index(None, "merchant_id", "order_id"),
    Index(None, "merchant_id", "state", "claim_id"),
    Index("ix_claims_due_at", "merchant_id", "due_at"),
)

claim_lines = Table(
    "claim_lines",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("line_id", NAME, primary_key=True),
    Column("order_id", NAME, nullable=False),
    Column("sku", NAME),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    ForeignKeyConstraint(
        ["merchant_id", "order_id", "line_id"],
        ["order_lines.merchant_id", "order_lines.order_id", "order_lines.line_id"],
    ),
    Index(None, "merchant_id", "sku"),
)

claim_events = Table(
    "claim_events",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("event_id", ID, nullable=False),
    Column("type", WORD, nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    UniqueConstraint("merchant_id", "event_id"),
)

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
    Index(None, "merchant_id", "claim_id", "seq"),
)

refunds = Table(
    "refunds",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("refund_id", ID, primary_key=True),
    Column("claim_id", ID, nullable=False),
    Column("order_id", NAME, nullable=False),
    Column("payment_id", NAME, nullable=False),
    Column("method", WORD, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("idempotency_key", ID, nullable=False),
    Column("status", WORD, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("provider_reference", NAME),
    Column("failure", Text),
    Column("due_on", Date),
    Column("due_by", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant),
    Column("late_interest_percent", BigInteger, nullable=False, server_default="0"),
    Column("late_interest", BigInteger, nullable=False, server_default="0"),
    Column("time_zone", WORD, nullable=False, server_default="UTC"),
    Column("overdue_at", Instant),
    Column("wakes_at", Instant),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    ForeignKeyConstraint(
        ["merchant_id", "order_id", "payment_id"],
        ["payments.merchant_id", "payments.order_id", "payments.payment_id"],
    ),
    UniqueConstraint("merchant_id", "idempotency_key"),
    UniqueConstraint("merchant_id", "claim_id", "payment_id"),
    UniqueConstraint("merchant_id", "method", "provider_reference", name="uq_refunds_provider_reference"),
    CheckConstraint("amount > 0", name="amount"),
    Index(None, "merchant_id", "order_id"),
    Index(None, "merchant_id", "status", "refund_id"),
    _awake("ix_refunds_wakes_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "created_at"),
)

shops = Table(  # what a merchant says of itself to those who are written to
    "shops",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("name", NAME),
    Column("contact_email", ADDRESS),
    Column("language", WORD),
    Column("bounce", Text),
    Column("bounced_at", Instant),
    Column("updated_at", Instant, nullable=False),
)

buyers = Table(  # whom to write to about an order, apart from it: nothing of this is told to anybody else
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
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
)

message_templates = Table(  # a version without a text withdraws those before it
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
    Column("order_id", NAME, nullable=False),
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
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    UniqueConstraint("merchant_id", "event_id", "audience"),
    CheckConstraint("(status = 'queued') = (next_at IS NOT NULL)", name="queued_for_when"),
    CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_when"),
    CheckConstraint("status = 'left_to_storefront' OR to_address IS NOT NULL", name="sent_somewhere"),
    Index(None, "merchant_id", "claim_id"),
    Index(None, "merchant_id", "order_id"),
    Index(None, "next_at"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("contact_id", ID, primary_key=True),
    Column("claim_id", ID, nullable=False),
    Column("kind", WORD, nullable=False),
    Column("role", WORD, nullable=False),
    Column("author", NAME, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    Index(None, "merchant_id", "claim_id"),
)

endpoints = Table(  # secrets are kept as they are, since the worker signs with them
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
    CheckConstraint("rate_limit IS NULL OR rate_limit > 0", name="rate_limit"),
    CheckConstraint("(disabled_at IS NULL) = (disabled_reason IS NULL)", name="disabled_for_a_reason"),
)

feed_heads = Table(  # whoever holds a merchant's row gives out the next positions of its feed
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
