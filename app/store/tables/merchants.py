"""Tables of merchants, their API keys, their clocks, their policies, and the answers kept under idempotency keys."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.store.tables.schema import ID, NAME, WORD, metadata, timer_index
from app.store.types import Instant

merchants = Table(
    "merchants",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("policy", NAME, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("mode", WORD, nullable=False, server_default="live"),
    Column("test_merchant_id", ID),
    Column("erased_at", Instant),
    CheckConstraint("mode IN ('live', 'test')", name="mode"),
    CheckConstraint("test_merchant_id IS NULL OR mode = 'live'", name="live_has_a_test_side"),
    CheckConstraint("erased_at IS NULL OR mode = 'test'", name="tests_are_erased"),
)

merchant_clocks = Table(  # of test merchants alone
    "merchant_clocks",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("ahead", BigInteger, nullable=False),
    Column("position_at", Instant),
    Column("target_at", Instant),
    Column("wakes_at", Instant),
    CheckConstraint("ahead >= 0", name="ahead"),
    CheckConstraint("(position_at IS NULL) = (target_at IS NULL)", name="moves_to_a_target"),
    CheckConstraint("position_at IS NULL OR position_at <= target_at", name="moves_forward"),
    CheckConstraint("target_at IS NULL OR wakes_at IS NOT NULL", name="awake_while_moving"),
    timer_index("ix_merchant_clocks_wakes_at"),
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
    Column("mode", WORD, nullable=False, server_default="live"),
    Column("prefix", String(60)),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
    Column("rotated_from", ID),
    Column("requests_per_minute", Integer),
    Column("burst", Integer),
    CheckConstraint("requests_per_minute IS NULL OR requests_per_minute >= 1", name="requests_per_minute"),
    CheckConstraint("(burst IS NULL) = (requests_per_minute IS NULL) AND (burst IS NULL OR burst >= 1)", name="burst"),
    UniqueConstraint("merchant_id", "digest"),
    Index(
        "uq_api_keys_rotated_from",
        "merchant_id",
        "rotated_from",
        unique=True,
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
    CheckConstraint("mode IN ('live', 'test')", name="mode"),
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
