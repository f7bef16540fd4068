"""Tables of withdrawals from contracts. A withdrawal has at most one claim of each kind, and at most one receipt."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.store.tables.schema import ADDRESS, ID, NAME, WORD, metadata, partial_index, timer_index
from app.store.types import Instant

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("withdrawal_id", ID, primary_key=True),
    Column("order_number", NAME, nullable=False),
    Column("name", NAME, nullable=False),
    Column("email", ADDRESS, nullable=False),
    Column("lines", Text, nullable=False),
    Column("goods", Text),
    Column("text", Text),
    Column("language", WORD, nullable=False),
    Column("channel", WORD, nullable=False),
    Column("declared_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("status", WORD, nullable=False),
    Column("order_id", NAME),
    Column("refusals", Text, nullable=False),
    Column("repeats", ID),
    Column("decided_at", Instant),
    Column("decided_by", NAME),
    Column("closing_reason", Text),
    Column("wakes_at", Instant),
    ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.order_id"]),
    CheckConstraint("(status = 'matched') = (order_id IS NOT NULL)", name="matched_with_an_order"),
    CheckConstraint("(status = 'closed') = (closing_reason IS NOT NULL)", name="closed_for_a_reason"),
    CheckConstraint("(status = 'received') = (wakes_at IS NOT NULL)", name="received_until_looked_at"),
    Index(None, "merchant_id", "order_id"),
    Index("ix_withdrawals_status", "merchant_id", "status", "withdrawal_id"),
    partial_index("ix_withdrawals_queue", "merchant_id", "received_at", "withdrawal_id", where="status = 'unmatched'"),
    timer_index("ix_withdrawals_wakes_at"),
)

withdrawal_claims = Table(
    "withdrawal_claims",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("withdrawal_id", ID, primary_key=True),
    Column("kind", WORD, primary_key=True),
    Column("claim_id", ID, nullable=False),
    ForeignKeyConstraint(["merchant_id", "withdrawal_id"], ["withdrawals.merchant_id", "withdrawals.withdrawal_id"]),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    UniqueConstraint("merchant_id", "claim_id"),
)

withdrawal_receipts = Table(
    "withdrawal_receipts",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("withdrawal_id", ID, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("content", LargeBinary),
    ForeignKeyConstraint(["merchant_id", "withdrawal_id"], ["withdrawals.merchant_id", "withdrawals.withdrawal_id"]),
)
