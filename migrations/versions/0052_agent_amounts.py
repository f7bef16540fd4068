"""What the agents of a key have decided on a day, so that the limit of the day holds in all processes together.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_amounts",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("key_id", sa.String(36), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("most", sa.BigInteger, nullable=False),
        sa.CheckConstraint("amount >= 0 AND amount <= most", name=op.f("ck_agent_amounts_within_limit")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.merchant_id"], name=op.f("fk_agent_amounts_merchants")),
        sa.PrimaryKeyConstraint("merchant_id", "key_id", "currency", name=op.f("pk_agent_amounts")),
    )


def downgrade() -> None:
    op.drop_table("agent_amounts")
