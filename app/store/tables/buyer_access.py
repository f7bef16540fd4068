"""Tables of buyers' access to their orders. A link opens one session."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, String, Table, UniqueConstraint

from app.store.tables.schema import ID, NAME, WORD, metadata
from app.store.types import Instant

buyer_access = Table(
    "buyer_access",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("access_id", ID, primary_key=True),
    Column("order_id", NAME, nullable=False),
    Column("kind", WORD, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("created_by", NAME),
    Column("opened_by", ID),
    Column("idle_by", Instant),
    Column("used_at", Instant),
    Column("ended_at", Instant),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    UniqueConstraint("merchant_id", "digest"),
    UniqueConstraint("merchant_id", "opened_by"),
    CheckConstraint("(kind = 'session') = (opened_by IS NOT NULL)", name="session_of_a_link"),
    CheckConstraint("kind = 'link' OR used_at IS NULL", name="only_links_are_used_up"),
    Index(None, "merchant_id", "order_id", "access_id"),
    Index(None, "expires_at"),
)

buyer_lookups = Table(  # of orders that may not exist
    "buyer_lookups",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("lookup_id", ID, primary_key=True),
    Column("order_id", NAME, nullable=False),
    Column("email_digest", String(64)),
    Column("phone_ending", String(4)),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("(email_digest IS NULL) <> (phone_ending IS NULL)", name="one_proof"),
    Index(None, "created_at"),
)

lookup_counts = Table(
    "lookup_counts",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("counted", WORD, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("hour_at", Instant, primary_key=True),
    Column("lookups", Integer, nullable=False),
    Index(None, "hour_at"),
)
