"""The table of surveys. A claim has at most one."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKeyConstraint, Index, String, Table, Text

from app.store.tables.schema import ID, NAME, WORD, metadata
from app.store.types import Instant

surveys = Table(
    "surveys",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("claim_id", ID, primary_key=True),
    Column("order_id", NAME, nullable=False),
    Column("rejected", Boolean, nullable=False),
    Column("score", WORD, nullable=False),
    Column("reason_understood", Boolean),
    Column("alternative_found", Boolean),
    Column("text", Text),
    Column("answered_at", Instant, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("hash", String(64), nullable=False),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    CheckConstraint("score IN ('good', 'so_so', 'bad')", name="score"),
    CheckConstraint(
        "rejected OR (reason_understood IS NULL AND alternative_found IS NULL)", name="asked_after_a_rejection"
    ),
    Index("ix_surveys_answered_at", "merchant_id", "answered_at", "claim_id"),
    Index("ix_surveys_score", "merchant_id", "score", "answered_at", "claim_id"),
)
