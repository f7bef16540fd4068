"""The tax-free part of a refund, and the tax rate of an order's shipping.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tax-free part of a refund that is there now is unknown, and is 0."""
    online.add_column("orders", sa.Column("shipping_tax_rate", sa.Integer()))
    for table, column, check in (
        ("orders", "tax_free_refunded", "tax_free_refunded >= 0"),
        ("refunds", "tax_free", "tax_free = 0 OR tax_free BETWEEN 1 AND amount"),
    ):
        online.add_checked_column(table, column, "BIGINT DEFAULT '0' NOT NULL", f"ck_{table}_{column}", check)
    with online.after_commit():
        online.validate("orders", "ck_orders_tax_free_refunded")
        online.validate("refunds", "ck_refunds_tax_free")


def downgrade() -> None:
    op.drop_column("refunds", "tax_free")
    op.drop_column("orders", "tax_free_refunded")
    op.drop_column("orders", "shipping_tax_rate")
