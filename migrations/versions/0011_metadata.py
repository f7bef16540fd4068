"""Metadata of orders, claims and refunds: words of the merchant's own, as a JSON object of strings.

Ships with 0.2.0.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("orders", "claims", "refunds")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("metadata", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "metadata")
