"""A payment has a smallest payable step, and an order the sum that its refunds were rounded by.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("rounded", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("payments", sa.Column("payable_step", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("payments", "payable_step")
    op.drop_column("orders", "rounded")
