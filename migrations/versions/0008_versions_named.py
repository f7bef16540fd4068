"""Which orders name the version of their policy.

Ships with 0.1.0.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("version_named", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE orders SET version_named = true WHERE paid_at IS NULL")  # nobody knows: they keep theirs


def downgrade() -> None:
    op.drop_column("orders", "version_named")
