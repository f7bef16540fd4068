"""The table of buyers' access to their orders. A link opens one session."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, String, Table, UniqueConstraint

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
