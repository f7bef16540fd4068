"""A second person approves what is above somebody's authority.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authority_limits",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("limit_id", sa.String(36), nullable=False),
        sa.Column("holder_kind", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(40), nullable=False),
        sa.Column("command", sa.String(40), nullable=False),
        sa.Column("claim_kind", sa.String(40), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("per_decision", sa.BigInteger),
        sa.Column("per_day", sa.BigInteger),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.CheckConstraint("holder_kind IN ('role', 'staff', 'api_key')", name=op.f("ck_authority_limits_holder_kind")),
        sa.CheckConstraint(
            "per_decision IS NOT NULL OR per_day IS NOT NULL", name=op.f("ck_authority_limits_limits_something")
        ),
        sa.CheckConstraint("per_decision >= 0 AND per_day >= 0", name=op.f("ck_authority_limits_amounts")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_authority_limits_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "limit_id", name=op.f("pk_authority_limits")),
        sa.UniqueConstraint(
            *("merchant_id", "holder_kind", "holder", "command", "claim_kind", "currency"),
            name=op.f("uq_authority_limits_scope"),
        ),
    )
    op.create_table(
        "authority_uses",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("limit_id", sa.String(36), nullable=False),
        sa.Column("holder_id", sa.String(36), nullable=False),
        sa.Column("day_on", sa.Date, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("allowed", sa.BigInteger, nullable=False),
        sa.CheckConstraint("amount >= 0 AND amount <= allowed", name=op.f("ck_authority_uses_within_limit")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "limit_id"],
            ["authority_limits.merchant_id", "authority_limits.limit_id"],
            name=op.f("fk_authority_uses_authority_limits"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "limit_id", "holder_id", "day_on", name=op.f("pk_authority_uses")),
    )
    _create_approvals()


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("approval_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("command", sa.String(40), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reach", sa.String(40), nullable=False),
        sa.Column("allowed", sa.BigInteger, nullable=False),
        sa.Column("asked_kind", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.String(36), nullable=False),
        sa.Column("asked_name", sa.String(200), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String(36)),
        sa.Column("decided_name", sa.String(200)),
        sa.Column("decided_at", Instant),
        sa.Column("note", sa.Text),
        sa.CheckConstraint("status IN ('open', 'granted', 'refused')", name=op.f("ck_approvals_status")),
        sa.CheckConstraint("(status = 'open') = (decided_by IS NULL)", name=op.f("ck_approvals_decided_by_somebody")),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_approvals_by_a_second_person")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"], name=op.f("fk_approvals_claims")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "approval_id", name=op.f("pk_approvals")),
    )
    op.create_index(
        "uq_approvals_open",
        "approvals",
        ["merchant_id", "claim_id", "command"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_approvals_asked_at", "approvals", ["merchant_id", "status", "asked_at", "approval_id"])


def downgrade() -> None:
    for table in ("approvals", "authority_uses", "authority_limits"):
        op.drop_table(table)
