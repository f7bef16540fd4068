"""Money that the bank or the provider took from a payment: each reversal once, by the provider's id.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online
from app.store.types import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    name, check = "ck_payments_reversal_ceiling", "reversed BETWEEN 0 AND captured"
    online.add_checked_column("payments", "reversed", "BIGINT DEFAULT '0' NOT NULL", name, check)
    op.create_table(
        "reversals",
        sa.Column("merchant_id", sa.String(36), nullable=False),
        sa.Column("order_id", sa.String(200), nullable=False),
        sa.Column("payment_id", sa.String(200), nullable=False),
        sa.Column("reversal_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reversed_at", Instant, nullable=False),
        sa.Column("won_at", Instant, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_reversals_amount")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "order_id", "payment_id"],
            ["payments.merchant_id", "payments.order_id", "payments.payment_id"],
            name=op.f("fk_reversals_payments"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "order_id", "payment_id", "reversal_id", name=op.f("pk_reversals")),
        if_not_exists=True,
    )
    with online.after_commit():
        online.validate("payments", name)


def downgrade() -> None:
    """The version before does not know reversals: their money counts as captured again."""
    op.execute("UPDATE refunds SET status = 'failed' WHERE status = 'voided'")
    op.drop_table("reversals")
    op.drop_column("payments", "reversed")
