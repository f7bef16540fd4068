"""Tables of authority: limits, what was paid back under a limit on a day, and decisions that wait for a second person.

A day's sum never passes its limit, and a claim has one open approval of a command.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.store.tables.schema import ID, NAME, WORD, metadata
from app.store.types import Instant

authority_limits = Table(
    "authority_limits",
    metadata,
    Column("merchant_id", ID, ForeignKey("merchants.merchant_id"), primary_key=True),
    Column("limit_id", ID, primary_key=True),
    Column("holder_kind", WORD, nullable=False),
    Column("holder", WORD, nullable=False),
    Column("command", WORD, nullable=False),
    Column("claim_kind", WORD, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("per_decision", BigInteger),
    Column("per_day", BigInteger),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint(
        *("merchant_id", "holder_kind", "holder", "command", "claim_kind", "currency"), name="uq_authority_limits_scope"
    ),
    CheckConstraint("holder_kind IN ('role', 'staff', 'api_key')", name="holder_kind"),
    CheckConstraint("per_decision IS NOT NULL OR per_day IS NOT NULL", name="limits_something"),
    CheckConstraint("per_decision >= 0 AND per_day >= 0", name="amounts"),
)

authority_uses = Table(
    "authority_uses",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("limit_id", ID, primary_key=True),
    Column("holder_id", ID, primary_key=True),
    Column("day_on", Date, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("allowed", BigInteger, nullable=False),
    ForeignKeyConstraint(["merchant_id", "limit_id"], ["authority_limits.merchant_id", "authority_limits.limit_id"]),
    CheckConstraint("amount >= 0 AND amount <= allowed", name="within_limit"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("merchant_id", ID, primary_key=True),
    Column("approval_id", ID, primary_key=True),
    Column("claim_id", ID, nullable=False),
    Column("command", WORD, nullable=False),
    Column("document", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("reach", WORD, nullable=False),
    Column("allowed", BigInteger, nullable=False),
    Column("asked_kind", WORD, nullable=False),
    Column("asked_by", ID, nullable=False),
    Column("asked_name", NAME, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("status", WORD, nullable=False),
    Column("decided_by", ID),
    Column("decided_name", NAME),
    Column("decided_at", Instant),
    Column("note", Text),
    ForeignKeyConstraint(["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"]),
    CheckConstraint("status IN ('open', 'granted', 'refused')", name="status"),
    CheckConstraint("(status = 'open') = (decided_by IS NULL)", name="decided_by_somebody"),
    CheckConstraint("decided_by <> asked_by", name="by_a_second_person"),
    Index(
        "uq_approvals_open",
        *("merchant_id", "claim_id", "command"),
        unique=True,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
    Index("ix_approvals_asked_at", "merchant_id", "status", "asked_at", "approval_id"),
)
