"""Accounts that buyers name for refunds, encrypted.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refund_accounts",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("claim_id", sa.String(36), nullable=False),
        sa.Column("bank", sa.String(200)),
        sa.Column("masked_number", sa.String(200)),
        sa.Column("encrypted", sa.Text()),
        sa.Column("asked_at", Instant),
        sa.Column("named_at", Instant),
        sa.Column("erased_at", Instant),
        sa.CheckConstraint(
            "encrypted IS NULL OR (named_at IS NOT NULL AND erased_at IS NULL)",
            name=op.f("ck_refund_accounts_erased_or_encrypted"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "claim_id"],
            ["claims.merchant_id", "claims.claim_id"],
            name=op.f("fk_refund_accounts_claims"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "claim_id", name=op.f("pk_refund_accounts")),
    )


def downgrade() -> None:
    op.drop_table("refund_accounts")
