"""Indexes for lists of what was updated last. An index that is there already is kept.

Ships with the next release.
"""

import sqlalchemy as sa
from alembic import op

from app.store import online

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_INDEXES: tuple[tuple[str, str, list[str | sa.TextClause]], ...] = (
    ("ix_orders_updated_at", "orders", ["merchant_id", "updated_at", "order_id"]),
    ("ix_claims_updated_at", "claims", ["merchant_id", "updated_at", "claim_id"]),
    ("ix_refunds_updated_at", "refunds", ["merchant_id", sa.text("coalesce(updated_at, created_at)"), "refund_id"]),
)


def upgrade() -> None:
    with online.after_commit():
        for name, table, columns in _INDEXES:
            online.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in reversed(_INDEXES):
        op.drop_index(name, table)
