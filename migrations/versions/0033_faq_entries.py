"""Shops have answers to the questions that buyers ask often.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store.types import Instant

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_entries",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("entry_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("phrasings", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("written_by", sa.String(200), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "language", "entry_id", "version", name="pk_faq_entries"),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchants.merchant_id"], name="fk_faq_entries_merchant_id_merchants"
        ),
    )


def downgrade() -> None:
    op.drop_table("faq_entries")
