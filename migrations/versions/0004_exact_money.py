"""Tax by rate, goods that come in parts, and discounts with a minimum.

Ships with 0.1.0.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("discount_minimum", sa.BigInteger(), nullable=True))
    op.add_column("order_lines", sa.Column("tax_rate", sa.Integer(), nullable=True))
    for column in (
        "parts INTEGER DEFAULT '1' NOT NULL CONSTRAINT ck_order_lines_parts CHECK (parts >= 1)",
        "recharged BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_order_lines_recharged CHECK (recharged >= 0)",
    ):  # SQLite adds a rule to a table that is there with a column, and in no other way
        op.execute(f"ALTER TABLE order_lines ADD COLUMN {column}")


def downgrade() -> None:
    for name in ("recharged", "parts", "tax_rate"):
        op.drop_column("order_lines", name)
    op.drop_column("orders", "discount_minimum")
