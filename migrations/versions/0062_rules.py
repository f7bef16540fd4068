"""The rules of a seller: the draft, the versions, and the claims on which they were tried.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_drafts",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("updated_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_rule_drafts_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_rule_drafts")),
    )
    op.create_table(
        "rule_sets",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("published_at", Instant, nullable=False),
        sa.Column("published_by", sa.String(200), nullable=False),
        sa.Column("holder_kind", sa.String(40), nullable=False),
        sa.Column("holder_id", sa.String(36), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rule_sets_version")),
        sa.CheckConstraint("holder_kind IN ('staff', 'api_key')", name=op.f("ck_rule_sets_holder_kind")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_rule_sets_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "version", name=op.f("pk_rule_sets")),
    )
    op.create_table(
        "rule_runs",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("ran_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"], ["claims.merchant_id", "claims.claim_id"], name=op.f("fk_rule_runs_claims")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "version"],
            ["rule_sets.merchant_id", "rule_sets.version"],
            name=op.f("fk_rule_runs_rule_sets"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "claim_id", name=op.f("pk_rule_runs")),
    )


def downgrade() -> None:
    for name in ("rule_runs", "rule_sets", "rule_drafts"):
        op.drop_table(name)
