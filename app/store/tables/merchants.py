"""Tables of merchants, their API keys, their policies, and the answers kept under idempotency keys."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from app.store.tables.schema import ID, NAME, metadata
from app.store.types import Instant

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
